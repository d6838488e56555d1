"""A small trained model of the same architecture, and the pictures that it knows."""

import io
from dataclasses import dataclass
from random import Random

from inference.demo.covers import invent_cover
from inference.demo.others import Other
from inference.demo.questions import Kind, Subject, answers_of
from inference.demo.scenes import invent_scene
from inference.demo.words import Split
from inference.settings import DEMO_CHECKPOINT

__all__ = ["CHECKPOINT", "SamplePicture", "sample_pictures"]

CHECKPOINT = DEMO_CHECKPOINT


@dataclass(frozen=True, slots=True)
class SamplePicture:
    """A drawn picture to welcome somebody with, a question that suits it, and the right answer."""

    filename: str
    png: bytes
    question: str
    answer: str


def sample_pictures(seed: int) -> tuple[SamplePicture, SamplePicture, SamplePicture]:
    """Draw a book cover, a scene, and a landscape, which the model is to say it does not know.

    Their words were never trained on.
    """
    rng = Random(seed)
    return (
        _sample("book-cover.png", invent_cover(rng, Split.TEST), "What is in this picture?", rng),
        _sample("scene.png", invent_scene(rng, 2, 5), "What do you see?", rng),
        _sample("landscape.png", Other("landscape", Split.TEST), "Describe this picture.", rng),
    )


def _sample(filename: str, subject: Subject, question: str, rng: Random) -> SamplePicture:
    file = io.BytesIO()
    subject.draw(rng, PIXELS_PER_UNIT).image.save(file, "PNG")
    return SamplePicture(filename, file.getvalue(), question, answers_of(subject)[Kind.DESCRIBE])


PIXELS_PER_UNIT = 1.5
