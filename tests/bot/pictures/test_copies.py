"""What an answer shows of a picture is no less than the model sees of it, and fits into Discord."""

import io

import numpy as np
import pytest
from PIL import Image

from bot.pictures.compared import differences, side_by_side
from bot.pictures.copies import EXACT, compare_copies, copy_file
from inference import Opened, PictureDamagedError, Source, decode_picture, decode_pictures
from tests.inference.pictures.drawing import animation, encode, pdf

LIMIT = 10 * 1024 * 1024


def noise(width: int, height: int) -> Image.Image:
    """Draw what no format packs well."""
    pixels = np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def copied(data: bytes, most_bytes: int = LIMIT) -> tuple[Opened, list[tuple[str, bytes]]]:
    return copy_file(data, "", 4, most_bytes)


def size(copy: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(copy)) as image:
        return image.size


def test_a_drawing_is_copied_exactly() -> None:
    drawing = encode(animation(["red"])[0], "PNG")
    _, [(kind, copy)] = copied(drawing)
    assert kind == "webp"
    assert decode_picture(copy).digest == decode_picture(drawing).digest


def test_a_photo_is_as_large_as_the_model_looks_at_it() -> None:
    _, [(_, copy)] = copied(encode(Image.new("RGB", (4000, 3000), "teal"), "JPEG"))
    assert size(copy) == (1344, 1008)


def test_a_scrolled_screenshot_which_is_cut_into_parts_keeps_its_size() -> None:
    _, [(_, copy)] = copied(encode(Image.new("RGB", (600, 9000), "white"), "PNG"))
    assert size(copy) == (600, 9000)


def test_what_is_too_long_for_webp_is_copied_all_the_same() -> None:
    _, [(kind, copy)] = copied(encode(Image.new("RGB", (600, 20_000), "white"), "PNG"))
    assert (kind, size(copy)) == ("jpg", (600, 20_000))


def test_a_photo_takes_few_bytes() -> None:
    _, [(_, copy)] = copied(encode(noise(1344, 1008), "PNG"))
    assert len(copy) < 2 * EXACT
    assert size(copy) == (1344, 1008)


@pytest.mark.parametrize("most", [200_000, 20_000])
def test_a_copy_keeps_to_the_limit_of_an_upload(most: int) -> None:
    _, [(_, copy)] = copied(encode(noise(1344, 1008), "PNG"), most)
    assert len(copy) <= most


def test_an_animation_is_copied_in_the_frames_that_are_looked_at() -> None:
    frames = animation(["red", "orange", "yellow", "green", "blue", "purple"])
    opened, [(_, copy)] = copied(encode(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert (opened.source, opened.total) == (Source.FRAMES, 6)
    again = decode_pictures(copy)
    assert (again.source, len(again.pictures)) == (Source.FRAMES, 4)


def test_of_a_document_the_page_that_is_asked_about_is_copied() -> None:
    opened, copies = copy_file(pdf("one", "two", "three"), "page 2", 4, LIMIT)
    assert (opened.source, opened.numbers, opened.total) == (Source.PAGES, (2,), 3)
    assert len(copies) == 1


def test_what_cannot_be_opened_is_not_copied() -> None:
    with pytest.raises(PictureDamagedError):
        copied(encode(noise(100, 100), "PNG")[:200])


def test_where_two_pictures_of_one_size_differ_is_found() -> None:
    before = Image.new("RGB", (480, 240), "white")
    after = before.copy()
    after.paste("black", (100, 60, 140, 100))
    after.paste("black", (400, 200, 420, 220))
    boxes = differences(before, after)
    assert [_around(box, spot) for box, spot in zip(boxes, ((120, 80), (410, 210)), strict=True)]
    assert all(right - left <= 80 for left, _, right, _ in boxes)


@pytest.mark.parametrize("other", [(480, 240), (240, 480)])
def test_of_two_quite_different_pictures_nothing_is_marked(other: tuple[int, int]) -> None:
    assert differences(Image.new("RGB", (480, 240), "white"), Image.new("RGB", other)) == []


def test_the_sheet_shows_all_pictures_beside_each_other() -> None:
    colours = ("red", "lime", "blue")
    sheet = side_by_side([Image.new("RGB", (300, 200 + 50 * n), c) for n, c in enumerate(colours)])
    seen = [sheet.getpixel((x, sheet.height // 2)) for x in range(sheet.width)]
    runs = [pixel for pixel, before in zip(seen[1:], seen, strict=False) if pixel != before]
    assert [each for each in runs if each in {(255, 0, 0), (0, 255, 0), (0, 0, 255)}] == [
        (255, 0, 0), (0, 255, 0), (0, 0, 255),
    ]  # fmt: skip
    wide = compare_copies([encode(Image.new("RGB", (3000, 300)), "PNG")] * 6, LIMIT)
    assert size(wide)[0] <= 4096


def _around(box: tuple[int, int, int, int], spot: tuple[int, int]) -> bool:
    left, top, right, bottom = box
    assert left <= spot[0] <= right
    assert top <= spot[1] <= bottom
    return True
