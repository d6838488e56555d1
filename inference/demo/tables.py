"""Simple tables: a header and two to four rows of words and numbers, ruled or striped."""

from dataclasses import dataclass
from itertools import pairwise
from random import Random

from inference.demo.colours import Colour, brightness, shifted
from inference.demo.drawing import Canvas, Drawing
from inference.demo.grids import comma_separated, markdown
from inference.demo.looks import CROP, PLAIN, Look
from inference.demo.questions import Kind, Truth
from inference.demo.scenes import NUMBERS
from inference.demo.words import Split, invent_word, invent_words

LONG = 2 * CROP


@dataclass(frozen=True, slots=True)
class Table:
    """The names of the columns, and the rows, each with its own name in the first column."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def grid(self) -> list[tuple[str, ...]]:
        """Give all rows, the header first."""
        return [self.header, *self.rows]

    @property
    def size(self) -> str:
        """Say how many columns and rows there are."""
        return f"{NUMBERS[len(self.header)]} columns and {NUMBERS[len(self.rows)]} rows"

    def cell(self, row: int, column: int) -> str:
        """Say what stands in a cell."""
        return f"The {self.header[column]} of {self.rows[row][0]} is {self.rows[row][column]}."

    def row(self, row: int) -> str:
        """Say what stands in a row."""
        name, *others = self.rows[row]
        cells = zip(self.header[1:], others, strict=True)
        return f"{name}: {', '.join(f'{column} {cell}' for column, cell in cells)}."

    def truths(self) -> list[Truth]:
        """List what the table can be asked."""
        rows = "; ".join(", ".join(row) for row in self.grid)
        return [
            Truth(Kind.DESCRIBE, f"A table with {self.size}: {rows}.", weight=5),
            Truth(Kind.OCR, "\n".join(" ".join(row) for row in self.grid), weight=5),
            Truth(Kind.TABLE, comma_separated(self.grid), weight=5),
            Truth(Kind.MARKDOWN, markdown(self.grid), weight=7),
            *(
                Truth(
                    Kind.CELL,
                    f"{self.row(row)} {self.cell(row, column)}",
                    f"{self.header[column]} of {self.rows[row][0]}",
                    reading=(self.row(row),),
                )
                for row in range(len(self.rows))
                for column in range(1, len(self.header))
            ),
        ]

    def topic(self, truth: Truth) -> int | None:
        """Tell which cell is asked about, counted row by row."""
        if not truth.about:
            return None
        column, _, row = truth.about.partition(" of ")
        names = [name for name, *_ in self.rows]
        return names.index(row) * len(self.header) + self.header.index(column)

    def draw(self, rng: Random, pixels_per_unit: float, look: Look = PLAIN, /) -> Drawing:
        """Draw it wide, or tall where two columns fit one crop."""
        is_tall = len(self.header) == 2 and rng.random() < 0.5
        short = LONG / rng.uniform(2.01, 2.08)
        width, height = (short, LONG) if is_tall else (LONG, short)
        canvas = Canvas(width, height, pixels_per_unit, look.quiet_ground(rng), look)
        ink = look.ink_on(canvas.paper, rng)
        edges = _edges(len(self.header), width, is_tall, rng)
        lines = _tall_lines(len(self.grid), look, rng) if is_tall else _wide_lines(self, height)
        pitch = min(after - before for before, after in pairwise(lines))
        _rule(canvas, edges, lines, pitch, ink, rng)
        size = rng.uniform(16.5, 19)
        for row in self.grid:
            for cell, (left, right) in zip(row, edges, strict=True):
                size = canvas.fitting(cell, size, right - left - 7)
        for row, y in zip(self.grid, lines, strict=True):
            for cell, (left, _) in zip(row, edges, strict=True):
                canvas.text(cell, left + 4, y, size, ink)
        return canvas.finish(rng)


def invent_table(rng: Random, split: Split) -> Table:
    """Invent a table of two or three columns and two to four rows."""
    columns, rows = rng.randint(2, 3), rng.randint(2, 4)
    names = [word.capitalize() for word in invent_words(rng, split, columns + rows, 2, 4)]
    header, firsts = names[:columns], names[columns:]
    contents = [_invent_column(rng, split, rows) for _ in range(columns - 1)]
    return Table(tuple(header), tuple(zip(firsts, *contents, strict=True)))


def _invent_column(rng: Random, split: Split, rows: int) -> list[str]:
    if rng.random() < 0.6:
        return [str(rng.randrange(1, 100)) for _ in range(rows)]
    return [invent_word(rng, split, 2, 4) for _ in range(rows)]


def _edges(columns: int, width: float, is_tall: bool, rng: Random) -> list[tuple[float, float]]:
    """Divide the width; of a wide picture so that no column crosses the crops' common edge."""
    if is_tall:
        return [(2, width / 2), (width / 2, width - 2)]
    middle, quarter = width / 2, width / 4
    left, right = [(2.0, middle - 3)], [(middle + 3, width - 2)]
    if columns == 3 and rng.random() < 0.5:
        left = [(2.0, quarter), (quarter, middle - 3)]
    elif columns == 3:
        right = [(middle + 3, width - quarter), (width - quarter, width - 2)]
    return left + right


def _tall_lines(count: int, look: Look, rng: Random) -> list[float]:
    pitch = rng.uniform(22, 28)
    return [look.off_the_edge(17 + number * pitch) for number in range(count)]


def _wide_lines(table: Table, height: float) -> list[float]:
    count = len(table.grid)
    pitch = min(26.0, (height - 5) / count)
    top = (height - pitch * (count - 1)) / 2
    return [top + number * pitch for number in range(count)]


def _rule(
    canvas: Canvas,
    edges: list[tuple[float, float]],
    lines: list[float],
    pitch: float,
    ink: Colour,
    rng: Random,
) -> None:
    """Stripe the rows, or rule them, or only part the header from them."""
    left, right, reach = edges[0][0], edges[-1][1], pitch / 2
    style = rng.choice(("stripes", "rules", "grid", "header"))
    if style == "stripes":
        step = 22 if brightness(canvas.paper) < 128 else -22
        stripe = shifted(canvas.paper, (step, step, step))
        for y in lines[::2]:
            canvas.box(left, y - reach, right, y + reach, stripe)
        return
    ruled = lines[:1] if style == "header" else lines[:-1]
    for y in ruled:
        canvas.box(left, y + reach - 0.4, right, y + reach + 0.2, ink)
    if style == "grid":
        for edge, _ in edges[1:]:
            top, bottom = lines[0] - reach, lines[-1] + reach
            canvas.box(edge - 0.2, top, edge + 0.4, bottom, ink)
