"""Exercises: drawn pictures with a question and its one right answer, all from a seed."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from inference.demo.charts import invent_chart
from inference.demo.covers import invent_cover
from inference.demo.drawing import Drawing
from inference.demo.others import invent_other
from inference.demo.pairs import invent_cover_pair, invent_scene_pair
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
class Exercise:
    """What is shown, what is asked, and what is right."""

    family: Family
    kind: Kind
    drawings: tuple[Drawing, ...]
    question: str
    answer: str


def draw_exercise(
    family: Family,
    rng: Random,
    split: Split,
    *,
    kind: Kind | None = None,
    held_out_wording: bool = False,
) -> Exercise:
    """Draw an exercise of a family; of one kind of question, where a kind is given."""
    subjects, truths = _invent(family, rng, split)
    asked = [truth for truth in truths if kind is None or truth.kind is kind]
    (truth,) = rng.choices(asked, [truth.weight for truth in asked])
    wordings = QUESTIONS[truth.kind]
    wording = rng.choice(wordings.held_out if held_out_wording else wordings.seen)
    return Exercise(
        family,
        truth.kind,
        tuple(subject.draw(rng, rng.uniform(*PIXELS_PER_UNIT)) for subject in subjects),
        wording.format(about=truth.about),
        truth.answer,
    )


PIXELS_PER_UNIT = (1.0, 2.5)
"""How much larger than the model sees them pictures are drawn."""


def _invent(family: Family, rng: Random, split: Split) -> tuple[tuple[Subject, ...], list[Truth]]:
    subject: Subject
    match family:
        case Family.DIFFERENCES:
            pair = invent_scene_pair(rng) if rng.random() < 0.5 else invent_cover_pair(rng, split)
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
