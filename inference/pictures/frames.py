"""Animations → a few frames that show something, spread over time."""

import time
from collections.abc import Callable, Iterator
from typing import cast

from PIL import Image

from inference.pictures.picture import Opened, Picture, Source

TRIED = 8
"""Frames, the first and the last among them, of which those that show something are kept."""
SECONDS = 3.0
"""For walking from frame to frame; later frames are then left out."""
MOST_FRAME_PIXELS = 2_800_000
"""Of each frame: several are kept, and each is looked at less closely than one picture."""


def shown_frames(
    file: Image.Image, most: int, seen: Callable[[Image.Image, int], Image.Image]
) -> Opened:
    """Return up to `most` frames in order; blank ones only where no other shows more.

    `seen` makes a picture of the frame at which the file stands.
    """
    first = 1 if file.info.get("default_image") else 0  # an APNG's stand-in is none of its frames
    total = _count(file) - first
    tried: list[tuple[int, Image.Image, int]] = []
    for number in _walk(file, [first + place for place in _spread(total, TRIED)]):
        image = seen(file, MOST_FRAME_PIXELS)
        tried.append((number, image, _contrast(image)))
        if most == 1 and tried[0][2] > 127:
            break
    enough = max(contrast for *_, contrast in tried) / 2
    showing = [(number, image) for number, image, contrast in tried if contrast >= enough]
    kept = [showing[place] for place in _spread(len(showing), most)]
    return Opened(
        tuple(Picture(image) for _, image in kept),
        Source.FRAMES,
        tuple(number - first + 1 for number, _ in kept),
        total,
    )


def _count(file: Image.Image) -> int:
    try:
        total: int = getattr(file, "n_frames", 1)
    except Exception:  # a broken frame ends the animation
        total = file.tell()
    file.seek(0)
    return total


def _walk(file: Image.Image, numbers: list[int]) -> Iterator[int]:
    """Step to each frame in turn, as far as the file is sound and the time lasts."""
    end = time.monotonic() + SECONDS
    for number in numbers:
        while file.tell() < number:
            try:
                file.seek(file.tell() + 1)
            except Exception:  # a broken frame ends the animation, not what was before it
                return
            if time.monotonic() > end:
                return
        yield number


def _spread(count: int, most: int) -> list[int]:
    """Choose up to `most` of so many places, the first and the last among them."""
    if count <= most:
        return list(range(count))
    return [round(step * (count - 1) / max(most - 1, 1)) for step in range(most)]


def _contrast(image: Image.Image) -> int:
    small = image.resize((64, 64), Image.Resampling.BOX)
    bands = cast("tuple[tuple[int, int], ...]", small.getextrema())
    return max(high - low for low, high in bands)
