"""HEIC and HEIF, as phones save their photos."""

import io

from PIL import Image


def open_heif(data: bytes) -> Image.Image:
    """Open the file's main picture; it is decoded when it is loaded, already upright."""
    from pi_heif import HeifImageFile  # loads the codecs

    file: Image.Image = HeifImageFile(io.BytesIO(data))
    return file
