"""A model that nobody asks gives its memory back; who asks then has it loaded again."""

import asyncio
import gc
import threading
import weakref
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from inference import EngineClosedError, EngineSettings, GenerationError, ModelLoadError, Picture
from inference.checkpoint.loading import load_model
from inference.decoder.arena import Arena
from inference.engine.local import Limits, LocalEngine
from tests.inference.asking import ask, question
from tests.oracle import Oracle

ROWS = 2003
"""No other test's arena is as long."""


class Reloading:
    """Loads the tiny model; `before` is called each time it is loaded again."""

    def __init__(self, checkpoint: Path) -> None:
        self._settings = EngineSettings(source=str(checkpoint), dtype="float32", device="cpu")
        self.before: Callable[[Callable[[float], None]], None] = lambda _: None
        self.layers: list[weakref.ref[Any]] = []

    def engine(self, **limits: float) -> LocalEngine:
        model, processor = load_model(self._settings)
        return LocalEngine(
            self._noted(model),
            processor,
            "tiny",
            Limits(context=ROWS, most_at_once=1, **limits),
            load=self._load,
        )

    def _load(self, progress: Callable[[float], None]) -> Any:
        self.before(progress)
        return self._noted(load_model(self._settings, progress)[0])

    def _noted(self, model: Any) -> Any:
        self.layers.append(weakref.ref(model.model.language_model.layers[0]))
        return model


@pytest.fixture
def reloading(tiny_checkpoint: Path) -> Reloading:
    return Reloading(tiny_checkpoint)


@pytest.fixture
async def engine(reloading: Reloading) -> AsyncIterator[LocalEngine]:
    engine = reloading.engine()
    yield engine
    await engine.close()


def arenas() -> list[weakref.ref[Arena]]:
    made = (each for each in gc.get_objects() if type(each) is Arena)
    return [weakref.ref(arena) for arena in made if arena.rows == ROWS]


async def let_go(engine: LocalEngine) -> None:
    await asyncio.wrap_future(engine.release())
    assert not engine.is_loaded


async def test_weights_and_arena_are_let_go_and_the_next_answer_is_the_same(
    engine: LocalEngine, reloading: Reloading, oracle: Oracle, landscape: Picture
) -> None:
    request = question("What is this?", landscape, scope="lounge")
    before, _ = await ask(engine, request)
    (arena,) = arenas()
    await let_go(engine)
    assert arena() is None
    assert reloading.layers[0]() is None
    after, ending = await ask(engine, request)
    assert after == before == oracle.answer(request)
    assert ending.cached_tokens == 0
    assert engine.is_loaded
    assert reloading.layers[1]() is not None


async def test_what_was_set_aside_as_lasting_is_let_go_too(
    engine: LocalEngine, reloading: Reloading
) -> None:
    gc.freeze()  # as the bot does, so that it is not looked through for garbage
    await let_go(engine)
    assert reloading.layers[0]() is None
    assert gc.get_freeze_count() > 0
    gc.unfreeze()


async def test_a_closed_engine_keeps_nothing_of_its_model(reloading: Reloading) -> None:
    engine = reloading.engine()
    gc.freeze()
    await engine.close()
    assert not engine.is_loaded
    assert reloading.layers[0]() is None
    gc.unfreeze()


async def test_an_idle_model_is_let_go_after_the_minutes_of_the_setting(
    reloading: Reloading, oracle: Oracle
) -> None:
    loop, gone = asyncio.get_running_loop(), asyncio.Event()
    engine = reloading.engine(release_after=1e-5)
    for number in range(2):
        if layer := reloading.layers[number]():
            weakref.finalize(layer, loop.call_soon_threadsafe, gone.set)
            del layer
            await gone.wait()
        gone.clear()
        request = question(f"Question {number}?")
        assert (await ask(engine, request))[0] == oracle.answer(request)
    await engine.close()


async def test_who_is_being_answered_keeps_the_model(engine: LocalEngine, oracle: Oracle) -> None:
    request = question("Tell me a story", max_new_tokens=40)
    story = engine.generate(request)
    said = [await anext(story)]
    released = engine.release()
    said += [delta async for delta in story]
    assert "".join(delta.text for delta in said) == oracle.answer(request)
    await asyncio.wrap_future(released)
    assert not engine.is_loaded


