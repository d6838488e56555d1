import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.wire.clock import VirtualTimeLoop


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_an_hour_passes_in_no_time() -> None:
    began = time.monotonic()

    await asyncio.sleep(3600)

    assert now() == pytest.approx(3600)
    assert time.monotonic() - began < 600  # however slow the machine is


async def test_sleepers_wake_in_their_order() -> None:
    woken: list[str] = []

    async def sleep(seconds: float, name: str) -> None:
        await asyncio.sleep(seconds)
        woken.append(f"{name} at {now():.0f}")

    await asyncio.gather(sleep(20, "late"), sleep(5, "early"), sleep(12, "middle"))

    assert woken == ["early at 5", "middle at 12", "late at 20"]


async def test_time_stands_still_while_a_pool_works() -> None:
    sleeper = asyncio.create_task(asyncio.sleep(10))

    with ThreadPoolExecutor(1) as pool:
        await asyncio.get_running_loop().run_in_executor(pool, sum, range(3_000_000))

    assert now() == 0
    assert not sleeper.done()
    await sleeper


async def test_time_stands_still_during_work_that_the_loop_cannot_see() -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualTimeLoop)
    finished = loop.create_future()
    sleeper = asyncio.create_task(asyncio.sleep(10))

    def work() -> None:
        total = sum(range(3_000_000))
        loop.call_soon_threadsafe(finished.set_result, total)

    with ThreadPoolExecutor(1) as thread, loop.working():
        thread.submit(work)
        await finished

    assert now() == 0
    await sleeper


async def test_time_stands_still_while_bytes_are_under_way() -> None:
    arrived: list[tuple[bytes, float]] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readexactly(1_000_000))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        async with asyncio.timeout(0.001):
            writer.write(bytes(1_000_000))
            arrived.append((await reader.read(), now()))
        writer.close()

    assert arrived == [(bytes(1_000_000), 0)]
