"""Anything else: what the small model must say that it does not know."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from inference.demo.colours import any_colour, pale_colour
from inference.demo.drawing import Drawing, font, grain, sweep
from inference.demo.looks import PLAIN, Look
from inference.demo.questions import FIRST_KINDS, REFUSAL, Kind, Truth
from inference.demo.strangers import STRANGERS, STRANGERS_HELD_OUT
from inference.demo.strangers.sheet import Paint
from inference.demo.words import Split, invent_word

LONG_SIDE = 168


@dataclass(frozen=True, slots=True)
class Other:
    """A picture outside the families."""

    sort: str
    split: Split

    def truths(self) -> list[Truth]:
        """Refuse whatever is asked."""
        asked = (
            Truth(kind, REFUSAL, about)
            for kind in FIRST_KINDS
            if kind not in (Kind.COMPARE, Kind.ONE_OF_TWO)
            for about in ABOUT.get(kind, ("",))
        )
        return list(asked)

    def draw(self, rng: Random, pixels_per_unit: float, _: Look = PLAIN, /) -> Drawing:
        """Draw it in any format from tall to wide; it looks as its sort does."""
        side, ratio = LONG_SIDE * pixels_per_unit, rng.uniform(1, 2.4)
        size = round(side), round(side / ratio)
        paint = (SORTS | STRANGERS)[self.sort]
        image = paint(size if rng.random() < 0.5 else size[::-1], rng, self.split)
        return Drawing(grain(image, rng) if rng.random() < 0.5 else image)


ABOUT = {Kind.COUNT: ("shapes", "circles", "red shapes"), Kind.VALUE: ("Kim", "Tola")}


def invent_other(rng: Random, split: Split) -> Other:
    """Choose a sort of picture: for testing one of the first few, to learn from one of all."""
    sorts = SORTS if split is Split.TEST else SORTS | STRANGERS
    return Other(rng.choice(_open(sorts, split)), split)


def invent_stranger(rng: Random, split: Split, number: int | None = None) -> Other:
    """Choose one of the many later sorts, or take the one with a number."""
    sorts = _open(STRANGERS, split)
    return Other(rng.choice(sorts) if number is None else sorts[number % len(sorts)], split)


def _open(sorts: Iterable[str], split: Split) -> list[str]:
    """Leave out the sorts that are kept for testing."""
    return [sort for sort in sorts if split is Split.TEST or sort not in HELD_OUT_SORTS]


def _noise(size: tuple[int, int], rng: Random, _: Split) -> Image.Image:
    grid = rng.choice((size, (size[0] // 4, size[1] // 4), (12, 8)))
    return _random_pixels(grid, rng).resize(size, Image.Resampling.BILINEAR)


def _clouds(size: tuple[int, int], rng: Random, _: Split) -> Image.Image:
    """Sum noise of several sizes, as clouds, stone and fur look."""
    sheets = [
        np.asarray(_random_pixels((n, n), rng).resize(size, Image.Resampling.BICUBIC), np.float32)
        * weight
        for n, weight in ((3, 0.5), (7, 0.28), (16, 0.15), (40, 0.07))
    ]
    pixels = (np.sum(sheets, axis=0) - 128) * rng.uniform(1, 2.5) + 128
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _gradient(size: tuple[int, int], rng: Random, _: Split) -> Image.Image:
    return sweep(size, [any_colour(rng) for _ in range(4)])


def _text_wall(size: tuple[int, int], rng: Random, split: Split) -> Image.Image:
    paper = rng.choice((pale_colour(rng), any_colour(rng)))
    image = Image.new("RGB", size, paper)
    pen, ink = ImageDraw.Draw(image), any_colour(rng)
    height = max(6, round(max(size) * rng.uniform(0.025, 0.06)))
    for y in range(height // 2, size[1], round(height * 1.4)):
        words = [invent_word(rng, split, 2, 7) for _ in range(rng.randint(2, 20))]
        pen.text((height, y), " ".join(words), fill=ink, font=font(height))
    return image


def _landscape(size: tuple[int, int], rng: Random, split: Split) -> Image.Image:
    """Paint a sky, a sun and some ranges of hills."""
    image = _gradient(size, rng, split)
    pen = ImageDraw.Draw(image)
    _disc(pen, rng.uniform(0, size[0]), size[1] * 0.2, min(size) * 0.1, any_colour(rng))
    for layer in range(rng.randint(1, 4)):
        steps = rng.randint(3, 12)
        level = size[1] * (0.4 + 0.15 * layer)
        ridge = [
            (size[0] * x / steps, level + rng.uniform(-0.1, 0.1) * size[1])
            for x in range(steps + 1)
        ]
        pen.polygon([(0, size[1]), *ridge, size], fill=any_colour(rng))
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 3)))


def _portrait(size: tuple[int, int], rng: Random, split: Split) -> Image.Image:
    """Paint something like a head before a blurred wall."""
    image = _clouds(size, rng, split)
    pen, (width, height) = ImageDraw.Draw(image), size
    skin, reach = any_colour(rng), min(size) * rng.uniform(0.2, 0.35)
    x, y = width * rng.uniform(0.35, 0.65), height * rng.uniform(0.35, 0.5)
    pen.ellipse((x - 1.6 * reach, y + reach, x + 1.6 * reach, y + 5 * reach), any_colour(rng))
    _disc(pen, x, y - reach * 0.2, reach * 1.1, any_colour(rng))
    _disc(pen, x, y, reach, skin)
    for side in (-0.4, 0.4):
        _disc(pen, x + side * reach, y - reach * 0.2, reach * 0.12, any_colour(rng))
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 2)))


def _clutter(size: tuple[int, int], rng: Random, _split: Split) -> Image.Image:
    """Pile up overlapping forms, too many and too large for a scene."""
    image = Image.new("RGB", size, any_colour(rng))
    pen = ImageDraw.Draw(image)
    for _ in range(rng.randint(12, 60)):
        points = [(rng.uniform(0, size[0]), rng.uniform(0, size[1]))]
        reach = max(size) * rng.uniform(0.05, 0.3)
        points += [
            (points[0][0] + rng.uniform(-reach, reach), points[0][1] + rng.uniform(-reach, reach))
            for _ in range(rng.randint(2, 5))
        ]
        pen.polygon(points, fill=any_colour(rng))
    return image


def _stripes(size: tuple[int, int], rng: Random, _: Split) -> Image.Image:
    image = Image.new("RGB", size, any_colour(rng))
    pen, step = ImageDraw.Draw(image), max(3, round(max(size) * rng.uniform(0.03, 0.15)))
    ink, slant = any_colour(rng), rng.choice((0, size[1], -size[1]))
    for x in range(-size[1], size[0] + size[1], 2 * step):
        pen.line((x, 0, x + slant, size[1]), fill=ink, width=step)
    return image.rotate(90, expand=True).resize(size) if rng.random() < 0.5 else image


def _checks(size: tuple[int, int], rng: Random, _: Split) -> Image.Image:
    columns, rows = rng.randint(3, 14), rng.randint(3, 14)
    colours = [any_colour(rng) for _ in range(rng.choice((2, 2, 3, 5)))]
    tiles = Image.new("RGB", (columns, rows))
    tiles.putdata([colours[(i % columns + i // columns) % len(colours)]
                   for i in range(columns * rows)])  # fmt: skip
    return tiles.resize(size, Image.Resampling.NEAREST)


def _plain(size: tuple[int, int], rng: Random, _: Split) -> Image.Image:
    return Image.new("RGB", size, any_colour(rng))


def _window(size: tuple[int, int], rng: Random, split: Split) -> Image.Image:
    """Mock up a program's window: bars, buttons, panes, small print."""
    paper = rng.choice((pale_colour(rng), (30, 30, 36)))
    image, (width, height) = Image.new("RGB", size, paper), size
    pen, ink = ImageDraw.Draw(image), any_colour(rng)
    pen.rectangle((0, 0, width, height * 0.08), fill=any_colour(rng))
    pen.rectangle((0, height * 0.08, width * rng.uniform(0.1, 0.3), height), fill=any_colour(rng))
    print_size = max(5, round(max(size) * rng.uniform(0.02, 0.035)))
    for _ in range(rng.randint(6, 20)):
        x, y = rng.uniform(0.1, 0.8) * width, rng.uniform(0.1, 0.95) * height
        if rng.random() < 0.3:
            pen.rounded_rectangle((x, y, x + width * 0.15, y + height * 0.06), 3, any_colour(rng))
        pen.text((x, y), invent_word(rng, split, 2, 7), fill=ink, font=font(print_size))
    return image


