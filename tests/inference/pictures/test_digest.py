"""A picture is named once: that takes a while, and follow-ups ask for its name again."""

import pytest
from PIL import Image

from inference import Picture


def test_the_pixels_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    tobytes = Image.Image.tobytes
    monkeypatch.setattr(Image.Image, "tobytes", lambda image: read.append(1) or tobytes(image))
    picture = Picture(Image.new("RGB", (20, 30), "red"))
    assert picture.digest == picture.digest
    assert len(read) == 1


def test_equal_pixels_have_one_name_and_others_another() -> None:
    red, same, turned = (
        Picture(Image.new("RGB", size, "red")) for size in ((4, 6), (4, 6), (6, 4))
    )
    assert red.digest == same.digest != turned.digest
