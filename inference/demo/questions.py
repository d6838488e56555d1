"""What can be asked about the drawn pictures, in many wordings, and the form of each answer."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Protocol

from inference.demo.drawing import Drawing
from inference.interface import ModelKind
from inference.tasks.wordings import wording

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


class Subject(Protocol):
    """Something that can be drawn and asked about."""

    def draw(self, rng: Random, pixels_per_unit: float) -> Drawing:
        """Draw it; a unit is a pixel of what the model sees."""
        ...

    def truths(self) -> list[Truth]:
        """List what it can be asked."""
        ...


@dataclass(frozen=True, slots=True)
class Wordings:
    """The ways to ask one thing: those to learn from, and those kept back for the examination."""

    seen: tuple[str, ...]
    held_out: tuple[str, ...]


QUESTIONS: dict[Kind, Wordings] = {
    Kind.DESCRIBE: Wordings(
        (
            wording("describe", ModelKind.DEMO),
            wording("describe short", ModelKind.DEMO),
            wording("describe long", ModelKind.DEMO),
            wording("alt", ModelKind.DEMO),
            wording("objects", ModelKind.DEMO),
            "Describe this picture.",
            "What is this?",
            "What is in this picture?",
            "What do you see?",
            "What is shown here?",
            "Tell me about this picture.",
            "Describe it",
            "what is this",
            "What does this picture show?",
            "What objects are there and where are they?",
        ),
        ("What is shown in this picture?", "Tell me what you see."),
    ),
    Kind.OCR: Wordings(
        (
            wording("ocr", ModelKind.DEMO),
            "Read all text.",
            "What does it say?",
            "What is written in this picture?",
            "Write all the text in this picture.",
            "Read the text in this picture",
        ),
        ("What text is in this picture?", "Read it all."),
    ),
    Kind.TABLE: Wordings(
        (
            wording("table", ModelKind.DEMO),
            "Write the chart as CSV.",
            "Write this as a table.",
            "Give me the numbers as CSV.",
            "Write all values as CSV with a header row.",
            "CSV, please",
        ),
        ("Write this chart as CSV.", "Give me all the values as CSV."),
    ),
    Kind.TITLE: Wordings(
        (
            "What is the title of the book?",
            "What is the title?",
            "Which book is this?",
            "What is this book called?",
            "Read the title.",
            "title?",
        ),
        ("What is the title of this book?", "Which title does the book have?"),
    ),
    Kind.AUTHOR: Wordings(
        (
            "Who is the author of the book?",
            "Who is the author?",
            "Who wrote this book?",
            "Who wrote this?",
            "Read the name of the author.",
            "author?",
        ),
        ("Who is the author of this book?", "What is the name of the author?"),
    ),
    Kind.COUNT: Wordings(
        (
            "How many {about} are there?",
            "How many {about} are in this picture?",
            "How many {about} do you see?",
            "Count the {about}.",
            "How many {about}?",
            "What is the number of {about}?",
        ),
        ("How many {about} are shown here?", "Tell me how many {about} there are."),
    ),
    Kind.EXTREMES: Wordings(
        (
            "Which bar is the highest and which is the lowest?",
            "What are the highest and the lowest value?",
            "Name the highest and the lowest bar.",
            "Which bars have the highest and the lowest value?",
            "highest and lowest?",
        ),
        ("Which is the highest and which is the lowest bar?", "Read the highest and lowest value."),
    ),
    Kind.VALUE: Wordings(
        (
            "What is the value of {about}?",
            "How much is {about}?",
            "What number does {about} have?",
            "Read the value of {about}.",
            "Which value does the bar {about} have?",
            "{about}?",
        ),
        ("What value does {about} have?", "What is the number of {about}?"),
    ),
    Kind.COMPARE: Wordings(
        (
            wording("compare", ModelKind.DEMO),
            "What are the differences?",
            "What is different?",
            "Compare these pictures.",
            "What has changed?",
            "How do these pictures differ?",
            "Compare the two pictures.",
        ),
        ("What is the difference between the pictures?", "Compare the first and second picture."),
    ),
    Kind.ONE_OF_TWO: Wordings(
        (
            "What is in the {about} picture?",
            "Describe the {about} picture.",
            "What do you see in the {about} picture?",
            "What does the {about} picture show?",
            "What is the {about} picture?",
        ),
        ("Tell me about the {about} picture.", "What is shown in the {about} picture?"),
    ),
}


def listed(things: list[str]) -> str:
    """Join things as a sentence does: a, b and c."""
    return " and ".join([", ".join(things[:-1]), things[-1]] if len(things) > 1 else things)
