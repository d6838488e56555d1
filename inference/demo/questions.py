"""What can be asked about the drawn pictures, and the form of each answer."""

from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import Protocol

from inference.demo.drawing import Drawing
from inference.demo.looks import PLAIN, Look
from inference.demo.mistyping import bare, mistype

REFUSAL = "I am the small demo model; I only know book covers, bar charts and simple scenes."
NO_TEXT = "There is no text in this picture."
NO_TABLE = "There is no table or chart in this picture."
NO_DIFFERENCE = "There is no difference between the two pictures."


class Kind(StrEnum):
    """What a question is after."""

    DESCRIBE = "describe"
    OCR = "ocr"
    TABLE = "table"
    TITLE = "title"
    AUTHOR = "author"
    COUNT = "count"
    EXTREMES = "extremes"
    VALUE = "value"
    COMPARE = "compare"
    ONE_OF_TWO = "one of two"
    MARKDOWN = "markdown"
    OBJECTS = "objects"
    DISTANCE = "distance"
    WAY = "way"
    PRICE = "price"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"
    CELL = "cell"
    BEYOND = "beyond"
    """Nothing that the pictures answer."""
    AT_ONCE = "at once"
    """What is otherwise asked on."""


FIRST_KINDS = tuple(Kind)[: list(Kind).index(Kind.MARKDOWN)]
"""What the first exams ask; those draw on as they did, whatever is added."""
FITTING_KINDS = frozenset(Kind) - {Kind.BEYOND, Kind.AT_ONCE}


@dataclass(frozen=True, slots=True)
class Truth:
    """A question that a picture can be asked, and its one right answer."""

    kind: Kind
    answer: str
    about: str = ""
    """What stands in the wording's blank, such as the label of a bar."""
    weight: int = 1
    """How often it is asked beside the picture's other questions."""
    reading: tuple[str, ...] = ()
    """The parts of the answer that say what there is, where all else in it follows from them."""
    wordings: "Wordings | None" = None
    """In which it is asked, where not in its kind's."""


class Subject(Protocol):
    """Something that can be drawn and asked about."""

    def draw(self, rng: Random, pixels_per_unit: float, look: Look = PLAIN, /) -> Drawing:
        """Draw it in a look; a unit is a pixel of what the model sees."""
        ...

    def truths(self) -> list[Truth]:
        """List what it can be asked."""
        ...


def answers_of(subject: Subject) -> dict[Kind, str]:
    """Return the answers to all that is asked about the picture as a whole."""
    return {truth.kind: truth.answer for truth in subject.truths() if not truth.about}


class Style(StrEnum):
    """In which of its wordings something is asked."""

    PRACTICE = "practice"
    """One to learn from, with slips of the hand."""
    SEEN = "seen"
    HELD_OUT = "held out"
    TYPED_HELD_OUT = "typed, held out"


@dataclass(frozen=True, slots=True)
class Wordings:
    """The ways to ask one thing: those to learn from, and those kept back for the examination."""

    seen: tuple[str, ...]
    held_out: tuple[str, ...]
    typed: tuple[str, ...] = ()
    """More to learn from, in the short and careless ways that people type."""
    typed_held_out: tuple[str, ...] = ()

    def and_more(self, typed: tuple[str, ...]) -> "Wordings":
        """Add more wordings to learn from."""
        return replace(self, typed=(*self.typed, *typed))

    def choose(self, style: Style, rng: Random) -> str:
        """Choose a wording; what is practised is never one that is kept back, slips or not."""
        match style:
            case Style.PRACTICE:
                plain = rng.choice((*self.seen, *self.typed))
                typed = mistype(plain, rng)
                kept_back = {bare(text) for text in (*self.held_out, *self.typed_held_out)}
                return plain if bare(typed) in kept_back else typed
            case Style.SEEN:
                return rng.choice(self.seen)
            case Style.HELD_OUT:
                return rng.choice(self.held_out)
            case Style.TYPED_HELD_OUT:
                return rng.choice(self.typed_held_out)


def listed(things: list[str]) -> str:
    """Join things as a sentence does: a, b and c."""
    return " and ".join([", ".join(things[:-1]), things[-1]] if len(things) > 1 else things)
