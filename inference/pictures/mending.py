"""Files as strangers have them → files that decoders open: only what the pixels need."""

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PIXELS = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
ANIMATION = (b"acTL", b"fcTL", b"fdAT")
MOST_FRAMES = (2**31).to_bytes(4, "big")
"""A PNG that claims so many is no animation."""
SEEN = (b"tRNS", b"eXIf", *ANIMATION)
"""What else people see: transparency, which way is up, an animation."""
JPEG_END = b"\xff\xd9"


def without_side_chunks(data: bytes) -> bytes:
    """Leave out what a PNG carries beside its pixels: words, profiles, histories of any size.

    Viewers show a picture whose side chunks are damaged. Transparency is written as Pillow
    compares it, and an animation has no more frames than the file.
    """
    chunks = list(_chunks(data))
    header = next((body for name, body in chunks if name == b"IHDR"), b"")
    frames = sum(name == b"fcTL" for name, _ in chunks)
    mended = [SIGNATURE]
    for name, body in chunks:
        if name == b"tRNS":
            body = _scaled(body, header)
        elif name == b"acTL" and body[:4] < MOST_FRAMES:
            body = min(body[:4], frames.to_bytes(4, "big")) + body[4:]
        mended.append(_written(name, body))
    return b"".join(mended)


def without_animation(data: bytes) -> bytes:
    """Leave out the frames of a PNG whose animation is faulty: the picture in their stead stays."""
    still = [chunk for chunk in _chunks(data) if chunk[0] not in ANIMATION]
    return SIGNATURE + b"".join(_written(name, body) for name, body in still)


def with_end(data: bytes, form: str) -> bytes:
    """Give a file the end that it lost, so that a decoder shows what is there."""
    if form == "JPEG":
        return data + JPEG_END
    if form == "WEBP":
        return data.ljust(min(8 + int.from_bytes(data[4:8], "little"), 2 * len(data)), b"\0")
    return data


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Read a PNG's chunks that are seen; the last one may be cut short, and always is IEND."""
    place = len(SIGNATURE)
    while place + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, place)
        place += 8
        body, checksum = data[place : place + length], data[place + length : place + length + 4]
        place += length + 4
        is_sound = checksum == struct.pack(">I", zlib.crc32(body, zlib.crc32(name)))
        if name == b"IEND":
            break
        if name in PIXELS or (name in SEEN and is_sound):
            yield name, body
    yield b"IEND", b""


def _written(name: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(body, zlib.crc32(name))
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checksum)


def _scaled(transparent: bytes, header: bytes) -> bytes:
    """Write the transparent colour of a PNG in the depth that Pillow unpacks the pixels to."""
    depth, colour = header[8:10] if len(header) >= 10 else (8, 0)
    if colour == 0 and depth in (2, 4):
        grey = int.from_bytes(transparent[:2], "big") * 255 // (2**depth - 1)
        return grey.to_bytes(4, "big")[-2:]
    if colour == 2 and depth == 16:
        return b"".join(b"\0" + transparent[place : place + 1] for place in (0, 2, 4))
    return transparent
