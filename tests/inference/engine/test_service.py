"""Joining, waiting, leaving, being refused: how requests share the engine."""

import asyncio
import gc
import logging
import threading
import time
import weakref
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import torch

from inference import (
    DeadlinePassedError,
    EngineBusyError,
    EngineClosedError,
    EngineSettings,
    Picture,
    RequestTooLongError,
    Sampling,
    StopReason,
)
from inference.checkpoint.loading import load_model
from inference.engine.local import Limits, LocalEngine
from tests.inference.asking import ask, question
from tests.inference.conftest import MakeEngine
from tests.oracle import Oracle


async def test_when_all_places_are_taken_the_next_is_told_so(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine(most_at_once=1)
    served = [asyncio.create_task(ask(engine, question(f"Question {n}"))) for n in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(EngineBusyError):
        await ask(engine, question("One too many"))
    await asyncio.gather(*served)
    await ask(engine, question("Now there is room"))


async def test_who_leaves_makes_room_at_once(make_engine: MakeEngine, oracle: Oracle) -> None:
    engine = make_engine(most_at_once=1)
    endless = engine.generate(question("Tell me a story", max_new_tokens=4000))
    await anext(endless)
    await endless.aclose()
    request = question("What now?")
    assert (await ask(engine, request))[0] == oracle.answer(request)


async def test_who_leaves_the_queue_is_not_served(make_engine: MakeEngine) -> None:
    engine = make_engine(most_at_once=1)
    endless = engine.generate(question("Tell me a story", max_new_tokens=4000))
    await anext(endless)
    waiting = asyncio.create_task(ask(engine, question("Is it my turn?")))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await endless.aclose()
    await ask(engine, question("What now?"))


async def test_a_long_request_does_not_hold_up_a_short_one(
    make_engine: MakeEngine, landscape: Picture
) -> None:
    engine = make_engine(rows=1024, most_at_once=2)
    story = engine.generate(question("Tell me a story", landscape, max_new_tokens=200))
    await anext(story)
    waits = asyncio.create_task(ask(engine, question("What is this?", landscape)))
    await ask(engine, question("Hello"))
    assert not waits.done()
    await story.aclose()
    await waits


async def test_a_request_takes_fewer_crops_until_it_fits(
    engine: LocalEngine, oracle: Oracle, landscape: Picture, portrait: Picture
) -> None:
    greedy = question("Compare", landscape, portrait, crops=16)
    text, ending = await ask(engine, greedy)
    assert 4 <= ending.crops < 16
    assert ending.fewer_crops
    assert text == oracle.answer(replace(greedy, crops=ending.crops))


async def test_a_request_that_cannot_fit_is_refused(engine: LocalEngine) -> None:
    with pytest.raises(RequestTooLongError):
        await ask(engine, question("word " * 5000))


async def test_a_deadline_that_has_passed_is_not_worked_for(engine: LocalEngine) -> None:
    with pytest.raises(DeadlinePassedError):
        await ask(engine, question("Too late?", deadline=time.monotonic()))


async def test_a_deadline_in_mid_answer_ends_it_with_what_was_said(
    engine_of_model: MakeEngine, model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, steps = time.monotonic, count()
    deadline = now() + 3600

    def outlast_the_deadline(*_: Any) -> None:
        if next(steps) == 30:
            monkeypatch.setattr(time, "monotonic", lambda: now() + 3600)

    engine = engine_of_model()
    model.lm_head.register_forward_hook(outlast_the_deadline)
    _, ending = await ask(
        engine, question("Tell me a story", max_new_tokens=2000, deadline=deadline)
    )
    assert ending.reason is StopReason.DEADLINE
    assert 0 < ending.new_tokens <= 31


async def test_closing_tells_everybody(make_engine: MakeEngine) -> None:
    engine = make_engine(most_at_once=1)
    request = question("Tell me a story", max_new_tokens=4000)
    story = engine.generate(request)
    await anext(story)
    waiting = asyncio.create_task(ask(engine, request))
    await asyncio.sleep(0)
    await engine.close()
    with pytest.raises(EngineClosedError):
        _ = [delta async for delta in story]
    with pytest.raises(EngineClosedError):
        await waiting
    with pytest.raises(EngineClosedError):
        await ask(engine, question("Anybody there?"))
    assert engine.stopped.result() is None


async def test_an_answered_engine_leaves_the_loop_idle(engine: LocalEngine) -> None:
    await ask(engine, question("Hello"))
    assert asyncio.all_tasks() == {asyncio.current_task()}


def test_one_engine_serves_several_loops(tiny_checkpoint: Path, oracle: Oracle) -> None:
    settings = EngineSettings(source=str(tiny_checkpoint), dtype="float32", device="cpu")
    engine = LocalEngine.load(settings)
    request = question("Hello there", max_new_tokens=40)
    answers = []

    def in_a_loop() -> None:
        answers.append(asyncio.run(ask(engine, request))[0])

    threads = [threading.Thread(target=in_a_loop) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    in_a_loop()
    asyncio.run(engine.close())
    assert answers == [oracle.answer(request)] * 4


async def test_chance_repeats_itself_with_its_seed_whoever_is_beside(engine: LocalEngine) -> None:
    dice = Sampling(temperature=0.7, top_p=0.9, seed=5)
    request = question("Roll the dice", sampling=dice)
    alone, _ = await ask(engine, request)
    others = [question(f"Question {n}", sampling=Sampling(1.0, 1.0)) for n in range(4)]
    together = await asyncio.gather(*(ask(engine, each) for each in [*others, request]))
    assert together[-1][0] == alone
    other_seed = replace(request, sampling=replace(dice, seed=6))
    assert (await ask(engine, other_seed))[0] != alone


async def test_a_repeated_token_trips_the_loop_guard(
    engine_of_model: MakeEngine, model: Any
) -> None:
    engine = engine_of_model()
    word = torch.tensor([300])
    model.lm_head.register_forward_hook(lambda _, __, logits: logits.index_fill(-1, word, 99.0))
    request = question("Say it", max_new_tokens=500, loop_rounds=3)
    _, ending = await ask(engine, request)
    assert ending.reason is StopReason.LOOP
    assert ending.new_tokens == 160


@pytest.mark.parametrize("role", ["<|user|>", "<|assistant|>", "<|system|>"])
async def test_a_model_that_begins_the_next_turn_has_answered(
    engine_of_model: MakeEngine, model: Any, oracle: Oracle, role: str
) -> None:
    engine = engine_of_model()
    said = oracle.processor.tokenizer.convert_tokens_to_ids(["A", role, "B"])
    tokens = iter(said)
    model.lm_head.register_forward_hook(
        lambda _, __, logits: logits.index_fill(-1, torch.tensor([next(tokens)]), 99.0)
    )
    text, ending = await ask(engine, question("Hello"))
    assert (text, ending.reason, ending.new_tokens) == ("A", StopReason.END, 2)


def test_the_log_says_what_there_is_room_for(
    tiny_checkpoint: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = EngineSettings(source=str(tiny_checkpoint), dtype="float32", device="cpu")
    with caplog.at_level(logging.INFO, "inference"):
        LocalEngine.load(settings, limits=Limits(context=1024, most_at_once=7))
    assert "Room for 7,168 tokens, 0.0 GB" in caplog.messages


async def test_closing_frees_the_model(tiny_checkpoint: Path) -> None:
    settings = EngineSettings(source=str(tiny_checkpoint), device="cpu")
    model, processor = load_model(settings)
    engine = LocalEngine(model, processor, "tiny")
    layer = weakref.ref(model.model.language_model.layers[0])
    del model
    await ask(engine, question("Hello"))
    await engine.close()
    gc.collect()
    assert layer() is None


def test_fewer_long_requests_than_short_ones_are_answered_at_once(
    make_engine: MakeEngine, landscape: Picture
) -> None:
    engine = make_engine(rows=3600, most_at_once=5)
    assert engine.at_once(question("Hello")) == 5
    assert engine.at_once(question("What is this?", landscape)) == 4
    assert engine.at_once(question("Hello", max_new_tokens=1700)) == 2
    assert engine.at_once(question("Hello", max_new_tokens=5000)) == 1
    assert engine.at_once() == 1
