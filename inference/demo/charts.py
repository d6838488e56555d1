"""Bar charts: a title and four to eight labelled bars with their values printed."""

from dataclasses import dataclass
from random import Random

from inference.demo.colours import any_colour
from inference.demo.drawing import Canvas, Drawing
from inference.demo.grids import comma_separated
from inference.demo.looks import CROP, PLAIN, Look
from inference.demo.questions import Kind, Truth
from inference.demo.words import Split, invent_word, invent_words

HEIGHT = 2 * CROP


@dataclass(frozen=True, slots=True)
class Chart:
    """A title and the bars, from top to bottom."""

    title: str
    bars: tuple[tuple[str, int], ...]

    @property
    def grid(self) -> list[tuple[str, str]]:
        """Give the bars as rows, with a header."""
        return [("label", "value"), *((label, str(value)) for label, value in self.bars)]

    def truths(self) -> list[Truth]:
        """List what the chart can be asked."""
        highest, lowest = max(self.bars, key=_value), min(self.bars, key=_value)
        bars = ", ".join(f"{label} {value}" for label, value in self.bars)
        all_of_it = f'A bar chart with the title "{self.title}": {bars}.'
        return [
            Truth(Kind.DESCRIBE, all_of_it, weight=8),
            Truth(Kind.TABLE, comma_separated(self.grid), weight=8),
            Truth(Kind.OCR, "\n".join([self.title, *(f"{a} {b}" for a, b in self.bars)]), weight=8),
            Truth(
                Kind.EXTREMES,
                f"{all_of_it} The highest value is {highest[1]} ({highest[0]}) "
                f"and the lowest is {lowest[1]} ({lowest[0]}).",
                weight=12,
                reading=(all_of_it,),
            ),
            *(
                Truth(
                    Kind.VALUE,
                    f"{all_of_it} The value of {label} is {value}.",
                    label,
                    weight=2,
                    reading=(all_of_it,),
                )
                for label, value in self.bars
            ),
        ]

    def draw(self, rng: Random, pixels_per_unit: float, look: Look = PLAIN, /) -> Drawing:
        """Draw the bars lying, each with its label before it and its value behind it."""
        paper, ink = look.quiet_ground(rng), look.ink
        canvas = Canvas(HEIGHT / rng.uniform(2.01, 2.08), HEIGHT, pixels_per_unit, paper, look)
        x, y, size = rng.uniform(5, 20), rng.uniform(13, 16), rng.uniform(17, 20)
        if look.face:  # in Pillow's own it fits
            size = canvas.fitting(self.title, size, canvas.width - x - 4)
        canvas.text(self.title, x, y, size, ink, bold=rng.random() < 0.5)
        size, colour = rng.uniform(16, 18), any_colour(rng)
        pitch = rng.uniform(20.5, 22) - look.sway / 2
        thickness = rng.uniform(8, 14)
        start = 8 + max(canvas.text_width(label, size) for label, _ in self.bars)
        room = canvas.width - start - canvas.text_width("00", size) - 7
        self.rule(canvas, start, room, rng)
        for number, (label, value) in enumerate(self.bars):
            y = look.off_the_edge(42 + number * pitch, sways=2)
            canvas.text(label, 4, y, size, ink)
            length = room * value / 99
            canvas.box(start, y - thickness / 2, start + length, y + thickness / 2, colour)
            canvas.text(str(value), start + length + 2, y, size, ink)
        return canvas.finish(rng)

    def rule(self, canvas: Canvas, start: float, room: float, rng: Random) -> None:
        """Draw what lies behind the bars: usually nothing."""


def invent_chart(rng: Random, split: Split) -> Chart:
    """Invent a chart whose values all differ."""
    count = rng.randint(4, 8)
    labels = [word.capitalize() for word in invent_words(rng, split, count, 2, 4)]
    values = rng.sample(range(1, 100), count)
    return Chart(
        invent_word(rng, split, 3, 6).capitalize(), tuple(zip(labels, values, strict=True))
    )


def _value(bar: tuple[str, int]) -> int:
    return bar[1]
