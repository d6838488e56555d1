"""Of what moves, a few frames that show something, and how many there were."""

import struct

import pytest
from PIL import Image

from inference import PictureDamagedError, Source, decode_picture, decode_pictures
from tests.inference.pictures.drawing import animation, chunk, encode

FORMS = ["GIF", "PNG", "WEBP", "AVIF"]
RAINBOW = ["red", "orange", "yellow", "green", "cyan", "blue", "purple", "brown", "pink"]


def animated(form, frames, **options):
    return encode(frames[0], form, save_all=True, append_images=frames[1:], **options)


@pytest.mark.parametrize("form", FORMS)
def test_frames_are_spread_over_the_time_and_counted(form):
    opened = decode_pictures(animated(form, animation(RAINBOW)))
    assert opened.source is Source.FRAMES
    assert opened.total == 9
    assert len(opened.pictures) == 4
    assert opened.numbers[0] == 1
    assert opened.numbers[-1] == 9
    first, *_, last = (picture.image.getpixel((2, 2)) for picture in opened.pictures)
    assert first == pytest.approx((255, 0, 0), abs=12)
    assert last == pytest.approx((255, 192, 203), abs=12)


@pytest.mark.parametrize("form", FORMS)
def test_what_begins_black_is_seen_where_it_shows_something(form):
    fading = animation(["#000000", "#080808", "#505050", "#a0a0a0", "#ffffff", "#ffffff"])
    data = animated(form, fading)
    low, high = decode_picture(data).image.convert("L").getextrema()
    assert high - low > 120
    assert 1 not in decode_pictures(data).numbers


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_what_begins_clear_is_seen_where_it_shows_something(form):
    frames = [Image.new("RGBA", (60, 40)), *[frame.convert("RGBA") for frame in animation(["red"])]]
    assert decode_picture(animated(form, frames)).image.getpixel((2, 2)) == (
        pytest.approx((255, 0, 0), abs=3)
    )


def test_an_animation_of_nothing_is_a_blank_picture():
    blank = [*animation(["black", "black"]), Image.new("RGB", (60, 40), "#010101")]
    assert decode_picture(animated("GIF", blank)).image.size == (60, 40)


def test_the_picture_that_stands_in_for_an_animation_is_none_of_its_frames():
    frames = animation(["white", "red", "blue"])
    opened = decode_pictures(animated("PNG", frames, default_image=True))
    assert opened.total == 2
    assert opened.numbers == (1, 2)
    assert opened.pictures[0].image.getpixel((2, 2)) == (255, 0, 0)


@pytest.mark.parametrize("form", FORMS)
def test_a_still_picture_is_no_animation(form):
    opened = decode_pictures(encode(animation(["red"])[0], form))
    assert opened.source is Source.PICTURE
    assert (opened.numbers, opened.total) == ((1,), 1)


@pytest.mark.parametrize("form", ["GIF", "PNG"])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.9])
def test_an_animation_that_breaks_off_shows_what_came_before(form, share):
    noise = [Image.effect_noise((64, 64), 90 + step).convert("RGB") for step in range(8)]
    data = animated(form, noise)
    opened = decode_pictures(data[: int(len(data) * share)])
    assert opened.pictures[0].image.getcolors(4096) != 1
    assert opened.pictures[0].image.tobytes() == decode_picture(data).image.tobytes()


def test_an_animation_claims_no_more_frames_than_it_has():
    data = animated("PNG", animation(RAINBOW[:2]))
    place, endless = data.index(b"acTL") - 4, chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))
    claims = data[:place] + endless + data[place + len(endless) :]
    assert decode_pictures(claims).total == 2


def test_an_animation_without_a_frame_is_damaged():
    with pytest.raises(PictureDamagedError):
        decode_picture(animated("GIF", animation(RAINBOW))[:40])
