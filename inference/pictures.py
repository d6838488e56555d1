"""Bytes of a stranger's picture → upright RGB, bounded."""

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from inference.errors import NotAPictureError, PictureDamagedError, PictureTooLargeError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
MAX_PIXELS = 64_000_000
MAX_KEPT_PIXELS = MAX_PIXELS // 4
"""A larger picture is halved: no model here sees a tenth of that, and many may wait at once."""


@dataclass(frozen=True, eq=False)
class Picture:
    """An upright RGB picture of at most MAX_KEPT_PIXELS; of an animation, the first frame."""

    image: Image.Image

    @property
    def digest(self) -> str:
        """Name the pixels: equal for equal pictures, whatever file they came in."""
        size = f"{self.image.width}x{self.image.height}:".encode()
        return hashlib.blake2b(size + self.image.tobytes(), digest_size=16).hexdigest()


def decode_picture(data: bytes, *, max_pixels: int = MAX_PIXELS) -> Picture:
    """Decode a picture file: EXIF orientation applied, transparency on white.

    Raises NotAPictureError, PictureTooLargeError or PictureDamagedError.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            file = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError:
        raise NotAPictureError("The file is not a picture in a format that I can read.") from None
    except Image.DecompressionBombError:
        raise PictureTooLargeError("The picture has too many pixels.") from None
    except Exception as error:
        raise PictureDamagedError(f"The picture is damaged: {error}.") from error
    with file:
        if file.width * file.height > max_pixels:
            raise PictureTooLargeError(
                f"The picture has {file.width} × {file.height} pixels; "
                f"the most is {max_pixels / 1e6:.0f} million."
            )
        try:
            return Picture(_halved(_on_white(ImageOps.exif_transpose(file))))
        except Exception as error:  # Pillow's decoders raise almost anything on hostile bytes
            raise PictureDamagedError(f"The picture is damaged: {error}.") from error


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16") or image.mode == "I":
        image = image.point(lambda value: value / 257).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")


def _halved(image: Image.Image) -> Image.Image:
    return image.reduce(2) if image.width * image.height > MAX_KEPT_PIXELS else image
