"""A scrolled screenshot is asked about in parts in which every line can be read."""

import pytest
from PIL import Image, ImageDraw, ImageFont

from inference import TASKS, Message, Picture, Source
from inference.hd_size import hd_size
from inference.phi3_vision.image_processing import Phi3VImageProcessor
from inference.pictures import parts_of

LINES = 60


def chat() -> tuple[Image.Image, list[tuple[int, int]]]:
    """Draw a chat of 60 lines as a phone scrolls it, and tell where each line stands."""
    image = Image.new("RGB", (1080, 12_000), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(32)
    places = []
    for line in range(LINES):
        corner = (40, 200 * line + 90)
        draw.text(corner, f"{line}: we meet at the harbour at {line % 12} o'clock", "black", font)
        _, top, _, foot = draw.textbbox(corner, "gjpyÅ", font)
        places.append((int(top), int(foot) + 1))
    return image, places


def scale(picture: Picture, crops: int) -> float:
    size = Phi3VImageProcessor().hd_size(*picture.image.size, crops)
    return size.resized_width / picture.image.width


def test_every_line_of_a_scrolled_chat_is_whole_and_large_in_some_part():
    image, lines = chat()
    request = TASKS["ocr"].request((Picture(image),))
    (message,) = request.messages
    assert len(message.pictures) > 1
    assert all(scale(part, request.crops) >= 0.6 for part in message.pictures)
    parts = [part.image.tobytes() for part in message.pictures]
    for top, foot in lines:
        written = image.crop((0, top, 1080, foot)).tobytes()
        assert any(written in part for part in parts)


@pytest.mark.parametrize("task", ["ocr", "describe", "ask"])
@pytest.mark.parametrize("busy", [False, True])
def test_each_task_that_reads_is_shown_the_parts_however_many_wait(task, busy):
    picture = Picture(Image.new("RGB", (1080, 12_000)))
    request = TASKS[task].request((picture,), "what is said?", busy=busy)
    (message,) = request.messages
    assert [part.image.size for part in message.pictures] == [(1080, 4320)] * 3
    assert all(scale(part, request.crops) >= 0.6 for part in message.pictures)


def test_the_model_is_told_that_the_parts_are_one_picture():
    down, across = (Picture(Image.new("RGB", size)) for size in ((1080, 12_000), (12_000, 1080)))
    assert "from top to bottom" in TASKS["ocr"].request((down,)).messages[0].text
    assert "from left to right" in TASKS["ocr"].request((across,)).messages[0].text


def test_a_follow_up_sees_the_same_parts_and_words_again():
    picture = Picture(chat()[0])
    first = TASKS["ask"].request((picture,), "who comes?")
    earlier = (
        Message("user", "who comes?", (picture,)),
        Message("assistant", "We."),
    )
    follow_up = TASKS["ask"].request((), "and when?", earlier=earlier)
    again, before = follow_up.messages[0], first.messages[0]
    assert again.text == before.text
    assert [part.digest for part in again.pictures] == [part.digest for part in before.pictures]


@pytest.mark.parametrize("size", [(1080, 2400), (4000, 3000), (300, 3000), (1080, 5000), (40, 900)])
def test_what_is_seen_well_as_it_is_stays_whole(size):
    picture = Picture(Image.new("RGB", size))
    assert parts_of(picture) == (picture,)
    (message,) = TASKS["ocr"].request((picture,)).messages
    assert message.pictures == (picture,)


def test_of_several_pictures_none_is_cut():
    picture = Picture(chat()[0])
    (message,) = TASKS["ocr"].request((picture, picture)).messages
    assert message.pictures == (picture, picture)


@pytest.mark.parametrize("long", range(3000, 22_001, 950))
@pytest.mark.parametrize("short", [97, 585, 1080, 1440, 2160])
def test_parts_of_any_shape_cover_the_picture_and_overlap_by_a_line(long, short):
    parts = parts_of(Picture(Image.linear_gradient("L").resize((short, long)).convert("RGB")))
    whole = hd_size(short, long, 16)
    if len(parts) == 1:
        return
    lengths = {part.image.height for part in parts}
    (length,) = lengths
    assert 2 <= len(parts) <= 6
    assert len(parts) * length - long >= (len(parts) - 1) * (short / 8 - 1)
    assert scale(parts[0], 16) > 1.1 * whole.resized_height / long


def test_a_strip_is_cut_across_as_a_scroll_is_down():
    image, _ = chat()
    down = parts_of(Picture(image))
    across = parts_of(Picture(image.transpose(Image.Transpose.TRANSPOSE)))
    assert [part.image.transpose(Image.Transpose.TRANSPOSE).tobytes() for part in across] == [
        part.image.tobytes() for part in down
    ]


def test_the_frames_of_an_animation_are_told_to_be_its_frames():
    frames = (Picture(Image.new("RGB", (60, 40))),) * 3
    told = TASKS["describe"].request(frames, source=Source.FRAMES)
    assert told.messages[0].text.startswith("These images are frames of one animation, in order.")
    assert told.crops == 4


def test_pages_are_looked_at_as_closely_as_one_picture():
    pages = (Picture(Image.new("RGB", (1000, 1400))),) * 3
    assert TASKS["ocr"].request(pages, source=Source.PAGES).crops == 16
