"""What a file shows, once it is opened."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from PIL import Image


@dataclass(frozen=True, eq=False)
class Picture:
    """An upright RGB picture of at most MAX_KEPT_PIXELS."""

    image: Image.Image

    @cached_property
    def digest(self) -> str:
        """Name the pixels: equal for equal pictures, whatever file they came in."""
        size = f"{self.image.width}x{self.image.height}:".encode()
        return hashlib.blake2b(size + self.image.tobytes(), digest_size=16).hexdigest()

    def __eq__(self, other: object) -> bool:
        """Tell whether the pixels are the same: two requests about them are then one."""
        if not isinstance(other, Picture):
            return NotImplemented
        return self.image.size == other.image.size and self.digest == other.digest

    def __hash__(self) -> int:
        """Go by the size alone, which costs nothing."""
        return hash(self.image.size)


class Source(StrEnum):
    """What a file's pictures are."""

    PICTURE = "picture"
    FRAMES = "frames"
    PAGES = "pages"


@dataclass(frozen=True, eq=False)
class Opened:
    """What a file shows: one picture, a few frames of an animation, or some pages."""

    pictures: tuple[Picture, ...]
    source: Source = Source.PICTURE
    numbers: tuple[int, ...] = (1,)
    """Which frames or pages the pictures are, counted from 1."""
    total: int = 1
    """How many frames or pages the file has."""
