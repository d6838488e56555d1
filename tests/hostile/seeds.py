"""Small sound pictures of every supported format, from which hostile ones are made."""

import io
from functools import cache
from typing import Any

import pillow_heif
from PIL import Image

from tests.inference.pictures.drawing import pdf

SIZE = (48, 32)


@cache
def sound_pictures() -> tuple[bytes, ...]:
    """Draw each format in each of its modes and packings, with metadata and frames."""
    colour = Image.linear_gradient("L").resize(SIZE).convert("RGB")
    clear = colour.convert("RGBA")
    clear.putalpha(Image.radial_gradient("L").resize(SIZE))
    frames = {"save_all": True, "append_images": [colour.rotate(90), colour.rotate(180)]}
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a holiday"
    grey, sixteen_bit = colour.convert("L"), Image.new("I;16", SIZE, 40000)
    palette, bilevel, print_ink = colour.convert("P"), colour.convert("1"), colour.convert("CMYK")
    metadata = {"exif": exif, "icc_profile": bytes(range(256)) * 4}
    return (
        *[_file(image, "PNG") for image in (colour, clear, grey, palette, bilevel, sixteen_bit)],
        _file(colour, "PNG", **metadata),
        _file(colour, "PNG", **frames),
        *[_file(image, "JPEG") for image in (colour, grey, print_ink)],
        _file(colour, "JPEG", progressive=True, **metadata),
        *[_file(image, "WEBP") for image in (colour, clear)],
        _file(clear, "WEBP", lossless=True, **metadata),
        _file(colour, "WEBP", **frames),
        *[_file(image, "GIF") for image in (colour, grey)],
        _file(palette, "GIF", transparency=3),
        _file(colour, "GIF", **frames),
        *[_file(image, "BMP") for image in (colour, palette, bilevel, grey)],
        *[_file(image, "TIFF") for image in (colour, clear, print_ink, sixteen_bit)],
        _file(colour.convert("LAB"), "TIFF"),
        _file(grey.convert("F"), "TIFF"),
        *[
            _file(colour, "TIFF", compression=packing)
            for packing in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg")
        ],
        _file(bilevel, "TIFF", compression="group4"),
        _file(colour, "TIFF", exif=exif, **frames),
        *[_file(image, "AVIF") for image in (colour, clear)],
        _file(colour, "AVIF", **metadata),
        _file(colour, "AVIF", **frames),
        *[_heif(image) for image in (colour, clear, grey)],
        _heif(colour, exif=exif.tobytes()),
        pdf("one"),
        pdf("one", "two", "three"),
    )


def _heif(image: Image.Image, **options: Any) -> bytes:
    file = io.BytesIO()
    pillow_heif.from_pillow(image).save(file, **options)
    return file.getvalue()


def _file(image: Image.Image, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()
