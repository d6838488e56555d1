"""One list says what counts as a picture: by type, by name, by first bytes."""

import pytest

from inference import claims_picture, decode_picture, picture_format
from tests.hostile.seeds import sound_pictures
from tests.inference.pictures.drawing import pdf


@pytest.mark.parametrize(
    ("media_type", "name", "is_picture"),
    [
        ("image/png", "a.txt", True),
        ("image/heic", "", True),
        ("IMAGE/JPEG; charset=binary", "", True),
        ("image/svg+xml", "logo.svg", True),
        ("application/pdf", "", True),
        ("text/plain", "a.png", False),
        ("audio/ogg", "voice-message.ogg", False),
        ("video/mp4", "", False),
        (None, "IMG_0001.HEIC", True),
        ("application/octet-stream", "scan.tiff", True),
        (None, "notes.txt", False),
        (None, "unknown", None),
        ("", "", None),
    ],
)
def test_a_file_is_known_by_its_type_then_by_its_name(media_type, name, is_picture):
    assert claims_picture(media_type, name) is is_picture


@pytest.mark.parametrize("data", [*sound_pictures(), pdf("a")], ids=lambda data: repr(data[:12]))
def test_every_file_that_is_read_is_known_by_its_first_bytes(data):
    assert picture_format(data[:256]) is not None
    decode_picture(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"\0\0\0\x18ftypisom\0\0\0\0isommp42",
        b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
        b"<!DOCTYPE html>",
    ],
)
def test_sounds_videos_and_pages_of_the_web_are_none(data):
    assert picture_format(data) is None
