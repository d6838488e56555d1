"""Exercises: drawn pictures with a question and its one right answer, all from a seed."""

from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from inference.demo.at_once import truth_at_once
from inference.demo.beyond import beyond_truth
from inference.demo.charts import invent_chart
from inference.demo.covers import invent_cover
from inference.demo.drawing import Drawing
from inference.demo.follow_up_wordings import FITTING_ASKS, FOLLOW_UPS, Next
from inference.demo.follow_ups import follow_ups_of
from inference.demo.later_kinds import later_truths
from inference.demo.looks import PLAIN, invent_look
from inference.demo.near_misses import invent_near_miss
from inference.demo.others import invent_other, invent_stranger
from inference.demo.pairs import Pair, invent_pair
from inference.demo.prices import invent_prices
from inference.demo.question_wordings import QUESTIONS
from inference.demo.questions import FITTING_KINDS, Kind, Style, Subject, Truth
from inference.demo.scenes import invent_scene, invent_scene_to_practise
from inference.demo.signs import invent_sign
from inference.demo.tables import invent_table
from inference.demo.turns import Turn
from inference.demo.words import Split
from inference.demo.worn import wear


class Family(StrEnum):
    """The kinds of pictures that the small model is examined on."""

    COVERS = "covers"
    SCENES = "scenes"
    DIFFERENCES = "differences"
    CHARTS = "charts"
    OTHERS = "anything else"
    STRANGERS = "strangers"
    NEAR_MISSES = "near misses"
    SIGNS = "signposts"
    PRICES = "price lists"
    TABLES = "tables"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what is right."""

    kind: Kind | Next
    text: str
    answer: str
    reading: tuple[str, ...] = ()
    """The parts of the answer that are read off the picture, where it ends with a conclusion."""
    follow_ups: tuple["Question", ...] = ()
    """What is asked after it, in turn, about the same pictures."""

    def is_right(self, said: str) -> bool:
        """Tell whether what was asked for is right, whatever was misread on the way to it."""
        if not self.reading:
            return said == self.answer
        return said.rpartition(". ")[2] == self.answer.rpartition(". ")[2]


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked about the pictures of an exercise, and how."""

    questions: int = 1
    """At most, as far as there is so much to ask."""
    follow_ups: int = 0
    """To each question."""
    kinds: frozenset[Kind] = FITTING_KINDS
    asks: frozenset[Next] = FITTING_ASKS
    style: Style = Style.SEEN
    follow_up_style: Style | None = None
    """None is the questions' own."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """What is shown, and what is asked about it."""

    family: Family
    drawings: tuple[Drawing, ...]
    questions: tuple[Question, ...]


PIXELS_PER_UNIT = (1.0, 1.8)
"""How much larger than the model sees them pictures are drawn."""
WORN_PIXELS_PER_UNIT = (1.4, 2.2)
"""So that letters can still be read at half the size."""


def draw_exercise(
    family: Family,
    rng: Random,
    split: Split,
    asking: Asking = Asking(),
    *,
    varied: bool = False,
    worn: bool = False,
    number: int | None = None,
) -> Exercise:
    """Draw an exercise of a family.

    Where it is varied, each picture has a look of its own, and more is asked than the first exams
    ask. Of a family of many kinds, the numbers go through all of them.
    """
    subject = _invent(family, rng, split, varied=varied, number=number)
    truths = _truths(subject, varied)
    if Kind.BEYOND in asking.kinds:
        truths.append(beyond_truth(subject, truths, rng, split))
    if Kind.AT_ONCE in asking.kinds and (at_once := truth_at_once(subject, truths, rng)):
        truths.append(at_once)
    truths = [truth for truth in truths if truth.kind in asking.kinds]
    asked: list[Question] = []
    while truths and len(asked) < asking.questions:
        (truth,) = rng.choices(truths, [truth.weight for truth in truths])
        truths.remove(truth)
        question = _word(truth, rng, asking.style)
        turns = follow_ups_of(
            subject, truth, asking.follow_ups, rng, asks=asking.asks, varied=varied
        )
        asked.append(_go_on(question, turns, rng, asking.follow_up_style or asking.style))
    shown = (subject.first, subject.second) if isinstance(subject, Pair) else (subject,)
    sizes = WORN_PIXELS_PER_UNIT if worn else PIXELS_PER_UNIT
    drawings = (
        each.draw(rng, rng.uniform(*sizes), invent_look(rng) if varied else PLAIN) for each in shown
    )
    if worn:
        drawings = (wear(drawing, rng) for drawing in drawings)
    return Exercise(family, tuple(drawings), tuple(asked))


def invent_conclusion(
    family: Family, rng: Random, split: Split, *, varied: bool = False
) -> Question:
    """Invent a question whose answer follows from what the answer itself reads first."""
    while True:
        truths = _truths(_invent(family, rng, split, varied=varied), varied)
        if concluding := [truth for truth in truths if truth.reading]:
            (truth,) = rng.choices(concluding, [truth.weight for truth in concluding])
            return _word(truth, rng, Style.PRACTICE)


def invent_conversation(
    family: Family, rng: Random, split: Split, follow_ups: int, *, varied: bool = False
) -> Question:
    """Invent a question whose follow-ups can be answered from what its own answer says."""
    while True:
        subject = _invent(family, rng, split, varied=varied)
        truths = _truths(subject, varied)
        (truth,) = rng.choices(truths, [truth.weight for truth in truths])
        question = _word(truth, rng, Style.PRACTICE)
        turns = follow_ups_of(
            subject, truth, follow_ups, rng, asks=frozenset(Next), is_blind=True, varied=varied
        )
        conversation = _go_on(question, turns, rng, Style.PRACTICE)
        if len(conversation.follow_ups) == follow_ups:
            return conversation


def _invent(
    family: Family, rng: Random, split: Split, *, varied: bool, number: int | None = None
) -> Subject | Pair:
    match family:
        case Family.DIFFERENCES:
            return invent_pair(rng, split, varied=varied)
        case Family.COVERS:
            return invent_cover(rng, split, varied=varied)
        case Family.SCENES:
            return invent_scene(rng) if split is Split.TEST else invent_scene_to_practise(rng)
        case Family.CHARTS:
            return invent_chart(rng, split)
        case Family.OTHERS:
            return invent_other(rng, split)
        case Family.STRANGERS:
            return invent_stranger(rng, split, number)
        case Family.NEAR_MISSES:
            return invent_near_miss(rng, split, number)
        case Family.SIGNS:
            return invent_sign(rng, split)
        case Family.PRICES:
            return invent_prices(rng, split)
        case Family.TABLES:
            return invent_table(rng, split)


def _truths(subject: Subject | Pair, varied: bool) -> list[Truth]:
    return [*subject.truths(), *(later_truths(subject) if varied else ())]


def _word(truth: Truth, rng: Random, style: Style) -> Question:
    ways = truth.wordings or QUESTIONS[truth.kind]
    text = ways.choose(style, rng).format(about=truth.about)
    return Question(truth.kind, text, truth.answer, truth.reading)


def _go_on(question: Question, turns: list[Turn], rng: Random, style: Style) -> Question:
    """Ask on after a question."""
    worded = (
        Question(
            turn.ask,
            (turn.wordings or FOLLOW_UPS[turn.ask]).choose(style, rng).format(about=turn.about),
            turn.answer,
            turn.reading,
        )
        for turn in turns
    )
    return replace(question, follow_ups=tuple(worded))
