"""A picture that kills its decoder costs one request one sentence."""

import asyncio
import io
import multiprocessing
import resource
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
from PIL import Image

from bot.pictures.decode import WORKERS, Decoder
from inference import NotAPictureError, Picture, PictureDamagedError, Source
from tests.hostile.bombs import large_png, slow_jpeg
from tests.inference.pictures.drawing import pdf

KILLED_BOT = """
import asyncio, os, sys, psutil
from pathlib import Path
from bot.pictures.decode import Decoder
async def main():
    await Decoder().decode(Path(sys.argv[1]).read_bytes())
    children = psutil.Process().children()
    decoders = [child.pid for child in children if "spawn_main" in " ".join(child.cmdline())]
    print(*decoders, flush=True)
    await asyncio.sleep(600)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.fixture
async def decoder() -> AsyncIterator[Decoder]:
    decoder = Decoder()
    yield decoder
    decoder.close()


async def test_a_picture_comes_back_upright_and_in_colour(decoder: Decoder) -> None:
    picture = await decoder.decode(_png("red"))
    assert picture.image.mode == "RGB"
    assert picture.image.getpixel((0, 0)) == (255, 0, 0)


async def test_what_is_no_picture_is_told_so(decoder: Decoder) -> None:
    with pytest.raises(NotAPictureError):
        await decoder.decode(b"a text file")


async def test_a_picture_that_lost_all_its_pixels_is_told_so(decoder: Decoder) -> None:
    with pytest.raises(PictureDamagedError):
        await decoder.decode(_png("red")[:50])


@pytest.mark.parametrize("pause", [0, 0.5], ids=["at once", "after its death was noticed"])
async def test_the_pool_heals_itself_when_a_process_dies(decoder: Decoder, pause: float) -> None:
    await decoder.decode(_png("red"))
    for process in multiprocessing.active_children():
        process.kill()
    await asyncio.sleep(pause)
    pictures = await asyncio.gather(*[decoder.decode(_png("blue")) for _ in range(3)])
    assert {picture.image.getpixel((0, 0)) for picture in pictures} == {(0, 0, 255)}


async def test_a_picture_that_kills_its_decoder_takes_no_other_along() -> None:
    hangs = Decoder(max_seconds=3)
    try:
        endless, *others = await asyncio.gather(
            hangs.decode(slow_jpeg(scans=3000)),
            *[hangs.decode(_png("green")) for _ in range(5)],
            return_exceptions=True,
        )
    finally:
        hangs.close()
    assert isinstance(endless, PictureDamagedError)
    assert [isinstance(other, Picture) for other in others] == [True] * 5


def test_decoders_end_with_a_bot_that_is_killed(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(_png("red"))
    bot = subprocess.Popen(
        [sys.executable, "-c", KILLED_BOT, picture], stdout=subprocess.PIPE, text=True
    )
    assert bot.stdout is not None
    decoders = [psutil.Process(int(pid)) for pid in bot.stdout.readline().split()]
    assert decoders
    bot.kill()
    bot.wait()
    _, alive = psutil.wait_procs(decoders, timeout=30)
    assert not alive


def _png(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "PNG")
    return file.getvalue()


async def test_a_decoder_that_is_closed_at_work_leaves_no_process_behind(
    decoder: Decoder,
) -> None:
    others = set(multiprocessing.active_children())
    decoding = await at_work(decoder)
    decoder.close()
    assert set(multiprocessing.active_children()) == others
    with pytest.raises(PictureDamagedError):
        await decoding
    with pytest.raises(PictureDamagedError):
        await decoder.decode(_png("red"))
    assert set(multiprocessing.active_children()) == others


async def test_who_ends_all_processes_of_the_bot_blames_no_picture() -> None:
    """As a service manager does that gives its order to stop to each of them."""
    decoder = Decoder(max_seconds=60)
    try:
        decoding = await at_work(decoder)
        for process in multiprocessing.active_children():
            process.terminate()
        assert isinstance(await decoding, Picture)
    finally:
        decoder.close()


async def test_who_waits_no_more_holds_no_process(decoder: Decoder) -> None:
    decodings = [await at_work(decoder) for _ in range(WORKERS)]
    for decoding in decodings:
        decoding.cancel()
    picture = await decoder.decode(_png("red"))
    assert picture.image.getpixel((0, 0)) == (255, 0, 0)


async def test_a_file_of_several_pictures_comes_back_with_their_numbers(decoder: Decoder) -> None:
    opened = await decoder.open(pdf("one", "two", "three"), "what does page 2 say?")
    assert (opened.source, opened.numbers, opened.total) == (Source.PAGES, (2,), 3)


async def test_a_picture_that_takes_too_much_memory_costs_no_other() -> None:
    small = Decoder(max_memory=500 * 1024**2)
    try:
        with pytest.raises(PictureDamagedError):
            await small.decode(large_png(9000, "P"))
        assert isinstance(await small.decode(_png("red")), Picture)
    finally:
        small.close()


async def test_where_memory_cannot_be_limited_pictures_are_decoded_all_the_same() -> None:
    unlimited = Decoder(max_memory=None)
    try:
        assert isinstance(await unlimited.decode(_png("red")), Picture)
        (limit,) = {
            psutil.Process(child.pid).rlimit(psutil.RLIMIT_AS)
            for child in multiprocessing.active_children()
        }
        assert limit == resource.getrlimit(resource.RLIMIT_AS)
    finally:
        unlimited.close()


async def at_work(decoder: Decoder) -> asyncio.Task[Picture]:
    """Begin a picture that takes long, and wait until a process has it."""
    decoding = asyncio.create_task(decoder.decode(slow_jpeg(scans=300)))
    await asyncio.sleep(0)
    future = [*decoder._at_work][-1]
    assert future
    while not any(  # noqa: ASYNC110
        task.started and not task.future.done()
        for pool in decoder._pools
        for task in [*pool._pool_manager.task_manager.tasks.values()]
    ):
        await asyncio.sleep(0.01)
    return decoding
