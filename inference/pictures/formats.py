"""What counts as a picture: the one list of types, names and first bytes."""

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """A kind of file that shows something, and how it is told from others."""

    name: str
    """As Pillow calls it, where Pillow reads it."""
    media_types: tuple[str, ...]
    endings: tuple[str, ...]
    first_bytes: tuple[bytes, ...] = ()
    brands: tuple[bytes, ...] = ()
    """Of the files that begin with a box `ftyp`, as videos do too."""


PICTURE_FORMATS = (
    PictureFormat("PNG", ("image/png", "image/apng"), (".png", ".apng"), (b"\x89PNG\r\n\x1a\n",)),
    PictureFormat(
        "JPEG",
        ("image/jpeg", "image/jpg", "image/pjpeg"),
        (".jpg", ".jpeg", ".jpe", ".jfif"),
        (b"\xff\xd8\xff",),
    ),
    PictureFormat("WEBP", ("image/webp",), (".webp",), (b"RIFF",)),
    PictureFormat("GIF", ("image/gif",), (".gif",), (b"GIF87a", b"GIF89a")),
    PictureFormat("BMP", ("image/bmp", "image/x-ms-bmp"), (".bmp", ".dib"), (b"BM",)),
    PictureFormat(
        "TIFF", ("image/tiff",), (".tif", ".tiff"), (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
    ),
    PictureFormat(
        "AVIF",
        ("image/avif", "image/avif-sequence"),
        (".avif", ".avifs"),
        brands=(b"avif", b"avis"),
    ),
    PictureFormat(
        "HEIF",
        ("image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"),
        (".heic", ".heif", ".hif", ".heics", ".heifs"),
        brands=(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"),
    ),
    PictureFormat("PDF", ("application/pdf", "application/x-pdf"), (".pdf",), (b"%PDF-",)),
)
UNTOLD = ("", "application/octet-stream", "binary/octet-stream")
"""Media types that say nothing of what is in a file."""


def picture_format(data: bytes) -> PictureFormat | None:
    """Tell by its first bytes (32 suffice) what kind of picture a file is; None if it is none."""
    brands = _brands(data)
    for form in PICTURE_FORMATS:
        if data.startswith(form.first_bytes) or brands & {*form.brands}:
            return form if form.name != "WEBP" or data[8:12] == b"WEBP" else None
    return None


def claims_picture(media_type: str | None, name: str = "") -> bool | None:
    """Tell whether a file calls itself a picture; None where only its first bytes can tell.

    A picture in a format that we cannot read is one, too: people are told so.
    """
    media_type = (media_type or "").partition(";")[0].strip().lower()
    if media_type not in UNTOLD:
        readable = any(media_type in form.media_types for form in PICTURE_FORMATS)
        return readable or media_type.startswith("image/")
    ending = PurePosixPath(name).suffix.lower()
    if any(ending in form.endings for form in PICTURE_FORMATS):
        return True
    return False if ending else None


def _brands(data: bytes) -> set[bytes]:
    """List what a file that begins with `ftyp` says it is: first itself, then what it fits."""
    if data[4:8] != b"ftyp":
        return set()
    box = data[8 : max(12, min(int.from_bytes(data[:4], "big"), 256))]
    return {box[place : place + 4] for place in range(0, len(box), 4)}
