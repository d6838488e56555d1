"""Two pictures and what differs between them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from random import Random

from inference.demo.charts import Chart, invent_chart
from inference.demo.covers import Cover, invent_any_title, invent_author, invent_cover, invent_title
from inference.demo.others import invent_other
from inference.demo.prices import PriceList, invent_prices
from inference.demo.questions import NO_DIFFERENCE, REFUSAL, Kind, Subject, Truth, answers_of
from inference.demo.scenes import COLOURS, PLACES, SHAPES, Scene, Thing, invent_scene, invent_thing
from inference.demo.signs import Sign, invent_sign
from inference.demo.tables import Table, invent_table
from inference.demo.words import Split


@dataclass(frozen=True, slots=True)
class CoverPair:
    """Two covers."""

    first: Cover
    second: Cover

    def truths(self) -> list[Truth]:
        """Say both titles and both authors, and then which of them differ."""
        match self.first.title != self.second.title, self.first.author != self.second.author:
            case True, True:
                difference = "The title and the author are different."
            case True, False:
                difference = "Only the title is different."
            case False, True:
                difference = "Only the author is different."
            case _:
                difference = NO_DIFFERENCE
        title = (
            f'The title is "{self.first.title_text}" in the first picture '
            f'and "{self.second.title_text}" in the second picture'
        )
        author = (
            f"The author is {self.first.author_text} in the first picture "
            f"and {self.second.author_text} in the second picture"
        )
        reading = (title, author)
        differs = (self.first.title != self.second.title, self.first.author != self.second.author)
        sentences = [f"{sight}." for sight in _numbered(reading, differs)]
        return _truths(" ".join([*sentences, difference]), self.first, self.second, reading)


@dataclass(frozen=True, slots=True)
class ScenePair:
    """Two scenes that differ in one thing at most."""

    first: Scene
    second: Scene

    def truths(self) -> list[Truth]:
        """Go through the places where something is, and then say what differs."""
        sights = [
            (before, after, place)
            for before, after, place in zip(
                self.first.things, self.second.things, PLACES, strict=True
            )
            if before or after
        ]
        differs = [before != after for before, after, _ in sights]
        changed = [sight for sight, is_changed in zip(sights, differs, strict=True) if is_changed]
        reading = [f"{place} {_a(before)} and {_a(after)}" for before, after, place in sights]
        both = "The first picture and the second picture:"
        answer = f"{both} {', '.join(_numbered(reading, differs))}. {_difference(changed)}"
        return _truths(answer, self.first, self.second, (both, *reading))


@dataclass(frozen=True, slots=True)
class MixedPair:
    """Two pictures of any families."""

    first: Subject
    second: Subject

    def truths(self) -> list[Truth]:
        """Name both; of what is unknown, say so."""
        nouns = [NOUNS.get(type(subject)) for subject in (self.first, self.second)]
        if None in nouns:
            return _truths(REFUSAL, self.first, self.second)
        answer = f"The first picture is {nouns[0]} and the second picture is {nouns[1]}."
        return _truths(answer, self.first, self.second)


Pair = CoverPair | ScenePair | MixedPair

NOUNS: dict[type, str] = {
    Cover: "a book cover",
    Scene: "a scene",
    Chart: "a bar chart",
    Sign: "a signpost",
    PriceList: "a price list",
    Table: "a table",
}


def invent_pair(rng: Random, split: Split, *, varied: bool = False) -> Pair:
    """Invent two pictures: mostly of one family; where it is varied, of the later ones, too."""
    match rng.choices(("scenes", "covers", "mixed"), (10, 7, 3))[0]:
        case "scenes":
            return invent_scene_pair(rng)
        case "covers":
            return invent_cover_pair(rng, split, varied=varied)
        case _:
            return invent_mixed_pair(rng, split, varied=varied)


def invent_mixed_pair(rng: Random, split: Split, *, varied: bool = False) -> MixedPair:
    """Invent two pictures that have little in common."""
    subjects: list[Subject] = [
        invent_cover(rng, split),
        invent_scene(rng),
        invent_chart(rng, split),
        invent_chart(rng, split),
        invent_other(rng, split),
    ]
    if varied:
        subjects += [invent(rng, split) for invent in (invent_sign, invent_prices, invent_table)]
    return MixedPair(*rng.sample(subjects, 2))


def invent_cover_pair(rng: Random, split: Split, *, varied: bool = False) -> CoverPair:
    """Invent two covers that share title or author, or both, or neither."""
    first = invent_cover(rng, split, varied=varied)
    second = replace(first, author_first=rng.random() < 0.25)
    change = rng.choice(("both", "both", "title", "author", "nothing"))
    if change in ("both", "title"):
        another = invent_any_title if varied else invent_title
        second = replace(second, title=another(rng, split))
    if change in ("both", "author"):
        second = replace(second, author=invent_author(rng, split))
    return CoverPair(first, second)


def invent_scene_pair(rng: Random) -> ScenePair:
    """Invent a scene and change one thing in it: its looks, its place, its being there."""
    first = invent_scene(rng, fewest=2, most=5)
    things = list(first.things)
    full = [place for place, thing in enumerate(things) if thing]
    empty = [place for place, thing in enumerate(things) if not thing]
    place, thing = (chosen := rng.choice(full)), things[chosen]
    assert thing
    match rng.choice(("colour", "shape", "move", "add", "remove", "nothing")):
        case "colour":
            things[place] = replace(thing, colour=_another(thing.colour, list(COLOURS), rng))
        case "shape":
            things[place] = replace(thing, shape=_another(thing.shape, list(SHAPES), rng))
        case "move":
            things[place], things[rng.choice(empty)] = None, thing
        case "add":
            things[rng.choice(empty)] = invent_thing(rng)
        case "remove":
            things[place] = None
    return ScenePair(first, Scene(tuple(things)))


def _truths(
    answer: str, first: Subject, second: Subject, reading: tuple[str, ...] = ()
) -> list[Truth]:
    """List what a pair can be asked: what differs, and what each of the two is."""
    each = {
        name: answers_of(subject)[Kind.DESCRIBE]
        for name, subject in (("first", first), ("second", second))
    }
    return [
        Truth(Kind.COMPARE, answer, weight=4, reading=reading),
        *(Truth(Kind.ONE_OF_TWO, description, name) for name, description in each.items()),
    ]


def _numbered(sights: Sequence[str], differs: Sequence[bool]) -> list[str]:
    """Number those sights that differ."""
    numbers = accumulate(int(is_different) for is_different in differs)
    return [
        f"{sight} ({number})" if is_different else sight
        for sight, is_different, number in zip(sights, differs, numbers, strict=True)
    ]


def _difference(changed: list[tuple[Thing | None, Thing | None, str]]) -> str:
    match changed:
        case []:
            return NO_DIFFERENCE
        case [(None, Thing() as added, place)]:
            return f"Only the second picture has a {added} {place}."
        case [(Thing() as removed, None, place)]:
            return f"Only the first picture has a {removed} {place}."
        case [(Thing() as before, Thing() as after, place)]:
            return f"The {before} {place} in the first picture is a {after} in the second picture."
        case [(Thing() as moved, None, old), (None, Thing(), new)] | [
            (None, Thing() as moved, new),
            (Thing(), None, old),
        ]:
            return f"The {moved} is {old} in the first picture and {new} in the second picture."
    raise ValueError("Scenes of a pair differ in one thing at most.")


def _a(thing: Thing | None) -> str:
    return f"a {thing}" if thing else "no shape"


def _another(old: str, choices: list[str], rng: Random) -> str:
    return rng.choice([choice for choice in choices if choice != old])
