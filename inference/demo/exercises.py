"""Exercises: drawn pictures with a question and its one right answer, all from a seed."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from inference.demo.charts import invent_chart
from inference.demo.covers import invent_cover
from inference.demo.drawing import Drawing
from inference.demo.others import invent_other
from inference.demo.pairs import invent_pair
from inference.demo.questions import QUESTIONS, Kind, Subject, Truth
from inference.demo.scenes import invent_scene
from inference.demo.words import Split


class Family(StrEnum):
    """The kinds of pictures that the small model is examined on."""

    COVERS = "covers"
    SCENES = "scenes"
    DIFFERENCES = "differences"
    CHARTS = "charts"
    OTHERS = "anything else"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what is right."""

    kind: Kind
    text: str
    answer: str
    reading: tuple[str, ...] = ()
    """The parts of the answer that are read off the picture, where it ends with a conclusion."""

    def is_right(self, said: str) -> bool:
        """Tell whether what was asked for is right, whatever was misread on the way to it."""
        if not self.reading:
            return said == self.answer
        return said.rpartition(". ")[2] == self.answer.rpartition(". ")[2]


@dataclass(frozen=True, slots=True)
class Exercise:
    """What is shown, and what is asked about it."""

    family: Family
    drawings: tuple[Drawing, ...]
    questions: tuple[Question, ...]


PIXELS_PER_UNIT = (1.0, 1.8)
"""How much larger than the model sees them pictures are drawn."""


def draw_exercise(
    family: Family,
    rng: Random,
    split: Split,
    *,
    questions: int = 1,
    kinds: frozenset[Kind] = frozenset(Kind),
    held_out_wording: bool = False,
) -> Exercise:
    """Draw an exercise of a family, with as many questions as there are to ask, at most."""
    subjects, truths = _invent(family, rng, split)
    truths = [truth for truth in truths if truth.kind in kinds]
    asked: list[Question] = []
    while truths and len(asked) < questions:
        (truth,) = rng.choices(truths, [truth.weight for truth in truths])
        truths.remove(truth)
        asked.append(_word(truth, rng, held_out_wording))
    drawings = (subject.draw(rng, rng.uniform(*PIXELS_PER_UNIT)) for subject in subjects)
    return Exercise(family, tuple(drawings), tuple(asked))


def invent_conclusion(family: Family, rng: Random, split: Split) -> Question:
    """Invent a question whose answer follows from what the answer itself reads first."""
    while True:
        _, truths = _invent(family, rng, split)
        if concluding := [truth for truth in truths if truth.reading]:
            (truth,) = rng.choices(concluding, [truth.weight for truth in concluding])
            return _word(truth, rng, held_out=False)


def _invent(family: Family, rng: Random, split: Split) -> tuple[tuple[Subject, ...], list[Truth]]:
    subject: Subject
    match family:
        case Family.DIFFERENCES:
            pair = invent_pair(rng, split)
            return (pair.first, pair.second), pair.truths()
        case Family.COVERS:
            subject = invent_cover(rng, split)
        case Family.SCENES:
            subject = invent_scene(rng)
        case Family.CHARTS:
            subject = invent_chart(rng, split)
        case Family.OTHERS:
            subject = invent_other(rng, split)
    return (subject,), subject.truths()


def _word(truth: Truth, rng: Random, held_out: bool) -> Question:
    wordings = QUESTIONS[truth.kind]
    wording = rng.choice(wordings.held_out if held_out else wordings.seen)
    text = wording.format(about=truth.about)
    return Question(truth.kind, text, truth.answer, truth.reading)
