"""What an answer shows of the pictures that it is about: copies as small as the model allows."""

import io
from collections.abc import Iterator
from typing import Any

from PIL import Image

from bot.pictures.compared import side_by_side
from inference import (
    Opened,
    Picture,
    PictureTooThinError,
    Source,
    decode_picture,
    decode_pictures,
    size_looked_at,
)

EXACT = 1024 * 1024
"""Bytes up to which a copy is exact, as of drawings and screenshots; of photos nobody sees it."""
QUALITIES = (90, 75, 50)
LONGEST_WEBP = 16383
"""Pixels of a side."""
FRAME = 700
"""Milliseconds for which each frame of an animation's copy is shown."""
COMPARED = "compared.webp"
"""For people alone: the model never looks at it."""

Copy = tuple[str, bytes]
"""Its name and its bytes."""


def copy_file(data: bytes, question: str, most: int, most_bytes: int) -> tuple[Opened, list[Copy]]:
    """Copy what is looked at of a file; returns it opened, without its pictures, and the copies.

    Raises PictureError.
    """
    opened = decode_pictures(data, question, most=most)
    images = [_as_looked_at(picture) for picture in opened.pictures]
    groups = [images] if opened.source is Source.FRAMES else [[image] for image in images]
    copies = [_encoded(group, most_bytes) for group in groups]
    return Opened((), opened.source, opened.numbers, opened.total), copies


def compare_copies(copies: list[bytes], most_bytes: int) -> bytes:
    """Show the pictures of a comparison side by side."""
    _, data = _encoded([side_by_side([decode_picture(copy).image for copy in copies])], most_bytes)
    return data


def _as_looked_at(picture: Picture) -> Image.Image:
    try:
        size = size_looked_at(picture)
    except PictureTooThinError:
        return picture.image
    # As the model's own preparation resizes: what it sees of the copy, it sees of the picture.
    return picture.image.resize(size, Image.Resampling.BILINEAR)


def _encoded(images: list[Image.Image], most_bytes: int) -> Copy:
    suffix = "webp" if max(images[0].size) <= LONGEST_WEBP else "jpg"
    for data in _tries(images, suffix):
        if len(data) <= most_bytes:
            break
    return suffix, data


def _tries(images: list[Image.Image], suffix: str) -> Iterator[bytes]:
    """Write pictures the best way first, and each time into fewer bytes."""
    if suffix == "webp" and len(exact := _written(images, suffix, lossless=True)) <= EXACT:
        yield exact
    while True:
        for quality in QUALITIES:
            yield _written(images, suffix, quality=quality)
        if max(images[0].size) < 2:
            return
        images = [image.reduce(2) for image in images]


def _written(images: list[Image.Image], suffix: str, **options: Any) -> bytes:
    file = io.BytesIO()
    if len(images) > 1:
        options |= {"save_all": True, "append_images": images[1:], "duration": FRAME, "loop": 0}
    images[0].save(file, "WEBP" if suffix == "webp" else "JPEG", method=0, **options)
    return file.getvalue()
