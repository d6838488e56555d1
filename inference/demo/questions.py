"""What can be asked about the drawn pictures, in many wordings, and the form of each answer."""

from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import Protocol

from inference.demo.drawing import Drawing
from inference.demo.looks import PLAIN, Look
from inference.demo.mistyping import bare, mistype
from inference.demo.more_wordings import MORE_QUESTIONS
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
    MARKDOWN = "markdown"
    OBJECTS = "objects"
    DISTANCE = "distance"
    WAY = "way"
    PRICE = "price"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"
    CELL = "cell"


FIRST_KINDS = tuple(Kind)[: list(Kind).index(Kind.MARKDOWN)]
"""What the first exams ask; those draw on as they did, whatever is added."""


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


_QUESTIONS: dict[Kind, Wordings] = {
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
        typed=(
            "describe",
            "what is it",
            "whats in the picture",
            "what's in this image?",
            "Describe the image.",
            "Describe the image in one sentence.",
            "Describe this image in detail.",
            "alt text please",
            "Write a short description for a blind person.",
            "what can you see here",
            "Explain this picture.",
            "what am I looking at?",
            "Caption this.",
            "pic description pls",
        ),
        typed_held_out=(
            "Describe the image in 1-2 sentences.",
            "Describe the image in 1-2 plain sentences.",
            "alt text?",
            "whats this pic",
            "DESCRIBE THIS IMAGE",
            "discribe the pictrue pls",
        ),
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
        typed=(
            "read it",
            "text?",
            "whats written there",
            "Perform OCR.",
            "Transcribe the text.",
            "Extract the text of this image.",
            "what is the text",
            "read the text out pls",
            "copy all the words",
            "OCR in plain text:",
        ),
        typed_held_out=(
            "OCR the text of the image as is. OCR:",
            "ocr",
            "READ THE TEXT",
            "waht does it say",
        ),
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
        typed=(
            "table",
            "as a table pls",
            "make a csv",
            "Convert this chart to CSV.",
            "table of all the bars",
            "Turn the chart into a table.",
            "all the numbers as a table",
            "Write down the data of this chart.",
        ),
        typed_held_out=(
            "Can you convert the table to markdown format?",
            "csv",
            "give me teh values as a table",
            "MAKE A TABLE",
        ),
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
        typed=(
            "title",
            "name of the book?",
            "whats this book called",
            "the title pls",
            "Tell me the title.",
            "what's the book's name",
            "which book",
            "What title is on the cover?",
        ),
        typed_held_out=(
            "whats the title",
            "WHAT TITLE DOES IT HAVE?",
            "titel of the book?",
            "book title",
        ),
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
        typed=(
            "author",
            "who wrote it",
            "writer?",
            "whos the writer",
            "by whom is this book",
            "Tell me the author.",
            "the author's name pls",
            "Which author is on the cover?",
        ),
        typed_held_out=(
            "whos the author",
            "WHO IS THE WRITER OF THIS BOOK?",
            "auther?",
            "who is it by",
        ),
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
        typed=(
            "how many {about} r there",
            "count {about}",
            "count of {about}?",
            "Can you count the {about}?",
            "how many {about} in the pic",
            "{about}: how many?",
            "Are there any {about}, and how many?",
            "how many {about} can you see",
        ),
        typed_held_out=(
            "number of {about}?",
            "HOW MANY {about} ARE SHOWN?",
            "whats the number of {about}",
            "cuont the {about} pls",
        ),
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
        typed=(
            "highest, lowest?",
            "biggest and smallest bar",
            "whats the highest and whats the lowest",
            "Tell me the highest and the lowest value.",
            "min and max pls",
            "Which bar is the longest and which is the shortest?",
            "largest and smallest value?",
            "highest and lowest bar pls",
        ),
        typed_held_out=(
            "max and min?",
            "highest + lowest bar",
            "WHICH ONE IS HIGHEST AND WHICH ONE LOWEST?",
            "whats the heighest and lowest value",
        ),
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
        typed=(
            "how much has {about}",
            "whats the value of {about}",
            "what is {about}",
            "value {about}",
            "Tell me the value of {about}.",
            "and how much is {about}?",
            "which number is at {about}",
            "value of {about} pls",
        ),
        typed_held_out=(
            "{about} value?",
            "how much does {about} have",
            "WHAT NUMBER IS {about}?",
            "valeu of {about}",
        ),
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
        typed=(
            "differences?",
            "compare",
            "spot the difference",
            "whats the difference",
            "What is the difference?",
            "what changed",
            "Are there any differences?",
            "Tell me what is different.",
            "how are they different",
        ),
        typed_held_out=(
            "What is the difference between these two pictures?",
            "whats different here",
            "COMPARE THEM",
            "diffrence?",
        ),
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
        typed=(
            "{about} picture",
            "the {about} one?",
            "what is on the {about}",
            "describe the {about} one",
            "whats in the {about} pic",
            "What can be seen in the {about} image?",
            "only the {about} picture please",
            "Tell me what the {about} one shows.",
        ),
        typed_held_out=(
            "{about} pic?",
            "what about the {about} one",
            "SHOW ME THE {about} PICTURE",
            "descibe the {about} pictrue",
        ),
    ),
    Kind.MARKDOWN: Wordings(
        (
            "Write this as a Markdown table.",
            "As Markdown, please.",
            "Convert this to Markdown.",
            "Make a Markdown table of it.",
            "Write the table or chart in this picture as Markdown.",
            "Give me all of it as a Markdown table.",
        ),
        ("Write it as a table in Markdown.", "Can I have this in Markdown?"),
        typed=(
            "markdown",
            "in markdown pls",
            "markdown table",
            "to markdown",
            "make a markdown table",
            "Turn the picture into a Markdown table.",
            "Write all rows in Markdown format.",
            "md table please",
        ),
        typed_held_out=(
            "as markdown",
            "convert it to a markdown table pls",
            "MARKDOWN TABLE OF THIS",
            "markdwon table?",
        ),
    ),
    Kind.OBJECTS: Wordings(
        (
            "List the objects with counts and places.",
            "Make a list of the shapes with counts and places.",
            "List all shapes, one line for each kind.",
            "Write a list of what there is, with counts and places.",
            "List how many there are of each, and where.",
            "Give me a list of the shapes, line by line.",
        ),
        (
            "List the shapes with their counts and places.",
            "Make a list of all the objects, one line for each kind.",
        ),
        typed=(
            "list of shapes",
            "as a list",
            "list with counts",
            "list the shapes and where they are",
            "bullet list of everything pls",
            "inventory",
            "List everything line by line.",
            "a list of all objects with counts",
        ),
        typed_held_out=(
            "list the shapes",
            "LIST WITH COUNTS AND PLACES",
            "make a list of everything",
            "lsit of the shapes pls",
        ),
    ),
    Kind.DISTANCE: Wordings(
        (
            "How far is it to {about}?",
            "How many kilometres is it to {about}?",
            "How far is {about}?",
            "What is the distance to {about}?",
            "How many km to {about}?",
            "How far away is {about}?",
        ),
        ("How far do I have to go to {about}?", "Which distance is it to {about}?"),
        typed=(
            "how far to {about}",
            "km to {about}?",
            "distance to {about}",
            "whats the distance to {about}",
            "Tell me how far it is to {about}.",
            "how long is the way to {about}",
            "{about}: how far?",
            "how many kilometers till {about}",
        ),
        typed_held_out=(
            "how far is it till {about}",
            "HOW MANY KILOMETRES IS IT FROM HERE TO {about}?",
            "distance {about}?",
            "how fra is {about}",
        ),
    ),
    Kind.WAY: Wordings(
        (
            "Which way is {about}?",
            "Which way to {about}?",
            "In which direction is {about}?",
            "Where do I go for {about}?",
            "Is {about} to the left or to the right?",
            "Which direction does the sign give for {about}?",
        ),
        ("Which way do I go to {about}?", "What is the direction of {about}?"),
        typed=(
            "direction to {about}?",
            "which way for {about}",
            "where is {about}",
            "left or right to {about}",
            "how do i get to {about}",
            "Tell me the way to {about}.",
            "the way to {about} pls",
            "{about}: left, right or straight ahead?",
        ),
        typed_held_out=(
            "which direction is {about}",
            "WHERE DO I GO TO {about}?",
            "way to {about}?",
            "wich way is {about}",
        ),
    ),
    Kind.PRICE: Wordings(
        (
            "What does {about} cost?",
            "How much is {about}?",
            "What is the price of {about}?",
            "How much does {about} cost?",
            "Read the price of {about}.",
            "What do I pay for {about}?",
        ),
        ("Which price does {about} have?", "How much do I pay for {about}?"),
        typed=(
            "price of {about}",
            "how much for {about}",
            "{about} costs what",
            "whats the price of {about}",
            "Tell me the price of {about}.",
            "{about}: how much?",
            "cost of {about}?",
            "price {about} pls",
        ),
        typed_held_out=(
            "how much is one {about}",
            "WHAT IS THE COST OF {about}?",
            "{about} price?",
            "waht does {about} cost",
        ),
    ),
    Kind.CHEAPEST: Wordings(
        (
            "What is the cheapest?",
            "Which item is the cheapest?",
            "What costs the least?",
            "Which item has the lowest price?",
            "Name the cheapest item.",
            "cheapest?",
        ),
        ("Which one is the cheapest?", "What is the lowest price on the list?"),
        typed=(
            "whats the cheapest",
            "the cheapest one",
            "lowest price?",
            "Tell me what is cheapest.",
            "what costs least",
            "cheapest item pls",
            "which is cheapest",
            "least expensive?",
        ),
        typed_held_out=(
            "cheapest thing",
            "WHAT COSTS LEAST OF ALL?",
            "lowest price pls",
            "whats the chepest one",
        ),
    ),
    Kind.DEAREST: Wordings(
        (
            "What is the most expensive?",
            "Which item is the most expensive?",
            "What costs the most?",
            "Which item has the highest price?",
            "Name the dearest item.",
            "most expensive?",
        ),
        ("Which one is the most expensive?", "What is the highest price on the list?"),
        typed=(
            "whats the most expensive",
            "the dearest one",
            "highest price?",
            "Tell me what is dearest.",
            "what costs most",
            "most expensive item pls",
            "which is dearest",
            "priciest?",
        ),
        typed_held_out=(
            "most expensive thing",
            "WHAT COSTS MOST OF ALL?",
            "highest price pls",
            "whats the most expensve one",
        ),
    ),
    Kind.CELL: Wordings(
        (
            "What is the {about}?",
            "Read the {about}.",
            "Which value is the {about}?",
            "What does the table say for the {about}?",
            "Tell me the {about}.",
            "{about}?",
        ),
        ("What is given as the {about}?", "Look up the {about}."),
        typed=(
            "the {about}",
            "whats the {about}",
            "what is the {about} in the table",
            "the {about} pls",
            "find the {about}",
            "and the {about}?",
            "Which is the {about}?",
            "read off the {about}",
        ),
        typed_held_out=(
            "{about} pls",
            "TABLE: THE {about}?",
            "give me the {about}",
            "waht is the {about}?",
        ),
    ),
}
QUESTIONS = {kind: ways.and_more(MORE_QUESTIONS[kind]) for kind, ways in _QUESTIONS.items()}


def listed(things: list[str]) -> str:
    """Join things as a sentence does: a, b and c."""
    return " and ".join([", ".join(things[:-1]), things[-1]] if len(things) > 1 else things)
