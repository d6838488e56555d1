"""Bytes of a stranger's file → upright RGB pictures, bounded."""

import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

from PIL import ExifTags, Image, ImageFile, UnidentifiedImageError

from inference.errors import (
    NotAPictureError,
    PictureDamagedError,
    PictureError,
    PictureTooLargeError,
)
from inference.pictures import heif, pages
from inference.pictures.depths import eight_bits
from inference.pictures.formats import picture_format
from inference.pictures.frames import shown_frames
from inference.pictures.ground import on_ground
from inference.pictures.mending import with_end, without_animation, without_side_chunks
from inference.pictures.picture import Opened, Picture

MAX_PIXELS = 90_250_000
"""What Discord itself shows: 9,500 × 9,500."""
MAX_KEPT_PIXELS = MAX_PIXELS // 4
"""A larger picture is halved: no model here sees a tenth of that, and many may wait at once."""
MOST_PICTURES = 4
"""Of one file."""
ANIMATED = ("GIF", "PNG", "WEBP", "AVIF")
OTHER_ORIENTATIONS = ("xmp", "XML:com.adobe.xmp", "Raw profile type exif")
"""Where Pillow, and no browser, also looks for which way is up: editors leave old values there."""
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture of each EXIF orientation upright."""


def decode_picture(data: bytes, *, max_pixels: int = MAX_PIXELS) -> Picture:
    """Decode a picture file as people see it: upright, on the ground that shows it.

    Of an animation, the first frame that shows something; of a document, the first page.

    Raises NotAPictureError, PictureTooLargeError, PictureDamagedError or PictureLockedError.
    """
    return decode_pictures(data, most=1, max_pixels=max_pixels).pictures[0]


def decode_pictures(
    data: bytes, question: str = "", *, most: int = MOST_PICTURES, max_pixels: int = MAX_PIXELS
) -> Opened:
    """Decode what a file shows: its picture, frames spread over its animation, or pages.

    The question may name the pages ("page 3"); else it is the first. `most` bounds the pictures.

    Raises NotAPictureError, PictureTooLargeError, PictureDamagedError, PictureLockedError or
    PageMissingError.
    """
    form = picture_format(data)
    if form is None:
        raise NotAPictureError("The file is not a picture in a format that I can read.")
    if form.name == "PNG":
        data = without_side_chunks(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _opened(data, form.name, question, most, max_pixels)
        except (PictureDamagedError, NotAPictureError):
            if form.name == "PNG":
                data = without_animation(data)
                with suppress(PictureDamagedError, NotAPictureError):
                    return _opened(data, form.name, question, most, max_pixels)
            with suppress(PictureDamagedError, NotAPictureError), _forgiving():
                opened = _opened(with_end(data, form.name), form.name, question, most, max_pixels)
                if not all(_is_plain(picture.image) for picture in opened.pictures):
                    return opened
            raise


def _opened(data: bytes, form: str, question: str, most: int, max_pixels: int) -> Opened:
    try:
        if form == "PDF":
            return pages.of_pdf(data, question, most, MAX_KEPT_PIXELS)
        with _open(data, form) as file:
            _check_size(file, max_pixels)
            if form in ANIMATED and _is_animated(file):
                return shown_frames(file, most, _seen)
            if form == "TIFF":
                return pages.of_tiff(file, question, most, partial(_seen_page, max_pixels))
            return Opened((Picture(_seen(file)),))
    except PictureError:
        raise
    except UnidentifiedImageError:
        raise NotAPictureError("The file is not a picture in a format that I can read.") from None
    except Image.DecompressionBombError:
        raise PictureTooLargeError("The picture has too many pixels.") from None
    except Exception as error:  # decoders raise almost anything on hostile bytes
        raise PictureDamagedError(f"The picture is damaged: {error}.") from error


def _is_animated(file: Image.Image) -> bool:
    try:
        return bool(getattr(file, "is_animated", False))
    except Exception:  # the second frame is broken
        file.seek(0)
        return False


def _check_size(file: Image.Image, max_pixels: int) -> None:
    if file.width * file.height > max_pixels:
        raise PictureTooLargeError(
            f"The picture has {file.width} × {file.height} pixels; "
            f"the most is {max_pixels / 1e6:.0f} million."
        )


def _open(data: bytes, form: str) -> Image.Image:
    if form == "HEIF":
        return heif.open_heif(data)
    return Image.open(io.BytesIO(data), formats=[form])


def _seen_page(max_pixels: int, file: Image.Image) -> Image.Image:
    """Return the page at which a TIFF stands: each has a size of its own."""
    _check_size(file, max_pixels)
    return _seen(file)


def _seen(file: Image.Image, most_pixels: int = MAX_KEPT_PIXELS) -> Image.Image:
    """Return the open file's picture as it is shown: upright RGB of at most so many pixels."""
    if file.width * file.height > most_pixels:
        file.draft("RGB", (file.width // 2, file.height // 2))  # a JPEG decodes at half its size
    for words in OTHER_ORIENTATIONS:
        file.info.pop(words, None)
    file.load()
    turn = _turn(file)
    image = eight_bits(file)
    if image.width * image.height > most_pixels:
        image = image.reduce(math.ceil(math.sqrt(image.width * image.height / most_pixels)))
    image = on_ground(image)
    return image if turn is None else image.transpose(turn)


def _turn(file: Image.Image) -> Image.Transpose | None:
    """Tell what brings a loaded file's picture upright; later steps forget its EXIF."""
    try:
        return TURNS.get(file.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # Pillow's reader of EXIF raises almost anything, and nobody sees EXIF
        return None


def _is_plain(image: Image.Image) -> bool:
    return len(image.getcolors(1) or ()) == 1


@contextmanager
def _forgiving() -> Iterator[None]:
    """Let Pillow show what is there of a broken file; it has this one switch for all files."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
