"""Pixels of any depth and layout → 8 bits, with alpha where something is transparent."""

import math
from typing import cast

from PIL import Image, ImageChops

TWELVE_BITS = 4095
"""Up to here, 16 bits hold what a sensor of fewer bits has seen."""


def eight_bits(image: Image.Image) -> Image.Image:
    """Bring a picture to L, RGB or RGBA; what has no fixed range is spread from black to white."""
    if image.mode.startswith("I;16"):
        return _sixteen_bits(image)
    if image.mode in ("I", "F"):
        return _spread(image)
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _sixteen_bits(image: Image.Image) -> Image.Image:
    transparent = image.info.get("transparency")
    wide = image if image.mode == "I;16" else image.convert("I").convert("I;16")
    _, most = cast("tuple[int, int]", wide.getextrema())
    is_dim = image.format == "TIFF" and 0 < most <= TWELVE_BITS
    step = most / 255 if is_dim else 257
    grey = wide.point(lambda value: value / step).convert("L")
    if isinstance(transparent, int):
        grey = Image.merge("LA", (grey, _all_but(wide.convert("I"), transparent)))
    return grey.convert("RGBA") if grey.mode == "LA" else grey


def _all_but(image: Image.Image, value: int) -> Image.Image:
    """Mark every pixel that has another value: either difference is above zero."""
    above = image.point(lambda pixel: pixel * 255 - value * 255).convert("L")
    below = image.point(lambda pixel: pixel * -255 + value * 255).convert("L")
    return ImageChops.lighter(above, below)


def _spread(image: Image.Image) -> Image.Image:
    low, high = cast("tuple[float, float]", image.getextrema())
    if not math.isfinite(low + high):
        raise ValueError("its numbers have no range")
    if image.mode == "F" and low >= 0 and high <= 1:
        low, high = 0, 1
    step = 255 / (high - low or 1)
    return image.convert("F").point(lambda value: value * step - low * step).convert("L")
