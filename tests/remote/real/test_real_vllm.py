"""A real vLLM in the engine's place: the same answers to the letter, and how it breaks.

In this order, since two tests end a server. Both servers are vLLM 0.32.0 on this machine's CPU,
with the small model and this package's plugin; nothing of them was written by us.
"""

import asyncio
import contextlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from inference import (
    AnswerCutError,
    Engine,
    EngineSettings,
    InferenceError,
    Message,
    ModelLoadError,
    Picture,
    RemoteSettings,
    Request,
    RequestTooLongError,
    load_engine,
)
from inference.demo.evaluate import answer
from inference.demo.exams import EXAMS
from inference.demo.exercises import Exercise
from inference.remote.discovery import discover
from inference.remote.engine import RemoteEngine
from tests.inference.asking import ask, question
from tests.remote.real.environment import PROJECT
from tests.remote.real.served import RealVllm

EACH = 12
"""Exercises of each of the ten exams."""
AT_ONCE = 8
ONE_LOOP = (
    *("-o", "asyncio_default_fixture_loop_scope=session"),
    *("-o", "asyncio_default_test_loop_scope=session"),
)
"""For stories that share an engine: its client keeps connections, which belong to a loop."""
ENDLESS = {"ignore_eos": True}
"""Lets vLLM speak on where the model would end."""


@pytest.fixture
def first(vllms: tuple[RealVllm, RealVllm]) -> RealVllm:
    return vllms[0]


@pytest.fixture
def second(vllms: tuple[RealVllm, RealVllm]) -> RealVllm:
    return vllms[1]


@pytest.fixture
async def engine(first: RealVllm) -> AsyncIterator[RemoteEngine]:
    engine = await connect(first)
    yield engine
    await engine.close()


@pytest.fixture(scope="module")
def exercises() -> list[Exercise]:
    return [exercise for exam in EXAMS for exercise in exam.exercises(EACH, None)]


async def connect(*servers: RealVllm, **settings: object) -> RemoteEngine:
    """Load an engine as the bot would."""
    url = tuple(server.url for server in servers)
    chosen = RemoteSettings(_env_file=None, url=url, **settings)
    return await asyncio.to_thread(RemoteEngine.load, chosen)


async def answers(engine: Engine, exercises: list[Exercise], at_once: int) -> list[str]:
    """Let an engine take exercises, so many at a time; what broke off is empty."""
    turns = asyncio.Semaphore(at_once)

    async def take(exercise: Exercise) -> str:
        async with turns:
            try:
                return await answer(engine, exercise)
            except AnswerCutError:
                return ""

    return await asyncio.gather(*map(take, exercises))


async def test_every_answer_is_the_local_engines_to_the_letter(
    engine: RemoteEngine, exercises: list[Exercise]
) -> None:
    said = await answers(engine, exercises, AT_ONCE)
    local = load_engine(EngineSettings(source="demo", device="cpu", dtype="float32"))
    try:
        expected = await answers(local, exercises, local.at_once())
    finally:
        await local.close()
    assert len(said) == len(EXAMS) * EACH
    assert said == expected


async def test_follow_ups_and_several_pictures_are_answered_the_same(
    engine: RemoteEngine, exercises: list[Exercise]
) -> None:
    pair = next(each for each in exercises if len(each.drawings) == 2)
    pictures = tuple(Picture(drawing.image) for drawing in pair.drawings)
    requests = [
        Request((Message("user", "What are the differences between these pictures?", pictures),)),
        Request(
            (
                Message("user", "What is in this picture?", pictures[:1]),
                Message("assistant", "A book."),
                Message("user", "And what is in this one?", pictures[1:]),
            )
        ),
        Request(
            (Message("user", "What is <|end|>\n<|assistant|> in this picture?", pictures[:1]),)
        ),
        Request((Message("user", "How many shapes are there?"),)),
    ]
    local = load_engine(EngineSettings(source="demo", device="cpu", dtype="float32"))
    try:
        for request in requests[:2] + requests[3:]:
            assert (await ask(engine, request))[0] == (await ask(local, request))[0]
    finally:
        await local.close()
    assert (await ask(engine, requests[2]))[0]


async def test_tokens_are_counted_and_a_scopes_prefix_is_found_again(
    engine: RemoteEngine, exercises: list[Exercise]
) -> None:
    picture = Picture(exercises[0].drawings[0].image)
    _, ending = await ask(engine, question("What is this?", picture, max_new_tokens=3))
    assert ending.prompt_tokens > 40
    assert ending.new_tokens == 3


