"""A small trained model of the same architecture, and the pictures that it knows."""

import io
from dataclasses import dataclass
from pathlib import Path
from random import Random

from inference.demo.charts import invent_chart
from inference.demo.covers import invent_cover
from inference.demo.questions import Kind, Subject
from inference.demo.scenes import invent_scene
from inference.demo.words import Split

__all__ = ["CHECKPOINT", "SamplePicture", "sample_pictures"]

CHECKPOINT = Path(__file__).parent / "checkpoint"


@dataclass(frozen=True, slots=True)
class SamplePicture:
    """A drawn picture to welcome somebody with, a question that suits it, and the right answer."""

    filename: str
    png: bytes
    question: str
    answer: str


def sample_pictures(seed: int) -> tuple[SamplePicture, SamplePicture, SamplePicture]:
    """Draw a book cover, a scene and a chart that no other seed and no training has shown."""
    rng = Random(seed)
    return (
        _sample("book-cover.png", invent_cover(rng, Split.TEST), Kind.DESCRIBE,
                "What is in this picture?", rng),
        _sample("scene.png", invent_scene(rng, 2, 5), Kind.DESCRIBE, "What do you see?", rng),
        _sample("bar-chart.png", invent_chart(rng, Split.TEST), Kind.EXTREMES,
                "Which bar is the highest and which is the lowest?", rng),
    )  # fmt: skip


def _sample(
    filename: str, subject: Subject, kind: Kind, question: str, rng: Random
) -> SamplePicture:
    answer = next(truth.answer for truth in subject.truths() if truth.kind is kind)
    file = io.BytesIO()
    subject.draw(rng, PIXELS_PER_UNIT).image.save(file, "PNG")
    return SamplePicture(filename, file.getvalue(), question, answer)


PIXELS_PER_UNIT = 3.0
