"""How large a picture is seen; one too long to be read at once → parts, each seen large enough."""

import math

from inference.hd_size import CROP_SIZE, hd_size
from inference.pictures.picture import Picture

CROPS = 16
"""With which each part is looked at, as a picture of an ordinary shape is."""
LEAST_SCALE = 0.6
"""Letters of a phone's screen are read down to here; what shrinks less is left whole."""
LEAST_RATIO = 5
"""Of the long side to the short one: below it, parts would be seen hardly larger."""
MOST_PARTS = 6
OVERLAP = 1 / 8
"""Of the short side: more than a line of text, so that each line is whole in some part."""


def parts_of(picture: Picture) -> tuple[Picture, ...]:
    """Cut a scrolled screenshot or a long strip into overlapping parts, first to last.

    A picture that is seen well as it is comes back alone.
    """
    width, height = picture.image.size
    long, short = max(width, height), min(width, height)
    if long < LEAST_RATIO * short or _scale(width, height) >= LEAST_SCALE:
        return (picture,)
    count, length = _layout(long, short)
    starts = [round(number * (long - length) / (count - 1)) for number in range(count)]
    boxes = [(0, start, width, start + length) for start in starts]
    if width > height:
        boxes = [(start, 0, start + length, height) for start in starts]
    return tuple(Picture(picture.image.crop(box)) for box in boxes)


def size_looked_at(picture: Picture) -> tuple[int, int]:
    """Tell the width and height in pixels beyond which no task looks at a picture more closely."""
    width, height = picture.image.size
    if len(parts_of(picture)) > 1:
        return width, height
    size = hd_size(width, height, CROPS)
    return min(width, size.resized_width), min(height, size.resized_height)


def _layout(long: int, short: int) -> tuple[int, int]:
    """Choose the fewest parts that are seen large enough, and the length of each."""
    enough = min(LEAST_SCALE, 2 * CROP_SIZE / short)  # as two rows of crops show the short side
    for count in range(2, MOST_PARTS + 1):
        needed = (long + (count - 1) * OVERLAP * short) / count
        # Two rows of crops are filled where the length is a multiple of half the short side.
        length = math.ceil(math.ceil(2 * needed / short) * short / 2)
        if _scale(length, short) > 0.99 * enough:
            break
    return count, length


def _scale(width: int, height: int) -> float:
    size = hd_size(width, height, CROPS)
    return max(size.resized_width, size.resized_height) / max(width, height)
