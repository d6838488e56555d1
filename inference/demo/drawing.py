"""What every drawn picture is made of: a canvas, lines of text, a tilt, light noise."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inference.demo.colours import Colour
from inference.demo.looks import PLAIN, Look
from inference.demo.typefaces import path_of

Point = tuple[float, float]
CAPITALS = 0.7
"""How tall the capitals of Pillow's own font are, as a share of its size."""


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

    def __init__(
        self,
        width: float,
        height: float,
        pixels_per_unit: float,
        paper: Colour,
        look: Look = PLAIN,
    ) -> None:
        self.width, self.height, self.scale = width, height, pixels_per_unit
        size = (round(width * pixels_per_unit), round(height * pixels_per_unit))
        self.paper, self.look = paper, look
        self.image = Image.new("RGB", size, paper)
        if any(look.fade):
            self.image = _fading(size, paper, look)
        self.pen = ImageDraw.Draw(self.image)
        self.marks: list[Mark] = []

    def box(self, left: float, top: float, right: float, bottom: float, fill: Colour) -> None:
        """Fill a rectangle."""
        self.pen.rectangle([value * self.scale for value in (left, top, right, bottom)], fill=fill)

    def polygon(self, points: Iterable[Point], fill: Colour) -> None:
        """Fill what lies between points."""
        self.pen.polygon([(x * self.scale, y * self.scale) for x, y in points], fill=fill)

    def mark(self, label: str, x: float, y: float) -> None:
        """Note what lies at a point."""
        self.marks.append(Mark(label, x / self.width, y / self.height))

    def text_width(self, text: str, size: float) -> float:
        """Measure a line of text."""
        return self._font(size).getlength(text) / self.scale

    def fitting(self, text: str, size: float, room: float) -> float:
        """Return a size, or the largest one in which a line of text keeps to its room."""
        return min(size, size * room / self.text_width(text, size))

    def text(
        self, text: str, x: float, y: float, size: float, fill: Colour, *, bold: bool = False
    ) -> None:
        """Write a line from x on, centred on y, and mark each letter."""
        face = self._font(size)
        # Other typefaces have bold faces of their own.
        stroke = round(size * self.scale / 30) if bold and not self.look.face else 0
        place = (x * self.scale, y * self.scale - self._drop(face))
        self.pen.text(place, text, fill=fill, font=face, anchor="lm", stroke_width=stroke)
        edges = [face.getlength(text[:end]) / self.scale for end in range(len(text) + 1)]
        for letter, left, right in zip(text, edges, edges[1:], strict=False):
            if letter != " ":
                self.mark(letter, x + (left + right) / 2, y)

    def finish(self, rng: Random) -> Drawing:
        """Tilt the picture as its look asks, lay noise over it, or not, and hand it over."""
        drawing = Drawing(self.image, tuple(self.marks))
        if self.look.tilt:
            drawing = tilted(drawing, self.look.tilt, self.paper)
        return replace(drawing, image=grain(drawing.image, rng)) if rng.random() < 0.3 else drawing

    def _font(self, size: float) -> ImageFont.FreeTypeFont:
        return font(round(size * self.scale), self.look.face)

    def _drop(self, face: ImageFont.FreeTypeFont) -> float:
        """Tell how far below its line's middle the middle of a capital lies."""
        if not self.look.face:
            return 0
        _, top, _, bottom = face.getbbox("H", anchor="lm")
        return (top + bottom) / 2


def tilted(drawing: Drawing, degrees: float, paper: Colour) -> Drawing:
    """Turn a picture to the left on a sheet of the same format, with the paper's colour around."""
    image = drawing.image
    turned = image.rotate(degrees, Image.Resampling.BILINEAR, expand=True, fillcolor=paper)
    # How a picture is cut into crops depends on its format: the long side is the one to round up.
    grown = max(turned.width / image.width, turned.height / image.height)
    short = math.ceil(min(image.size) * grown)
    long = math.ceil(short * max(image.size) / min(image.size))
    width, height = (short, long) if image.width < image.height else (long, short)
    sheet = Image.new("RGB", (width, height), paper)
    sheet.paste(turned, ((width - turned.width) // 2, (height - turned.height) // 2))
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))

    def turn(mark: Mark) -> Mark:
        x, y = (mark.x - 0.5) * image.width, (mark.y - 0.5) * image.height
        return Mark(
            mark.label,
            0.5 + (x * cosine + y * sine) / width,
            0.5 + (y * cosine - x * sine) / height,
        )

    return Drawing(sheet, tuple(map(turn, drawing.marks)))


@cache
def font(size: int, face: str = "") -> ImageFont.FreeTypeFont:
    """Return a typeface whose capitals are as tall as those of Pillow's own in that size."""
    if face:
        path = str(path_of(face))
        _, top, _, bottom = ImageFont.truetype(path, 100).getbbox("H")
        return ImageFont.truetype(path, max(size, 4) * CAPITALS * 100 / (bottom - top))
    own = ImageFont.load_default(max(size, 4))
    assert isinstance(own, ImageFont.FreeTypeFont)
    return own


def grain(image: Image.Image, rng: Random) -> Image.Image:
    """Add light noise."""
    pixels = np.asarray(image, dtype=np.int16)
    height, width, _ = pixels.shape
    noise = _noise()
    top, left = rng.randrange(64), rng.randrange(64)
    patch = np.resize(noise[top:, left:], (height, width, 1)) * rng.uniform(1, 5)
    return Image.fromarray(np.clip(pixels + patch.astype(np.int16), 0, 255).astype(np.uint8))


def sweep(size: tuple[int, int], corners: Sequence[Colour]) -> Image.Image:
    """Let the colours of four corners run into each other."""
    image = Image.new("RGB", (2, 2))
    image.putdata(corners)
    return image.resize(size, Image.Resampling.BILINEAR)


@cache
def _noise() -> np.ndarray:
    return np.random.default_rng(0).standard_normal((512, 512, 1)).astype(np.float32)


def _fading(size: tuple[int, int], paper: Colour, look: Look) -> Image.Image:
    """Paint a ground that goes from one colour to another."""
    width, height = size
    steps = np.linspace(0, 1, width if look.fades_across else height)
    shares = steps[None, :, None] if look.fades_across else steps[:, None, None]
    pixels = np.array(paper) + shares * np.array(look.fade) + np.zeros((height, width, 1))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
