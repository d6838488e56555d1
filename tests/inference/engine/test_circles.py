"""What repeats by nature is copied whole; what never ends is stopped."""

import re
from itertools import count
from random import Random

import pytest
from PIL import Image
from tokenizers import Tokenizer

from inference import TASKS, Picture
from inference.engine.transcript import LoopGuard
from tests.reference import REFERENCE, needs_reference

PICTURE = Picture(Image.new("RGB", (8, 8)))
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BY_NATURE = {
    "opening hours": "\n".join(
        f"{day}: 10:00 - 12:00 and 13:30 - 17:45, last entry 17:00" for day in WEEK
    ),
    "a log": "\n".join(
        f"2025-11-02 08:41:{second:02} WARN lamp 3 does not answer, trying again in 2 s"
        for second in range(9)
    ),
    "a row of zeros": "Month,1,2,3,4,5,6,7,8,9,10,11,12\nKites"
    + ",0.00" * 12
    + "\nBells"
    + ",0.00" * 12,
    "raffle tickets": "\n".join(f"HARBOUR FAIR - ADMIT ONE - No. {n:04}" for n in range(120, 140)),
    "a confusion matrix": "\n".join(
        " ".join("51" if row == column else "0" for column in range(16)) for row in range(16)
    ),
    "a table of contents": "\n".join(
        f"{title} {'. ' * 40}{page}" for title, page in (("Sails", 3), ("Ropes", 17), ("Knots", 40))
    ),
    "a rule under a title": "LOG BOOK\n" + "-" * 70 + "\nMonday",
}
EQUAL_BY_NATURE = {
    "equal rows of a table": "Lamp,State,Since\n" + "L,off,08:00\n" * 12,
    "equal tickets": "ADMIT ONE - HARBOUR FAIR - NOT FOR RESALE\n" * 20,
    "a chorus": "Row along\n" + ("Sing it low and sing it high, oh the lamp is lit tonight\n" * 8),
}
ENDLESS = {
    "a keyword": "harbour, ",
    "two keywords": "lighthouse, lamp, ",
    "a sentence": "The lamp on the tower is lit, and the boats come home. ",
    "a list item": "- A wooden boat with a white sail on the left side of the picture\n",
    "line breaks": "\n",
    "a digit": "0",
    "four lines": "Row one is red.\nRow two is blue.\nRow three is green.\nRow four is grey.\n",
}


def stopped_after(text: str, rounds: int) -> int | None:
    """Return the tokens after which a guard stops; words are one each, and every other sign."""
    guard, names, next_name = LoopGuard(rounds), dict[str, int](), count()
    for place, token in enumerate(re.findall(r" ?[A-Za-z]+|[^A-Za-z]", text), start=1):
        if guard.add(names.setdefault(token, next(next_name))):
            return place
    return None


def rounds_of(task: str) -> int:
    rounds = TASKS[task].request((PICTURE,), "?").loop_rounds
    assert rounds is not None
    return rounds


@pytest.mark.parametrize("name", BY_NATURE)
@pytest.mark.parametrize("task", TASKS)
def test_what_repeats_by_nature_is_no_circle(task: str, name: str) -> None:
    assert stopped_after(BY_NATURE[name], rounds_of(task)) is None


@pytest.mark.parametrize("name", EQUAL_BY_NATURE)
@pytest.mark.parametrize("task", ["ocr", "table"])
def test_equal_lines_are_copied_as_often_as_they_stand_there(task: str, name: str) -> None:
    assert stopped_after(EQUAL_BY_NATURE[name], rounds_of(task)) is None


@pytest.mark.parametrize("name", ENDLESS)
@pytest.mark.parametrize("task", TASKS)
def test_what_never_ends_is_stopped_before_the_longest_answer(task: str, name: str) -> None:
    before = "A lamp, a boat and two people stand there. "
    stopped = stopped_after(before + ENDLESS[name] * 700, rounds_of(task))
    assert stopped is not None
    assert stopped <= (220 if task not in ("ocr", "table") else 1000)


def test_words_in_any_order_are_no_circle() -> None:
    random = Random(3)
    words = ["lamp", "boat", "sail", "rope"]
    for _ in range(200):
        text = " ".join(random.choice(words) for _ in range(300))
        assert stopped_after(text, rounds=3) is None


@needs_reference
@pytest.mark.parametrize("name", BY_NATURE)
def test_nor_in_the_tokens_of_the_real_vocabulary(name: str) -> None:
    tokenizer = Tokenizer.from_file(str(REFERENCE / "hub/phi35/tokenizer.json"))
    guard = LoopGuard()
    assert not any(guard.add(token) for token in tokenizer.encode(BY_NATURE[name]).ids)
