"""The crowd waits in our queue: servers are given what they can take, as they tell it."""

import asyncio
import time

from inference.remote.engine import RemoteEngine
from tests.inference.asking import ask, question
from tests.remote.conftest import Connect
from tests.remote.dialects import Refusal
from tests.remote.model_server import SENTENCE, ModelServer, refuses, says


async def crowd(engine: RemoteEngine, people: int) -> list[str]:
    """Let people ask, as many at once as the engine says that it answers, and one more."""
    waiting = people
    running: set[asyncio.Task[tuple[str, object]]] = set()
    said = []
    while waiting or running:
        while waiting and len(running) <= engine.at_once():
            running.add(asyncio.create_task(ask(engine, question("What is this?"))))
            waiting -= 1
        done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        said += [task.result()[0] for task in done]
    return said


async def test_the_window_opens_while_nobody_waits_there(connect: Connect) -> None:
    async with ModelServer() as server:
        engine = connect(server)
        assert engine.at_once() == 4
        await crowd(engine, 300)
        assert engine.at_once() == 32
        assert server.most_running == 32


async def test_no_more_is_handed_over_than_a_server_runs_at_once(connect: Connect) -> None:
    async with ModelServer(slots=6) as server:
        server.seconds_a_token = 0.5
        engine = connect(server)
        await crowd(engine, 100)

        waited = 0
        running = asyncio.create_task(crowd(engine, 100))
        while not running.done():
            await asyncio.sleep(0.5)
            waited = max(waited, server.waiting)
        assert waited <= 4  # what it lets wait while we look for the border
        assert server.most_running == 6
        assert 4 <= engine.at_once() <= 10


async def test_a_server_that_refuses_is_given_less(connect: Connect) -> None:
    async with ModelServer() as server:
        refused = 0

        async def takes_five(exchange: object) -> object:
            nonlocal refused
            if server.running > 5:
                refused += 1
                return await refuses(Refusal(429, "Too Many Requests"))(exchange)
            return await says(*SENTENCE)(exchange)

        server.always = takes_five
        engine = connect(server)
        assert len(await crowd(engine, 300)) == 300
        assert refused < 60
        assert engine.at_once() <= 8


async def test_the_server_with_the_fewest_of_our_questions_is_asked(connect: Connect) -> None:
    async with ModelServer() as slow, ModelServer() as fast:
        slow.seconds_a_token, fast.seconds_a_token = 0.4, 0.04
        await crowd(connect(slow, fast), 200)
        assert slow.finished + fast.finished == 200
        assert fast.finished > 3 * slow.finished


async def test_a_conversation_goes_to_the_same_server_where_both_are_free(
    connect: Connect,
) -> None:
    async with ModelServer() as one, ModelServer() as other:
        engine = connect(one, other)
        for _ in range(3):
            for scope in map(str, range(8)):
                await ask(engine, question("What is this?", scope=scope))
        assert one.asked
        assert other.asked
        salts = [{asked["cache_salt"] for asked in server.asked} for server in (one, other)]
        assert not salts[0] & salts[1]


async def test_a_server_that_is_away_is_left_alone_and_found_again(connect: Connect) -> None:
    async with ModelServer() as stays, ModelServer() as goes:
        engine = connect(stays, goes)
        both = engine.at_once()
        await goes.stop()
        assert len(await crowd(engine, 40)) == 40
        assert len(stays.asked) >= 36
        assert not goes.running
        await goes.start()
        before = goes.finished
        began = time.monotonic()
        while goes.finished == before:
            await crowd(engine, 8)
        assert time.monotonic() - began < 20
        assert engine.at_once() >= both


async def test_where_no_server_is_up_one_question_at_a_time_looks_for_one(
    connect: Connect, server: ModelServer
) -> None:
    engine = connect(server)
    await server.stop()
    asked = asyncio.create_task(ask(engine, question("What is this?")))
    await asyncio.sleep(5)
    assert engine.at_once() == 1
    await server.start()
    await asked
    assert len(await crowd(engine, 100)) == 100
    assert engine.at_once() > 4


async def test_nobody_is_looked_after_while_nobody_asks(
    engine: RemoteEngine,
) -> None:
    before = asyncio.all_tasks()
    await ask(engine, question("What is this?"))
    await asyncio.sleep(10)
    assert not {task for task in asyncio.all_tasks() - before if "Pool" in repr(task)}