def _rings(size: tuple[int, int], rng: Random, _: Split) -> Image.Image:
    image = Image.new("RGB", size, any_colour(rng))
    pen, step = ImageDraw.Draw(image), max(2.0, max(size) * rng.uniform(0.02, 0.08))
    x, y = rng.uniform(0.2, 0.8) * size[0], rng.uniform(0.2, 0.8) * size[1]
    colours = [any_colour(rng) for _ in range(rng.randint(2, 4))]
    for number in range(int(max(size) / step), 0, -1):
        _disc(pen, x, y, number * step, colours[number % len(colours)])
    return image


def _marble(size: tuple[int, int], rng: Random, split: Split) -> Image.Image:
    """Bend waves by clouds, as wood and water look."""
    bend = np.asarray(_clouds(size, rng, split).convert("L"), np.float32) / 255
    y, x = np.mgrid[0 : size[1], 0 : size[0]] / max(size)
    wave = np.sin(rng.uniform(10, 40) * (x * rng.random() + y * rng.random()) + 9 * bend)
    share = (wave[..., None] + 1) / 2
    pixels = share * any_colour(rng) + (1 - share) * np.array(any_colour(rng))
    return Image.fromarray(pixels.astype(np.uint8))


def _random_pixels(size: tuple[int, int], rng: Random) -> Image.Image:
    width, height = max(2, size[0]), max(2, size[1])
    return Image.frombytes("RGB", (width, height), rng.randbytes(3 * width * height))


def _disc(
    pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, fill: tuple[int, int, int]
) -> None:
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


SORTS: dict[str, Paint] = {
    "noise": _noise,
    "clouds": _clouds,
    "gradient": _gradient,
    "text wall": _text_wall,
    "landscape": _landscape,
    "portrait": _portrait,
    "clutter": _clutter,
    "stripes": _stripes,
    "checks": _checks,
    "plain": _plain,
    "window": _window,
    "rings": _rings,
    "marble": _marble,
}
HELD_OUT_SORTS = ("rings", "marble", *STRANGERS_HELD_OUT)
