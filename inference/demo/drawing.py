"""What every drawn picture is made of: a canvas, colours, lines of text, light noise."""

from dataclasses import dataclass
from functools import cache
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
INK: Colour = (20, 20, 20)


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing and where its centre lies, as shares of the picture's width and height."""

    label: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture and what lies where in it."""

    image: Image.Image
    marks: tuple[Mark, ...] = ()


class Canvas:
    """A picture in the making, measured in units of its own so that it can be drawn at any size."""

    def __init__(self, width: float, height: float, pixels_per_unit: float, paper: Colour) -> None:
        self.width, self.height, self.scale = width, height, pixels_per_unit
        size = (round(width * pixels_per_unit), round(height * pixels_per_unit))
        self.image = Image.new("RGB", size, paper)
        self.pen = ImageDraw.Draw(self.image)
        self.marks: list[Mark] = []

    def box(self, left: float, top: float, right: float, bottom: float, fill: Colour) -> None:
        """Fill a rectangle."""
        self.pen.rectangle([value * self.scale for value in (left, top, right, bottom)], fill=fill)

    def mark(self, label: str, x: float, y: float) -> None:
        """Note what lies at a point."""
        self.marks.append(Mark(label, x / self.width, y / self.height))

    def text_width(self, text: str, size: float) -> float:
        """Measure a line of text."""
        return font(round(size * self.scale)).getlength(text) / self.scale

    def text(
        self, text: str, x: float, y: float, size: float, fill: Colour, *, bold: bool = False
    ) -> None:
        """Write a line from x on, centred on y, and mark each letter."""
        face = font(round(size * self.scale))
        stroke = round(size * self.scale / 30) if bold else 0
        place = (x * self.scale, y * self.scale)
        self.pen.text(place, text, fill=fill, font=face, anchor="lm", stroke_width=stroke)
        edges = [face.getlength(text[:end]) / self.scale for end in range(len(text) + 1)]
        for letter, left, right in zip(text, edges, edges[1:], strict=False):
            if letter != " ":
                self.mark(letter, x + (left + right) / 2, y)

    def finish(self, rng: Random) -> Drawing:
        """Lay noise over the picture, or not, and hand it over."""
        image = grain(self.image, rng) if rng.random() < 0.3 else self.image
        return Drawing(image, tuple(self.marks))


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return Pillow's own outline font, which every machine has."""
    face = ImageFont.load_default(max(size, 4))
    assert isinstance(face, ImageFont.FreeTypeFont)
    return face


def any_colour(rng: Random) -> Colour:
    """Choose any colour at all."""
    return rng.randrange(256), rng.randrange(256), rng.randrange(256)


def pale_colour(rng: Random) -> Colour:
    """Choose a colour near white."""
    return rng.randrange(225, 256), rng.randrange(225, 256), rng.randrange(225, 256)


def paper_colour(rng: Random) -> Colour:
    """Choose a colour light enough to write on."""
    while brightness(colour := any_colour(rng)) < 135:
        pass
    return colour


def ink_on(paper: Colour, rng: Random) -> Colour:
    """Choose a colour that is clearly darker than the paper."""
    while brightness(colour := any_colour(rng)) > brightness(paper) - 110:
        pass
    return colour


def brightness(colour: Colour) -> float:
    """Weigh red, green and blue as the eye does, from 0 to 255."""
    red, green, blue = colour
    return 0.299 * red + 0.587 * green + 0.114 * blue


def grain(image: Image.Image, rng: Random) -> Image.Image:
    """Add light noise."""
    pixels = np.asarray(image, dtype=np.int16)
    height, width, _ = pixels.shape
    noise = _noise()
    top, left = rng.randrange(64), rng.randrange(64)
    patch = np.resize(noise[top:, left:], (height, width, 1)) * rng.uniform(1, 5)
    return Image.fromarray(np.clip(pixels + patch.astype(np.int16), 0, 255).astype(np.uint8))


@cache
def _noise() -> np.ndarray:
    return np.random.default_rng(0).standard_normal((512, 512, 1)).astype(np.float32)
