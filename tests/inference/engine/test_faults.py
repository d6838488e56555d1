"""When the model fails, only those fail whom it touched; when it hangs, everybody is told."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
import torch

from inference import EngineClosedError, GenerationError, Picture
from tests.inference.asking import ask, question
from tests.inference.conftest import MakeEngine
from tests.oracle import Oracle


async def test_a_step_that_fails_takes_only_its_own_requests_with_it(
    engine_of_model: MakeEngine, model: Any, oracle: Oracle
) -> None:
    def fail_once(*_: Any) -> None:
        hook.remove()
        raise RuntimeError("the kernel is broken")

    engine = engine_of_model(most_slots=1)
    hook = model.lm_head.register_forward_hook(fail_once)
    unlucky, lucky = question("Hello", scope="lounge"), question("Hello there", scope="lounge")
    outcomes = await asyncio.gather(
        ask(engine, unlucky), ask(engine, lucky), return_exceptions=True
    )
    assert isinstance(outcomes[0], GenerationError)
    assert outcomes[1][0] == oracle.answer(lucky)
    assert (await ask(engine, unlucky))[0] == oracle.answer(unlucky)


async def test_who_meets_no_number_fails_alone(
    engine_of_model: MakeEngine, model: Any, oracle: Oracle
) -> None:
    poison = oracle.processor.tokenizer("~", add_special_tokens=False)["input_ids"][-1]

    def poisoned(_: Any, args: tuple[torch.Tensor], embedded: torch.Tensor) -> torch.Tensor:
        return embedded.masked_fill((args[0] == poison)[..., None], torch.nan)

    model.model.language_model.embed_tokens.register_forward_hook(poisoned)
    engine = engine_of_model(most_slots=2)
    healthy = question("Hello there", max_new_tokens=40)
    outcomes = await asyncio.gather(
        ask(engine, healthy), ask(engine, question("~")), return_exceptions=True
    )
    assert outcomes[0][0] == oracle.answer(healthy)
    assert isinstance(outcomes[1], GenerationError)
    assert (await ask(engine, healthy))[0] == oracle.answer(healthy)


def run_out_of_memory(model: Any, when: Callable[[int], bool]) -> Any:
    """Let the decoder run out of memory when the rows of a step are too many."""

    def hook(_: Any, args: tuple[torch.Tensor, ...]) -> None:
        if when(args[0].shape[1]):
            raise torch.OutOfMemoryError("no memory left")

    return model.model.language_model.layers[0].register_forward_pre_hook(hook)


async def test_with_too_little_memory_for_long_steps_shorter_ones_are_taken(
    engine_of_model: MakeEngine, model: Any, oracle: Oracle, landscape: Picture
) -> None:
    run_out_of_memory(model, lambda rows: rows > 40)
    engine = engine_of_model()
    request = question("What is this?", landscape)
    assert (await ask(engine, request))[0] == oracle.answer(request)


async def test_warm_slots_are_given_up_for_memory(
    engine_of_model: MakeEngine, model: Any, oracle: Oracle, landscape: Picture
) -> None:
    engine = engine_of_model()
    request = question("What is this?", landscape, scope="lounge")
    await ask(engine, request)
    hook = run_out_of_memory(model, lambda rows: rows > 40)
    await ask(engine, question("Something longer, " * 30))
    hook.remove()
    text, ending = await ask(engine, request)
    assert text == oracle.answer(request)
    assert ending.cached_tokens == 0
    assert ending.encoding > 0.0


async def test_without_any_memory_the_request_fails_and_the_engine_serves_on(
    engine_of_model: MakeEngine, model: Any, oracle: Oracle
) -> None:
    engine = engine_of_model()
    hook = run_out_of_memory(model, lambda _: True)
    with pytest.raises(GenerationError):
        await ask(engine, question("Hello"))
    hook.remove()
    request = question("Hello")
    assert (await ask(engine, request))[0] == oracle.answer(request)


async def test_a_step_that_hangs_closes_the_engine_and_the_process_can_know(
    engine_of_model: MakeEngine, model: Any
) -> None:
    released = threading.Event()
    engine = engine_of_model(step_seconds=0.05)
    model.lm_head.register_forward_hook(lambda *_: released.wait() and None)
    with pytest.raises(GenerationError):
        await ask(engine, question("Hello"))
    assert isinstance(engine.stopped.exception(), GenerationError)
    with pytest.raises(EngineClosedError):
        await ask(engine, question("Hello"))
    released.set()
