"""Signposts: one to four boards, each with a place, how far it is, and an arrow."""

from dataclasses import dataclass
from random import Random

from inference.demo.colours import Colour, any_colour
from inference.demo.drawing import Canvas, Drawing
from inference.demo.looks import CROP, PLAIN, Look
from inference.demo.questions import NO_TABLE, Kind, Truth
from inference.demo.words import Split, invent_words

SLOT = CROP / 2
"""The room of one board: two of them share a crop."""
ARROW = 6.0
DIRECTIONS = ("to the left", "to the right", "straight ahead")
ARROWS = ("arrow left", "arrow right", "arrow up")
"""What is marked where an arrow points that way."""


@dataclass(frozen=True, slots=True)
class Way:
    """What one board says."""

    place: str
    km: int
    direction: str


@dataclass(frozen=True, slots=True)
class Sign:
    """The boards from top to bottom."""

    ways: tuple[Way, ...]

    def truths(self) -> list[Truth]:
        """List what the signpost can be asked."""
        boards = ", ".join(f"{way.place} {way.km} km {way.direction}" for way in self.ways)
        all_of_it = f"A signpost: {boards}."
        return [
            Truth(Kind.DESCRIBE, all_of_it, weight=6),
            Truth(Kind.OCR, "\n".join(f"{way.place}\n{way.km} km" for way in self.ways), weight=4),
            Truth(Kind.TABLE, NO_TABLE),
            Truth(Kind.MARKDOWN, NO_TABLE),
            *(
                Truth(kind, f"{all_of_it} {answer}", way.place, 2, (all_of_it,))
                for way in self.ways
                for kind, answer in ((Kind.DISTANCE, distance(way)), (Kind.WAY, direction(way)))
            ),
        ]

    def topic(self, truth: Truth) -> int | None:
        """Tell which board is asked about."""
        places = [way.place for way in self.ways]
        return places.index(truth.about) if truth.about else None

    def draw(self, rng: Random, pixels_per_unit: float, look: Look = PLAIN, /) -> Drawing:
        """Draw the boards on a post, one or two in a square, more in a picture twice as tall."""
        is_tall = len(self.ways) > 2
        height = CROP * (2 if is_tall else 1)
        width = height / rng.uniform(2.01, 2.08) if is_tall else CROP * rng.uniform(0.96, 1)
        canvas = Canvas(width, height, pixels_per_unit, look.quiet_ground(rng), look)
        middle, post = width * rng.uniform(0.35, 0.65), any_colour(rng)
        canvas.box(middle - 3, 2, middle + 3, height, post)
        board = look.ground(rng)
        ink = look.ink_on(board, rng)
        for number, way in enumerate(self.ways):
            if rng.random() < 0.2:
                board = look.ground(rng)
                ink = look.ink_on(board, rng)
            _draw_board(canvas, way, SLOT * number, board, ink, rng)
        return canvas.finish(rng)


def distance(way: Way) -> str:
    """Say how far a place is."""
    return f"It is {way.km} km to {way.place}."


def direction(way: Way) -> str:
    """Say where a place is."""
    return f"{way.place} is {way.direction}."


def invent_sign(rng: Random, split: Split) -> Sign:
    """Invent a signpost whose places and distances all differ."""
    count = rng.randint(1, 4)
    places = [word.capitalize() for word in invent_words(rng, split, count, 3, 7)]
    distances = rng.sample(range(1, 100), count)
    ways = zip(places, distances, strict=True)
    return Sign(tuple(Way(place, km, rng.choice(DIRECTIONS)) for place, km in ways))


def _draw_board(
    canvas: Canvas, way: Way, top: float, board: Colour, ink: Colour, rng: Random
) -> None:
    top, bottom = top + rng.uniform(2, 5), top + SLOT - rng.uniform(2, 5)
    left, right, middle = 3.0, canvas.width - 3, (top + bottom) / 2
    points = [(left, top), (right, top), (right, bottom), (left, bottom)]
    arrow, label, start = left + 11, ARROWS[DIRECTIONS.index(way.direction)], left + 22
    if way.direction == "to the left":
        points = [(left + 8, top), *points[1:3], (left + 8, bottom), (left, middle)]
    elif way.direction == "to the right":
        points = [points[0], (right - 8, top), (right, middle), (right - 8, bottom), points[3]]
        arrow, start = right - 11, left + 4
    canvas.polygon(points, board)
    _draw_arrow(canvas, way.direction, arrow, middle, ink)
    canvas.mark(label, arrow, middle)
    room = right - left - 27
    size = canvas.fitting(way.place, rng.uniform(17, 20), room)
    canvas.text(way.place, start, top + rng.uniform(13, 15), size, ink, bold=rng.random() < 0.4)
    canvas.text(f"{way.km} km", start, bottom - rng.uniform(11, 13), rng.uniform(16, 18), ink)


def _draw_arrow(canvas: Canvas, direction: str, x: float, y: float, ink: Colour) -> None:
    outline = [(0, -1), (1, 0.1), (0.3, 0.1), (0.3, 1), (-0.3, 1), (-0.3, 0.1), (-1, 0.1)]
    points = []
    for across, down in outline:
        dx, dy = across, down
        if direction != "straight ahead":
            dx, dy = (down, across) if direction == "to the left" else (-down, across)
        points.append((x + ARROW * dx, y + ARROW * dy))
    canvas.polygon(points, ink)
