"""How large Phi-3-vision sees a picture: arithmetic alone, so that no torch is needed for it."""

import math
from dataclasses import dataclass

from inference.errors import PictureTooThinError

CROP_SIZE = 336
"""Pixels of a crop's side, unless a checkpoint says otherwise."""


@dataclass(frozen=True, slots=True)
class HDSize:
    """How a picture is laid out: its size when resized, and when padded to whole crops."""

    resized_width: int
    resized_height: int
    padded_width: int
    padded_height: int


def hd_size(width: int, height: int, num_crops: int, crop_size: int = CROP_SIZE) -> HDSize:
    """Lay a picture out on as many crops as its shape allows, `num_crops` at most.

    Raises PictureTooThinError where a resized side would be 0 pixels.
    """
    ratio = max(width, height) / min(width, height)
    scale = 1
    while scale * math.ceil(scale / ratio) <= num_crops:
        scale += 1
    scale -= 1
    long = crop_size * scale
    short = int(long / ratio)
    if short < 1:
        raise PictureTooThinError(f"A picture of {width} × {height} pixels is too thin.")
    padded = math.ceil(short / crop_size) * crop_size
    if width < height:
        return HDSize(short, long, padded, long)
    return HDSize(long, short, long, padded)
