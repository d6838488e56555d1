"""Sound pictures of every format that browsers show, and slightly broken ones, drawn by a seed."""

import zlib
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw

from tests.inference.pictures.drawing import chunk, encode, grey_png, with_chunks


def drawn(number: int) -> bytes:
    """Draw one file; the same number always makes the same file."""
    random = Random(f"drawn {number}")
    return WAYS[number % len(WAYS)](random)


def scene(random: Random, *, clear: bool = False) -> Image.Image:
    """Draw shapes on a gradient, or on nothing."""
    size = random.randrange(40, 500), random.randrange(40, 400)
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image = Image.blend(image, Image.new("RGB", size, _colour(random)), 0.5)
    if clear:
        image = Image.new("RGBA", size, (*random.randbytes(3), 0))
    draw = ImageDraw.Draw(image)
    for _ in range(6):
        left, top = random.randrange(size[0]), random.randrange(size[1])
        box = (left, top, left + random.randrange(5, 150), top + random.randrange(5, 150))
        shape = random.choice((draw.ellipse, draw.rectangle))
        shape(box, _colour(random))
    draw.text((5, 5), "the quick brown fox", _colour(random), font_size=20)
    return image


def _colour(random: Random) -> tuple[int, ...]:
    return tuple(random.randbytes(3))


def _png(random: Random) -> bytes:
    mode = random.choice(("1", "L", "LA", "P", "RGB", "RGBA"))
    return encode(scene(random, clear=mode == "RGBA").convert(mode), "PNG")


def _grey_png(random: Random) -> bytes:
    depth = random.choice((1, 2, 4, 8, 16))
    grey = scene(random).convert("L").resize((60, 40))
    rows = [
        [grey.getpixel((x, y)) * (2**depth - 1) // 255 for x in range(grey.width)]
        for y in range(grey.height)
    ]
    return grey_png(rows, depth, random.choice((None, rows[5][5])))


def _faulty_png(random: Random) -> bytes:
    faults = (
        chunk(b"pHYs", bytes(9), checksum=1),
        chunk(b"tEXt", b"Comment\0" + random.randbytes(50), checksum=1),
        chunk(b"iCCP", b"profile\0\0" + zlib.compress(bytes(200)), checksum=1),
        chunk(b"zTXt", b"Raw\0\0" + zlib.compress(bytes(3_000_000))),
    )
    return with_chunks(encode(scene(random), "PNG"), random.choice(faults))


def _apng(random: Random) -> bytes:
    frames = [scene(random) for _ in range(3)]
    size = frames[0].size
    frames = [frame.resize(size) for frame in frames]
    return encode(frames[0], "PNG", save_all=True, append_images=frames[1:])


def _jpeg(random: Random) -> bytes:
    mode, exif = random.choice(("L", "RGB", "RGB", "CMYK")), Image.Exif()
    exif[0x0112] = random.randrange(1, 9)
    options = {"quality": random.randrange(60, 96), "progressive": random.random() < 0.5}
    return encode(scene(random).convert(mode), "JPEG", exif=exif, **options)


def _short_jpeg(random: Random) -> bytes:
    return encode(scene(random), "JPEG", quality=80)[: -random.randrange(1, 13)]


def _webp(random: Random) -> bytes:
    is_clear = random.random() < 0.5
    options = {"lossless": random.random() < 0.5, "quality": 85}
    return encode(scene(random, clear=is_clear), "WEBP", **options)


def _gif(random: Random) -> bytes:
    image = scene(random).convert("P")
    if random.random() < 0.5:
        return encode(image, "GIF", transparency=image.getpixel((2, 2)))
    others = [scene(random).resize(image.size) for _ in range(2)]
    return encode(scene(random).resize(image.size), "GIF", save_all=True, append_images=others)


def _bmp(random: Random) -> bytes:
    return encode(scene(random).convert(random.choice(("1", "L", "P", "RGB"))), "BMP")


def _avif(random: Random) -> bytes:
    return encode(scene(random, clear=random.random() < 0.5), "AVIF", quality=80)


def _misleading_xmp(random: Random) -> bytes:
    xmp = b'<x:xmpmeta><rdf:Description tiff:Orientation="%d"/></x:xmpmeta>'
    return encode(scene(random), "JPEG", xmp=xmp % random.randrange(2, 9))


def _exact_grey(random: Random) -> bytes:
    """Make one grey of sixteen bits clear, and no other of the same first eight."""
    value = random.randrange(1000, 60_000)
    rows = [[value + (x // 8 + y // 8) % 3 - 1 for x in range(48)] for y in range(32)]
    return grey_png(rows, 16, value)


WAYS: tuple[Callable[[Random], bytes], ...] = (
    _png,
    _grey_png,
    _faulty_png,
    _apng,
    _jpeg,
    _short_jpeg,
    _webp,
    _gif,
    _bmp,
    _avif,
    _misleading_xmp,
    _exact_grey,
)
