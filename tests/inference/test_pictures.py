"""A stranger's file becomes an upright RGB picture, or one clear error."""

import io
import pickle

import pytest
from PIL import Image

from inference import (
    NotAPictureError,
    PictureDamagedError,
    PictureTooLargeError,
    decode_picture,
)


def encode(image: Image.Image, form: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def two_tone(mode: str = "RGB") -> Image.Image:
    """Left half red, right half blue."""
    image = Image.new("RGB", (40, 20), "red")
    image.paste("blue", (20, 0, 40, 20))
    return image.convert(mode)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_every_supported_format_is_read(form):
    picture = decode_picture(encode(two_tone(), form))
    assert picture.image.mode == "RGB"
    assert picture.image.size == (40, 20)
    red, _, blue = picture.image.getpixel((5, 10))
    assert red > 200
    assert blue < 60


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_mode_becomes_rgb(mode):
    image = Image.new(mode, (9, 7), 40000) if mode == "I;16" else two_tone(mode)
    form = "TIFF" if mode == "CMYK" else "PNG"
    assert decode_picture(encode(image, form)).image.mode == "RGB"


def test_sixteen_bit_grey_keeps_its_brightness():
    grey = decode_picture(encode(Image.new("I;16", (4, 4), 40000), "PNG")).image
    assert grey.getpixel((0, 0)) == (155, 155, 155)


def test_a_phone_picture_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise to see it upright
    picture = decode_picture(encode(two_tone(), "PNG", exif=exif))
    assert picture.image.size == (20, 40)
    assert picture.image.getpixel((10, 5)) == (255, 0, 0)
    assert picture.image.getpixel((10, 35)) == (0, 0, 255)


def test_transparency_lies_on_white_whatever_colour_is_under_it():
    clear = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    assert decode_picture(encode(clear, "PNG")).image.getpixel((1, 1)) == (255, 255, 255)
    half = Image.new("RGBA", (4, 4), (0, 0, 0, 128))
    assert decode_picture(encode(half, "PNG")).image.getpixel((1, 1)) == (127, 127, 127)


def test_of_an_animation_the_first_frame_is_shown():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    data = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decode_picture(data).image.getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7\n", b"<svg></svg>", b"\x00" * 4096])
def test_other_bytes_are_not_a_picture(data):
    with pytest.raises(NotAPictureError, match="not a picture"):
        decode_picture(data)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "BMP", "TIFF"])
def test_a_truncated_file_is_damaged(form):
    noise = Image.effect_noise((64, 64), 90).convert("RGB")
    data = encode(noise, form)
    with pytest.raises((PictureDamagedError, NotAPictureError)):
        decode_picture(data[: len(data) // 2])


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded():
    bomb = encode(Image.new("1", (20_000, 20_000)), "PNG")
    assert len(bomb) < 100_000
    with pytest.raises(PictureTooLargeError, match=r"too many pixels|20000 × 20000"):
        decode_picture(bomb)
    with pytest.raises(PictureTooLargeError, match="40 × 20 pixels"):
        decode_picture(encode(two_tone(), "PNG"), max_pixels=799)


def test_equal_pixels_have_one_digest_whatever_file_they_came_in():
    png, bmp = decode_picture(encode(two_tone(), "PNG")), decode_picture(encode(two_tone(), "BMP"))
    assert png.digest == bmp.digest
    turned = decode_picture(encode(two_tone().rotate(180), "PNG"))
    assert turned.digest != png.digest


def test_a_picture_travels_between_processes():
    picture = decode_picture(encode(two_tone(), "PNG"))
    again = pickle.loads(pickle.dumps(picture))
    assert again.digest == picture.digest
