"""What is drawn on nothing is laid on the ground that shows it."""

import struct
import zlib

import pytest
from PIL import Image, ImageDraw

from inference import decode_picture
from tests.inference.pictures.drawing import PNG, chunk, encode, grey_png, scene

WHITE, DARK = (255, 255, 255), (49, 51, 56)


def on_nothing(*shapes: tuple[str, tuple[int, int, int, int]]) -> Image.Image:
    """Draw rectangles on a clear sheet that hides rubbish."""
    image = Image.new("RGBA", (120, 80), (0, 255, 0, 0))
    for colour, box in shapes:
        ImageDraw.Draw(image).rectangle(box, colour)
    return image


def ground(image: Image.Image) -> tuple[int, int, int]:
    return decode_picture(encode(image, "PNG")).image.getpixel((1, 1))


def test_transparency_lies_on_white_whatever_colour_is_under_it():
    assert ground(on_nothing()) == WHITE
    assert ground(on_nothing(("black", (20, 20, 90, 60)))) == WHITE
    assert ground(on_nothing(("teal", (20, 20, 90, 60)))) == WHITE
    half = Image.new("RGBA", (4, 4), (0, 0, 0, 128))
    assert decode_picture(encode(half, "PNG")).image.getpixel((1, 1)) == (127, 127, 127)


@pytest.mark.parametrize("light", ["white", "#eeeeee", "lightyellow", "#ffffffa0"])
def test_a_light_drawing_lies_on_dark_as_in_discord(light):
    assert ground(on_nothing((light, (20, 30, 90, 36)))) == DARK


def test_a_chart_for_dark_pages_keeps_its_axes_beside_its_bars():
    bars = [("orange", (30 + 30 * bar, 20, 50 + 30 * bar, 70)) for bar in range(3)]
    axes = [("white", (20, 10, 21, 74)), ("white", (20, 74, 118, 75))]
    assert ground(on_nothing(*bars, *axes)) == DARK


def test_white_inside_a_dark_sign_needs_no_dark_ground():
    assert ground(on_nothing(("maroon", (10, 10, 110, 70)), ("white", (30, 30, 90, 50)))) == WHITE


def test_a_thin_white_line_on_a_large_sheet_is_seen():
    image = Image.new("RGBA", (3000, 2000))
    ImageDraw.Draw(image).line((100, 100, 2900, 1900), "white", 3)
    assert decode_picture(encode(image, "PNG")).image.convert("L").getextrema() == (51, 255)


def test_an_opaque_picture_has_no_ground():
    assert decode_picture(encode(scene().convert("RGBA"), "PNG")).image.tobytes() == (
        scene().tobytes()
    )


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_a_transparent_grey_is_clear_in_every_depth(depth):
    most = 2**depth - 1
    clear = most // 3  # a dark grey, in one bit black: painted, it would hide the ink
    ink = most if depth == 1 else 0
    seen = decode_picture(
        grey_png([[clear] * 9, [clear, *[ink] * 7, clear], [clear] * 9], depth, clear)
    )
    assert seen.image.getpixel((0, 0)) == (DARK if depth == 1 else WHITE)
    assert seen.image.getpixel((4, 1)) == (WHITE if depth == 1 else (0, 0, 0))


def test_of_sixteen_bits_only_the_one_grey_is_clear():
    seen = decode_picture(grey_png([[20001, 20000, 19999]], 16, 20000)).image
    assert [seen.getpixel((x, 0))[0] for x in range(3)] == [77, 255, 77]


def test_a_transparent_colour_of_sixteen_bits_is_clear():
    clear, ink = struct.pack(">HHH", 0, 0, 0x7878), bytes(6)
    rows = b"\0" + ink + clear * 3 + (b"\0" + clear * 4) * 3
    data = (
        PNG
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 16, 2, 0, 0, 0))
        + chunk(b"tRNS", clear)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    seen = decode_picture(data).image
    assert seen.getpixel((0, 0)) == (0, 0, 0)
    assert seen.getpixel((3, 3)) == WHITE
