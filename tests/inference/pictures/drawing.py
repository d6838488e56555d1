"""Files drawn for the tests: in each format, and as strangers have them."""

import io
import struct
import zlib
from collections.abc import Iterable
from typing import Any

from PIL import Image, ImageDraw

PNG = b"\x89PNG\r\n\x1a\n"


def encode(image: Image.Image, form: str, **options: Any) -> bytes:
    """Save a picture as a file."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def two_tone(mode: str = "RGB") -> Image.Image:
    """Left half red, right half blue."""
    image = Image.new("RGB", (40, 20), "red")
    image.paste("blue", (20, 0, 40, 20))
    return image.convert(mode)


def scene() -> Image.Image:
    """Draw shapes over a gradient: something to see everywhere."""
    image = Image.linear_gradient("L").resize((200, 150)).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.ellipse((20, 20, 110, 110), "orange")
    draw.rectangle((100, 60, 180, 140), "navy")
    return image


def animation(colours: Iterable[str]) -> list[Image.Image]:
    """Draw a sheet of each colour with a black disc on it; of black alone, nothing is seen."""
    frames = []
    for colour in colours:
        frame = Image.new("RGB", (60, 40), colour)
        ImageDraw.Draw(frame).ellipse((20, 10, 40, 30), "black")
        frames.append(frame)
    return frames


def chunk(name: bytes, body: bytes, checksum: int | None = None) -> bytes:
    """Write a PNG's chunk, with the right checksum unless another is given."""
    right = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checksum or right)


def with_chunks(png: bytes, *chunks: bytes) -> bytes:
    """Put chunks behind a PNG's header."""
    return png[:33] + b"".join(chunks) + png[33:]


def grey_png(rows: list[list[int]], depth: int, transparent: int | None = None) -> bytes:
    """Write a grey PNG of any depth, of which one grey may be transparent."""
    lines = b""
    for row in rows:
        bits = "".join(f"{value:0{depth}b}" for value in row)
        bits = bits.ljust(-len(bits) % 8 + len(bits), "0")
        lines += b"\0" + bytes(int(bits[place : place + 8], 2) for place in range(0, len(bits), 8))
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), depth, 0, 0, 0, 0)
    clear = b"" if transparent is None else chunk(b"tRNS", struct.pack(">H", transparent))
    pixels = chunk(b"IDAT", zlib.compress(lines))
    return PNG + chunk(b"IHDR", header) + clear + pixels + chunk(b"IEND", b"")


def tiff(values: list[list[float]], kind: str, order: str) -> bytes:
    """Write a grey TIFF of one strip; `kind` and `order` as `struct` spells them."""
    size = struct.calcsize(order + kind)
    sample = {"H": 1, "h": 2, "i": 2, "f": 3}[kind]
    tags = {
        256: len(values[0]),
        257: len(values),
        258: 8 * size,
        259: 1,
        262: 1,
        273: 8 + 2 + 9 * 12 + 4,
        277: 1,
        279: len(values) * len(values[0]) * size,
        339: sample,
    }
    entries = b"".join(
        struct.pack(order + "HHI", tag, 4, 1) + struct.pack(order + "I", value)
        for tag, value in tags.items()
    )
    pixels = b"".join(struct.pack(order + kind, value) for row in values for value in row)
    mark = b"II" if order == "<" else b"MM"
    head = mark + struct.pack(order + "HI", 42, 8) + struct.pack(order + "H", len(tags))
    return head + entries + bytes(4) + pixels


LOCK = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>/ID[<00><00>]" % (
    b"0" * 64,
    b"1" * 64,
)
"""Of a PDF that opens with a password only."""


def pdf(*words: str, lock: bytes = b"") -> bytes:
    """Write a PDF with a page for each word, in large letters."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    pages = []
    for word in words:
        drawn = f"BT /F 72 Tf 40 80 Td ({word}) Tj ET".encode()
        objects.append(b"<</Length %d>>stream\n" % len(drawn) + drawn + b"\nendstream")
        pages.append(b"%d 0 R" % (len(objects) + 1))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents %d 0 R/Resources"
            b"<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>" % len(objects)
        )
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), b" ".join(pages))
    file, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj" % number + body + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return file + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R%s>>\n"
        b"startxref\n%d\n%%%%EOF" % (len(objects) + 1, table, len(objects) + 1, lock, len(file))
    )
