"""Simple scenes: one to six shapes, each in its own ninth of the picture."""

import math
from dataclasses import dataclass, replace
from itertools import chain
from random import Random

from inference.demo.colours import Colour, pale_colour, shifted
from inference.demo.drawing import Canvas, Drawing
from inference.demo.looks import CROP, PLAIN, Look
from inference.demo.questions import NO_TABLE, NO_TEXT, Kind, Truth, listed

COLOURS: dict[str, Colour] = {
    "red": (215, 40, 40),
    "green": (40, 150, 60),
    "blue": (45, 80, 210),
    "yellow": (240, 205, 40),
    "purple": (140, 60, 170),
    "orange": (240, 130, 30),
    "black": (25, 25, 25),
}
SHAPES = ("circle", "square", "triangle", "star", "cross")
SIZES = {"small": 5.5, "large": 12.0}
PLACES = (
    "at the top left",
    "at the top",
    "at the top right",
    "on the left",
    "in the middle",
    "on the right",
    "at the bottom left",
    "at the bottom",
    "at the bottom right",
)
ALIKE = 0.3
"""The share of scenes to practise on whose things are of few kinds."""
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


@dataclass(frozen=True, slots=True)
class Thing:
    """A shape, without its place."""

    size: str
    colour: str
    shape: str

    def __str__(self) -> str:
        return f"{self.size} {self.colour} {self.shape}"

    def is_called(self, name: str) -> bool:
        """Tell whether it has the colour or the shape."""
        return name in (self.colour, self.shape)


@dataclass(frozen=True, slots=True)
class Scene:
    """Things by place: the nine places in reading order, None where there is nothing."""

    things: tuple[Thing | None, ...]

    @property
    def placed(self) -> list[tuple[Thing, str]]:
        """List the things with their places, in reading order."""
        return [(thing, place) for thing, place in zip(self.things, PLACES, strict=True) if thing]

    def truths(self) -> list[Truth]:
        """List what the scene can be asked."""
        return [
            Truth(Kind.DESCRIBE, self._description(), weight=30),
            Truth(Kind.COUNT, self._description(), "shapes", weight=6),
            *(self._counted(f"{colour} shape", colour) for colour in COLOURS),
            *(self._counted(shape, shape) for shape in SHAPES),
            Truth(Kind.OCR, NO_TEXT, weight=4),
            Truth(Kind.TABLE, NO_TABLE, weight=4),
        ]

    def _description(self, numbered: str = "") -> str:
        """Name all things and their places, and number those of a colour or shape."""
        parts, number = [], 0
        for thing, place in self.placed:
            number += (found := thing.is_called(numbered))
            parts.append(f"a {thing}" + f" ({number})" * found + f" {place}")
        return f"{count(len(parts), 'shape')}: {listed(parts)}."

    def _counted(self, noun: str, name: str) -> Truth:
        number = sum(thing.is_called(name) for thing, _ in self.placed)
        answer = f"{self._description(numbered=name)} {count(number, noun)}."
        weight = min(1 + number, 2)  # half of the things asked for would be missing otherwise
        placed = ((f"a {thing}", place.partition(" ")[2]) for thing, place in self.placed)
        reading = (count(len(self.placed), "shape"), *chain.from_iterable(placed))
        return Truth(Kind.COUNT, answer, plural(noun), weight, reading)

    def draw(self, rng: Random, pixels_per_unit: float, look: Look = PLAIN, /) -> Drawing:
        """Draw the things on pale paper in any look, each a little off the middle of its ninth."""
        width, height = CROP * rng.uniform(0.87, 1), CROP * rng.uniform(0.87, 1)
        canvas = Canvas(width, height, pixels_per_unit, pale_colour(rng), look)
        for index, thing in enumerate(self.things):
            if thing:
                x = width * (index % 3 * 2 + 1) / 6 + rng.uniform(-3, 3)
                y = height * (index // 3 * 2 + 1) / 6 + rng.uniform(-3, 3)
                _draw_thing(canvas, thing, x, y, rng)
        return canvas.finish(rng)


def invent_scene(rng: Random, fewest: int = 1, most: int = 6) -> Scene:
    """Invent a scene of a few things."""
    places = rng.sample(range(len(PLACES)), rng.randint(fewest, most))
    return Scene(tuple(invent_thing(rng) if i in places else None for i in range(len(PLACES))))


def invent_scene_to_practise(rng: Random) -> Scene:
    """Invent a scene that often has things of one kind: they are to be found and counted."""
    scene = invent_scene(rng)
    if rng.random() >= ALIKE:
        return scene
    things = [thing for thing in scene.things if thing]
    kinds = rng.sample(things, rng.randint(1, len(things)))
    return Scene(
        tuple(
            replace(rng.choice(kinds), size=rng.choice(list(SIZES))) if thing else None
            for thing in scene.things
        )
    )


def invent_thing(rng: Random) -> Thing:
    """Invent a thing."""
    return Thing(rng.choice(list(SIZES)), rng.choice(list(COLOURS)), rng.choice(SHAPES))


def count(number: int, noun: str) -> str:
    """Say how many shapes there are."""
    verb = "is" if number == 1 else "are"
    head, _, shape = noun.rpartition(" ")
    nouns = f"{head} {shape if number == 1 else plural(shape)}".strip()
    return f"There {verb} {NUMBERS[number]} {nouns}"


def plural(shape: str) -> str:
    """Write the plural of a shape."""
    return f"{shape}es" if shape.endswith("s") else f"{shape}s"


def _draw_thing(canvas: Canvas, thing: Thing, x: float, y: float, rng: Random) -> None:
    radius = SIZES[thing.size] * rng.uniform(0.9, 1.1)
    shift = rng.randint(-12, 12), rng.randint(-12, 12), rng.randint(-12, 12)
    outline = [(x + radius * dx, y + radius * dy) for dx, dy in _OUTLINES[thing.shape]]
    canvas.polygon(outline, shifted(COLOURS[thing.colour], shift))
    canvas.mark(str(thing), x, y)


def _wheel(radii: list[float], turn: float = -0.25) -> list[tuple[float, float]]:
    step = 1 / len(radii)
    angles = [2 * math.pi * (turn + number * step) for number in range(len(radii))]
    return [(r * math.cos(a), r * math.sin(a)) for r, a in zip(radii, angles, strict=True)]


_OUTLINES: dict[str, list[tuple[float, float]]] = {
    "circle": _wheel([1.0] * 40),
    "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    "triangle": [(0, -1), (1, 0.8), (-1, 0.8)],
    "star": _wheel([1.1, 0.45] * 5),
    "cross": [
        (-0.33, -1), (0.33, -1), (0.33, -0.33), (1, -0.33), (1, 0.33), (0.33, 0.33),
        (0.33, 1), (-0.33, 1), (-0.33, 0.33), (-1, 0.33), (-1, -0.33), (-0.33, -0.33),
    ],
}  # fmt: skip
