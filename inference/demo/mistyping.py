"""How people type: hastily, in small letters or capitals, with slips of the hand."""

import re
from random import Random

SYNONYMS = {"picture": ("image", "pic", "photo"), "pictures": ("images", "pics", "photos")}
BEFORE = ("please ", "pls ", "can you ", "hey, ", "ok ")
BEHIND = (" please", " pls", "??", "!", " ?", "...")
_BLANK = re.compile(r"(\{about\})")


def mistype(wording: str, rng: Random) -> str:
    """Write a wording as somebody in a hurry would, half of the time; its blank stays."""
    if rng.random() < 0.5:
        return wording
    for habit in rng.sample(HABITS, rng.choice((1, 1, 2, 3))):
        parts = _BLANK.split(wording)
        wording = "".join(
            part if place % 2 else habit(part, rng) for place, part in enumerate(parts)
        )
    match rng.randrange(6):
        case 0:
            return rng.choice(BEFORE) + wording
        case 1:
            return wording.rstrip(".?") + rng.choice(BEHIND)
        case _:
            return wording


def bare(wording: str) -> str:
    """Reduce a wording to its letters, whatever their case."""
    return " ".join(re.findall(r"[\w{}]+", wording.casefold()))


def _small(text: str, _: Random) -> str:
    return text.lower()


def _capitals(text: str, _: Random) -> str:
    return text.upper()


def _without_marks(text: str, _: Random) -> str:
    return re.sub(r"[.?,']", "", text)


def _other_words(text: str, rng: Random) -> str:
    return re.sub(
        r"\bpictures?\b", lambda found: rng.choice(SYNONYMS[found[0]]), text, flags=re.ASCII
    )


def _slip(text: str, rng: Random) -> str:
    """Swap, leave out or double one letter within a word."""
    places = [found.start() for found in re.finditer(r"(?<=\w)\w(?=\w)", text)]
    if not places:
        return text
    at = rng.choice(places)
    slips = (text[at + 1] + text[at], text[at + 1], text[at] * 2 + text[at + 1])
    return text[:at] + rng.choice(slips) + text[at + 2 :]


HABITS = (_small, _small, _capitals, _without_marks, _other_words, _slip, _slip)
