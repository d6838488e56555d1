"""A picture that kills its decoder costs one request one sentence."""

import asyncio
import io
import multiprocessing
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait
from pathlib import Path

import psutil
import pytest
from PIL import Image

from bot.pictures.decode import Decoder
from inference import NotAPictureError, Picture, PictureDamagedError
from tests.hostile.bombs import slow_jpeg
from tests.hostile.seeds import sound_pictures

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


async def test_the_pool_heals_itself_when_a_process_dies(decoder: Decoder) -> None:
    await decoder.decode(_png("red"))
    for process in multiprocessing.active_children():
        process.kill()
    pictures = await asyncio.gather(*[decoder.decode(_png("blue")) for _ in range(3)])
    assert {picture.image.getpixel((0, 0)) for picture in pictures} == {(0, 0, 255)}


async def test_a_picture_that_kills_its_decoder_takes_no_other_along() -> None:
    hangs = Decoder(max_seconds=2)
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
    await decoder.decode(sound_pictures()[0])
    ours = set(multiprocessing.active_children()) - others
    decoding = await at_work(decoder)
    decoding.cancel()
    decoder.close()
    # Not process.join(): the pool's own thread joins too, and only one of the two is told the end.
    alive = {process.sentinel for process in ours}
    while alive and (ended := await asyncio.to_thread(wait, alive, 60)):
        alive -= set(ended)
    assert not alive


async def test_a_decoder_that_dies_after_the_close_is_not_replaced(decoder: Decoder) -> None:
    others = set(multiprocessing.active_children())
    await decoder.decode(sound_pictures()[0])
    ours = set(multiprocessing.active_children()) - others
    decoding = await at_work(decoder)
    decoder.close()
    for process in ours:
        process.kill()
    with pytest.raises(PictureDamagedError):
        await decoding
    assert set(multiprocessing.active_children()) - others - ours == set()


async def at_work(decoder: Decoder) -> asyncio.Task[Picture]:
    """Begin a picture that takes long, and wait until a process has it."""
    decoding = asyncio.create_task(decoder.decode(slow_jpeg(scans=300)))
    while not any(is_busy(process) for process in decoder._processes):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    return decoding


def is_busy(process: ProcessPoolExecutor) -> bool:
    """Tell whether the process can no longer be spared its picture."""
    return any(item.future.running() for item in [*process._pending_work_items.values()])
