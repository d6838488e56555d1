"""A stranger's file → upright RGB pictures, bounded in pixels.

formats says what counts as a picture; decoding opens it (mending, depths, ground, frames, pages
are its steps); parts cuts what is too long to be read at once.
"""

from inference.pictures.decoding import (
    MAX_KEPT_PIXELS,
    MAX_PIXELS,
    MOST_PICTURES,
    decode_picture,
    decode_pictures,
)
from inference.pictures.formats import (
    PICTURE_FORMATS,
    PictureFormat,
    claims_picture,
    picture_format,
)
from inference.pictures.pages import names_pages
from inference.pictures.parts import CROPS, parts_of, size_looked_at
from inference.pictures.picture import Opened, Picture, Source

__all__ = [
    "CROPS",
    "MAX_KEPT_PIXELS",
    "MAX_PIXELS",
    "MOST_PICTURES",
    "PICTURE_FORMATS",
    "Opened",
    "Picture",
    "PictureFormat",
    "Source",
    "claims_picture",
    "decode_picture",
    "decode_pictures",
    "names_pages",
    "parts_of",
    "picture_format",
    "size_looked_at",
]
