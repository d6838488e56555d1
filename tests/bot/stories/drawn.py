"""Pictures that the small model knows, drawn from seeds, and what is right to say about them."""

import io
from dataclasses import dataclass
from random import Random

from inference.demo.charts import invent_chart
from inference.demo.covers import Cover
from inference.demo.others import Other
from inference.demo.pairs import CoverPair
from inference.demo.questions import Kind, Subject, Truth
from inference.demo.scenes import invent_scene
from inference.demo.words import Split, invent_word

PIXELS_PER_UNIT = 1.5


@dataclass(frozen=True)
class Drawn:
    """What is uploaded, and the right answer to each kind of question."""

    files: tuple[bytes, ...]
    answers: dict[Kind, str]


def scenes(count: int) -> list[Drawn]:
    """Draw scenes of one or two shapes."""
    rngs = [Random(f"scene {number}") for number in range(count)]
    return [_draw_one(invent_scene(rng, 1, 2), rng) for rng in rngs]


def covers(count: int) -> list[Drawn]:
    """Draw covers of short words."""
    rngs = [Random(f"cover {number}") for number in range(count)]
    return [_draw_one(_cover(rng), rng) for rng in rngs]


def charts(count: int) -> list[Drawn]:
    """Draw charts of a few bars."""
    rngs = [Random(f"chart {number}") for number in range(count)]
    return [_draw_one(invent_chart(rng, Split.TEST), rng) for rng in rngs]


def pairs_of_covers(count: int) -> list[Drawn]:
    """Draw two covers that have nothing in common, and two more, and so on."""
    pairs = []
    for number in range(count):
        rng = Random(f"pair {number}")
        pair = CoverPair(_cover(rng), _cover(rng))
        pairs.append(_drawn((pair.first, pair.second), pair.truths(), rng))
    return pairs


def landscapes(count: int) -> list[Drawn]:
    """Draw pictures of a kind that the small model does not know."""
    rngs = [Random(f"landscape {number}") for number in range(count)]
    return [_draw_one(Other("landscape", Split.TEST), rng) for rng in rngs]


def _cover(rng: Random) -> Cover:
    title, first, last = (invent_word(rng, Split.TEST, 3, 5) for _ in range(3))
    return Cover((title.upper(),), (first.capitalize(), last.capitalize()))


def _draw_one(subject: Subject, rng: Random) -> Drawn:
    return _drawn((subject,), subject.truths(), rng)


def _drawn(subjects: tuple[Subject, ...], truths: list[Truth], rng: Random) -> Drawn:
    first_of_each_kind = {truth.kind: truth.answer for truth in reversed(truths)}
    return Drawn(tuple(_png(subject, rng) for subject in subjects), first_of_each_kind)


def _png(subject: Subject, rng: Random) -> bytes:
    file = io.BytesIO()
    subject.draw(rng, PIXELS_PER_UNIT).image.save(file, "PNG")
    return file.getvalue()