async def test_a_question_that_comes_while_the_model_is_let_go_is_answered(
    engine: LocalEngine, reloading: Reloading, oracle: Oracle
) -> None:
    leaving, asked = threading.Event(), threading.Event()
    weakref.finalize(reloading.layers[0](), lambda: (leaving.set(), asked.wait()))
    released = asyncio.wrap_future(engine.release())
    await asyncio.to_thread(leaving.wait)
    request = question("Are you there?")
    answer = asyncio.create_task(ask(engine, request))
    while not engine._model_thread._posts:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0)
    asked.set()
    await released
    assert (await answer)[0] == oracle.answer(request)


async def test_closing_while_the_model_is_loaded_again_tells_everybody_and_loads_no_further(
    engine: LocalEngine, reloading: Reloading
) -> None:
    loading, closed = threading.Event(), threading.Event()

    def wait(_: Any) -> None:
        loading.set()
        closed.wait()

    await let_go(engine)
    reloading.before = wait
    asker = asyncio.create_task(ask(engine, question("Hello")))
    await asyncio.to_thread(loading.wait)
    closing = asyncio.create_task(engine.close())
    with pytest.raises(EngineClosedError):
        await asker
    closed.set()
    await closing
    assert engine.stopped.result() is None
    assert len(reloading.layers) == 1


async def test_loading_that_hangs_closes_the_engine(reloading: Reloading) -> None:
    engine, over = reloading.engine(step_seconds=0.05), threading.Event()
    await let_go(engine)
    reloading.before = lambda _: over.wait() and None
    with pytest.raises(GenerationError):
        await ask(engine, question("Hello"))
    assert isinstance(engine.stopped.exception(), GenerationError)
    over.set()


@pytest.mark.parametrize("fault", [ModelLoadError("the file is gone"), torch.OutOfMemoryError()])
async def test_when_loading_fails_everybody_is_told_and_the_next_question_tries_again(
    engine: LocalEngine, reloading: Reloading, oracle: Oracle, fault: Exception
) -> None:
    def fail(_: Any) -> None:
        raise fault

    await let_go(engine)
    reloading.before = fail
    outcomes = await asyncio.gather(
        *(ask(engine, question(f"Question {n}?")) for n in range(3)), return_exceptions=True
    )
    assert all(isinstance(outcome, GenerationError) for outcome in outcomes)
    assert not engine.is_loaded
    reloading.before = lambda _: None
    request = question("And now?")
    assert (await ask(engine, request))[0] == oracle.answer(request)


async def test_when_loading_fails_what_was_loaded_until_then_is_let_go(
    engine: LocalEngine, reloading: Reloading
) -> None:
    halves: list[weakref.ref[Any]] = []

    def fail_halfway(_: Any) -> None:
        half = torch.nn.Linear(1, 1)
        half.within = [half]  # only what looks for garbage finds it
        halves.append(weakref.ref(half))
        raise ModelLoadError("the file is gone")

    await let_go(engine)
    reloading.before = fail_halfway
    gc.disable()
    with pytest.raises(GenerationError):
        await ask(engine, question("Hello"))
    await asyncio.wrap_future(engine.release())  # comes after what followed the failure
    assert halves[0]() is None
    gc.enable()


async def test_forgetting_does_not_wake_the_model(engine: LocalEngine) -> None:
    await let_go(engine)
    engine.forget("lounge")
    await asyncio.wrap_future(engine.release())  # comes after what was asked before
    assert not engine.is_loaded


async def test_a_model_that_cannot_be_loaded_again_stays(tiny_checkpoint: Path) -> None:
    settings = EngineSettings(source=str(tiny_checkpoint), dtype="float32", device="cpu")
    engine = LocalEngine(*load_model(settings), "tiny", Limits(release_after=1e-5))
    await asyncio.wrap_future(engine.release())
    assert engine.is_loaded
    await engine.close()