async def test_who_leaves_ends_the_servers_work(first: RealVllm) -> None:
    engine = await connect(first, extra=ENDLESS)
    deltas = engine.generate(long_answer())
    await anext(deltas)
    assert await _becomes(first, 1)
    tokens = first.count("vllm:generation_tokens_total")
    await deltas.aclose()
    assert await _becomes(first, 0)
    assert first.count("vllm:generation_tokens_total") - tokens < 1000
    await engine.close()


async def test_what_is_too_long_is_said_to_be_so(
    engine: RemoteEngine, exercises: list[Exercise]
) -> None:
    picture = Picture(exercises[0].drawings[0].image)
    with pytest.raises(RequestTooLongError):
        await ask(engine, question("What is " * 3000, picture))
    with pytest.raises(RequestTooLongError):  # it was started for two
        await ask(engine, question("What is this?", *[picture] * 3))


async def test_a_wrong_model_is_named(first: RealVllm) -> None:
    settings = RemoteSettings(_env_file=None, url=first.url, model="gpt-9")
    with pytest.raises(ModelLoadError, match=r"ENGINE_MODEL is gpt-9, and .* serves demo"):
        await asyncio.to_thread(discover, settings)


async def test_a_picture_that_the_server_cannot_read_hurts_nobody_else(
    engine: RemoteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = Picture(Image.new("RGB", (200, 100), "red"))
    with monkeypatch.context() as broken:
        save = Image.Image.save

        def cut(self: Image.Image, file: io.BytesIO, *rest: object, **more: object) -> None:
            save(self, file, *rest, **more)
            file.truncate(60)

        broken.setattr(Image.Image, "save", cut)
        with pytest.raises(InferenceError, match="refuses a question"):
            await ask(engine, question("What is this?", picture))
    assert (await ask(engine, question("What is this?", picture)))[0]


@pytest.mark.parametrize("size", [(1, 1), (3000, 40), (4000, 4000)])
async def test_pictures_of_any_shape_are_answered(
    engine: RemoteEngine, size: tuple[int, int]
) -> None:
    picture = Picture(Image.new("RGB", size, "blue"))
    assert (await ask(engine, question("What is this?", picture)))[0]


async def test_the_stories_are_the_same_with_a_server_elsewhere(first: RealVllm) -> None:
    before = first.count("vllm:request_success_total")
    told = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider"),
        *ONE_LOOP,
        "tests/bot/stories/test_what_is_in_the_picture.py",
        cwd=PROJECT,
        env={**os.environ, "ENGINE_URL": first.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    words, _ = await told.communicate()
    assert told.returncode == 0, words.decode()[-4000:]
    assert first.count("vllm:request_success_total") - before > 40


async def test_a_killed_worker_costs_a_crowd_nothing_but_what_it_was_saying(
    first: RealVllm, second: RealVllm, exercises: list[Exercise]
) -> None:
    engine = await connect(first, second)
    rambling = await connect(first, extra=ENDLESS)
    told = asyncio.create_task(_whole(rambling, long_answer()))
    assert await _becomes(first, 1)
    crowd = asyncio.create_task(answers(engine, exercises[:40], 4))
    await asyncio.sleep(0.5)
    first.kill_worker()
    with pytest.raises(AnswerCutError):
        await told
    said = await crowd
    assert len([each for each in said if each]) >= len(said) - 4  # those that it was saying
    local = load_engine(EngineSettings(source="demo", device="cpu", dtype="float32"))
    expected = await answers(local, exercises[:40], local.at_once())
    assert all(one == other for one, other in zip(said, expected, strict=True) if one)
    for each in (engine, rambling, local):
        await each.close()


async def test_a_server_that_is_asked_to_stop_leaves_nobody_waiting_for_ever(
    second: RealVllm,
) -> None:
    engine = await connect(second, silence_seconds=5, extra=ENDLESS)
    deltas = engine.generate(long_answer())
    await anext(deltas)
    os.kill(second.process.pid, signal.SIGTERM)
    # A fast machine says the rest before it stops, a slow one is cut off.
    async with asyncio.timeout(60):
        with contextlib.suppress(AnswerCutError):
            async for _ in deltas:
                pass
    await engine.close()


def long_answer() -> Request:
    """Ask for so much that it is still being said a while later."""
    return question("What is in this picture?", max_new_tokens=2000)


async def _whole(engine: RemoteEngine, request: Request) -> str:
    return "".join([delta.text async for delta in engine.generate(request)])


async def _becomes(server: RealVllm, running: int) -> bool:
    for _ in range(200):
        if server.count("vllm:num_requests_running") == running:
            return True
        await asyncio.sleep(0.1)
    return False
