"""Anything at all: forms, lines, letters, gradients and noise, thrown together at random."""

import math
from random import Random

import numpy as np
from PIL import Image, ImageFilter

from inference.demo.colours import Colour, any_colour
from inference.demo.drawing import sweep
from inference.demo.strangers.sheet import Paint, Sheet, Size, ground, words
from inference.demo.words import Split


def _anything(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Lay several crowds of one form each over some ground, and sometimes treat the whole."""
    sheet = Sheet(size, rng.choice((_even, _sweep, _blotches))(size, rng))
    for _ in range(rng.randint(2, 5)):
        palette = [any_colour(rng) for _ in range(rng.randint(1, 5))]
        rng.choice(CROWDS)(sheet, rng, palette)
    treat = rng.choice((_as_is, _as_is, _blurred, _speckled, _bent))
    return treat(sheet.image, rng)


def _collage(size: Size, rng: Random, split: Split) -> Image.Image:
    """Paste several pictures of anything beside and over one another."""
    whole = _anything(size, rng, split)
    for _ in range(rng.randint(1, 4)):
        share = rng.uniform(0.25, 0.7)
        part = (max(30, round(size[0] * share)), max(30, round(size[1] * rng.uniform(0.25, 0.7))))
        piece = _anything(part, rng, split)
        if rng.random() < 0.3:
            piece = piece.rotate(rng.choice((90, 180, 270)), expand=True)
        place = rng.randrange(-part[0] // 3, size[0]), rng.randrange(-part[1] // 3, size[1])
        whole.paste(piece, place)
    return whole


def _even(size: Size, rng: Random) -> Image.Image:
    return Image.new("RGB", size, ground(rng))


def _sweep(size: Size, rng: Random) -> Image.Image:
    return sweep(size, [any_colour(rng) for _ in range(4)])


def _blotches(size: Size, rng: Random) -> Image.Image:
    cells = rng.randint(3, 30), rng.randint(3, 30)
    small = Image.frombytes("RGB", cells, rng.randbytes(3 * cells[0] * cells[1]))
    kernel = rng.choice((Image.Resampling.NEAREST, Image.Resampling.BICUBIC))
    return small.resize(size, kernel)


def _rows(sheet: Sheet, rng: Random, palette: list[Colour]) -> None:
    """Repeat one form along rows and columns."""
    pitch, sides = rng.uniform(7, 22), rng.randint(3, 9)
    reach, turn = pitch * rng.uniform(0.2, 0.6), rng.random()
    for row in range(int(sheet.height / pitch) + 1):
        for column in range(int(sheet.width / pitch) + 1):
            colour = palette[(row + column) % len(palette)]
            form = _form(column * pitch, row * pitch, reach, sides, turn)
            sheet.polygon(form, colour if rng.random() < 0.9 else None, colour)


def _forms(sheet: Sheet, rng: Random, palette: list[Colour]) -> None:
    for _ in range(rng.randint(7, 40)):
        x, y = rng.uniform(0, sheet.width), rng.uniform(0, sheet.height)
        form = _form(x, y, rng.uniform(3, 25), rng.randint(3, 9), rng.random())
        sheet.polygon(form, rng.choice((None, *palette)), rng.choice(palette))


def _ovals(sheet: Sheet, rng: Random, palette: list[Colour]) -> None:
    for _ in range(rng.randint(7, 40)):
        x, y = rng.uniform(0, sheet.width), rng.uniform(0, sheet.height)
        fill, ink = rng.choice((None, *palette)), rng.choice(palette)
        sheet.oval(x, y, rng.uniform(1, 30), rng.uniform(1, 30), fill, ink, rng.uniform(0.5, 4))


def _boxes(sheet: Sheet, rng: Random, palette: list[Colour]) -> None:
    for _ in range(rng.randint(7, 40)):
        x, y = rng.uniform(-9, sheet.width), rng.uniform(-9, sheet.height)
        wide, high = rng.uniform(1, 45), rng.uniform(1, 45)
        fill, ink = rng.choice((None, *palette)), rng.choice(palette)
        sheet.box(x, y, x + wide, y + high, fill, ink, corner=rng.choice((0, 0, 1, 3)))


def _strokes(sheet: Sheet, rng: Random, palette: list[Colour]) -> None:
    for _ in range(rng.randint(5, 40)):
        points = [
            (rng.uniform(0, sheet.width), rng.uniform(0, sheet.height))
            for _ in range(rng.randint(2, 5))
        ]
        sheet.line(points, rng.choice(palette), rng.uniform(0.3, 5))


def _curves(sheet: Sheet, rng: Random, palette: list[Colour]) -> None:
    """Swing lines across, side by side."""
    lift, pace, shift = rng.uniform(2, 25), rng.uniform(0.02, 0.25), rng.uniform(3, 14)
    for number in range(rng.randint(1, 12)):
        level = sheet.height * rng.random() if shift > 8 else number * shift
        curve = [(x, level + lift * math.sin(pace * x + number)) for x in range(0, 260, 4)]
        sheet.line(curve, palette[number % len(palette)], rng.uniform(0.5, 4))


def _arcs(sheet: Sheet, rng: Random, palette: list[Colour]) -> None:
    x, y, gap = rng.uniform(0, sheet.width), rng.uniform(0, sheet.height), rng.uniform(3, 10)
    start, end = rng.uniform(0, 360), rng.uniform(360, 700)
    for number in range(1, rng.randint(4, 16)):
        sheet.arc(x, y, number * gap, start, end, rng.choice(palette), rng.uniform(0.5, gap))


def _texts(sheet: Sheet, rng: Random, palette: list[Colour]) -> None:
    """Write scraps of small print."""
    for _ in range(rng.randint(4, 15)):
        place = rng.uniform(-5, sheet.width), rng.uniform(0, sheet.height)
        text = rng.choice((words(rng, Split.TRAIN, 1, 4), str(rng.randrange(9999))))
        sheet.text(text, *place, rng.uniform(3.5, 9), rng.choice(palette))


CROWDS = (_rows, _forms, _ovals, _boxes, _strokes, _curves, _arcs, _texts)


def _form(x: float, y: float, reach: float, sides: int, turn: float) -> list[tuple[float, float]]:
    angles = [math.tau * (side / sides + turn) for side in range(sides)]
    return [(x + reach * math.cos(angle), y + reach * math.sin(angle)) for angle in angles]


def _as_is(image: Image.Image, _: Random) -> Image.Image:
    return image


def _blurred(image: Image.Image, rng: Random) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(min(image.size) * rng.uniform(0.005, 0.06)))


def _speckled(image: Image.Image, rng: Random) -> Image.Image:
    noise = Image.frombytes("L", image.size, rng.randbytes(image.size[0] * image.size[1]))
    return Image.blend(image, noise.convert("RGB"), rng.uniform(0.1, 0.4))


def _bent(image: Image.Image, rng: Random) -> Image.Image:
    """Shift rows to and fro."""
    pixels = np.array(image)
    reach, pace = image.width * rng.uniform(0.02, 0.12), rng.uniform(0.02, 0.15)
    for row in range(len(pixels)):
        pixels[row] = np.roll(pixels[row], round(reach * math.sin(row * pace)), axis=0)
    return Image.fromarray(pixels)


ANYTHING: dict[str, Paint] = {"anything": _anything, "collage": _collage}
