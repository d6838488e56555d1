"""Strangers' files cost one request one sentence, at most."""

import pytest

from bot.pictures.decode import Decoder
from inference import PictureDamagedError, PictureTooLargeError
from tests.hostile import bombs
from tests.hostile.fuzz import fuzz
from tests.hostile.mutations import mutant
from tests.hostile.seeds import sound_pictures

FILES = 500


async def test_five_hundred_hostile_files_are_each_answered_within_the_limits() -> None:
    report = await fuzz(FILES, seed=7)
    assert report.answers.total() == FILES
    assert report.faults == []
    assert len(report.answers) > 3, "the files are of too few kinds to prove anything"


def test_a_seed_and_a_number_always_name_the_same_file() -> None:
    assert [mutant(1, number) for number in range(40)] == [
        mutant(1, number) for number in range(40)
    ]
    assert mutant(1, 3) != mutant(2, 3)


async def test_a_picture_that_takes_for_ever_is_cut_off_and_the_next_one_is_served() -> None:
    decoder = Decoder(max_seconds=2)
    try:
        with pytest.raises(PictureDamagedError):
            await decoder.decode(bombs.slow_jpeg(scans=3000))
        assert (await decoder.decode(sound_pictures()[0])).image.size == (48, 32)
    finally:
        decoder.close()


async def test_few_bytes_cannot_become_many_pixels() -> None:
    decoder = Decoder()
    try:
        with pytest.raises(PictureTooLargeError):
            await decoder.decode(bombs.large_png(12_000))
        huge = await decoder.decode(bombs.large_png(8000))
        assert huge.image.size == (4000, 4000)
    finally:
        decoder.close()
