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

    engine = engine_of_model(most_at_once=1)
    hook = model.lm_head.register_forward_hook(fail_once)
    requests = [question(text, scope="lounge") for text in ("Hello", "Hello there")]
    outcomes = await asyncio.gather(
        *(ask(engine, request) for request in requests), return_exceptions=True
    )
    failed = [isinstance(outcome, GenerationError) for outcome in outcomes]
    assert sorted(failed) == [False, True], "who is ready first comes first"
    unlucky, lucky = failed.index(True), failed.index(False)
    assert outcomes[lucky][0] == oracle.answer(requests[lucky])
    again, _ = await ask(engine, requests[unlucky])
    assert again == oracle.answer(requests[unlucky])


async def test_who_meets_no_number_fails_alone(
    engine_of_model: MakeEngine, model: Any, oracle: Oracle
) -> None:
    poison = oracle.processor.tokenizer("~", add_special_tokens=False)["input_ids"][-1]

    def poisoned(_: Any, args: tuple[torch.Tensor], embedded: torch.Tensor) -> torch.Tensor:
        return embedded.masked_fill((args[0] == poison)[..., None], torch.nan)

    model.model.language_model.embed_tokens.register_forward_hook(poisoned)
    engine = engine_of_model(most_at_once=2)
    healthy = question("Hello there", max_new_tokens=40)
    outcomes = await asyncio.gather(
        ask(engine, healthy), ask(engine, question("~")), return_exceptions=True
    )
    assert outcomes[0][0] == oracle.answer(healthy)
    assert isinstance(outcomes[1], GenerationError)
    assert (await ask(engine, healthy))[0] == oracle.answer(healthy)


OUT_OF_MEMORY = (
    torch.OutOfMemoryError("no memory left"),
    RuntimeError("DefaultCPUAllocator: can't allocate memory"),
    MemoryError(),
)
"""As a card, PyTorch on a processor and Python say it."""


def run_out_of_memory(
    model: Any, when: Callable[[int], bool], error: Exception = OUT_OF_MEMORY[0]
) -> Any:
    """Let the decoder run out of memory when the rows of a step are too many."""

    def hook(_: Any, args: tuple[torch.Tensor, ...]) -> None:
        if when(len(args[0])):
            raise error

    return in_a_layer(model).register_forward_pre_hook(hook)


def in_a_layer(model: Any) -> Any:
    """Return a module that computes with all rows of a step; packing leaves it in its place."""
    return model.model.language_model.layers[0].mlp.activation_fn


@pytest.mark.parametrize("error", OUT_OF_MEMORY, ids=lambda error: type(error).__name__)
async def test_with_too_little_memory_for_long_steps_shorter_ones_are_taken(
    engine_of_model: MakeEngine, model: Any, oracle: Oracle, landscape: Picture, error: Exception
) -> None:
    run_out_of_memory(model, lambda rows: rows > 40, error)
    engine = engine_of_model()
    request = question("What is this?", landscape)
    assert (await ask(engine, request))[0] == oracle.answer(request)


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


async def test_an_encoding_that_is_no_number_is_not_kept(
    engine_of_model: MakeEngine, model: Any, oracle: Oracle, landscape: Picture
) -> None:
    def fail_once(_: Any, __: Any, rows: torch.Tensor) -> torch.Tensor:
        hook.remove()
        return rows * torch.nan

    hook = model.model.projector.register_forward_hook(fail_once)
    engine = engine_of_model()
    request = question("What is this?", landscape)
    with pytest.raises(GenerationError):
        await ask(engine, request)
    assert (await ask(engine, request))[0] == oracle.answer(request)


class Large(torch.Tensor):
    """Rows that can be computed, and for whose check there is no memory left."""

    def isfinite(self) -> torch.Tensor:
        raise torch.OutOfMemoryError("no memory left")


async def test_a_picture_after_which_there_is_no_memory_left_fails_alone(
    engine_of_model: MakeEngine, model: Any, oracle: Oracle, landscape: Picture
) -> None:
    engine = engine_of_model()
    hook = model.model.projector.register_forward_hook(lambda _, __, rows: rows.as_subclass(Large))
    request, other = question("What is this?", landscape), question("Hello", max_new_tokens=40)
    outcomes = await asyncio.gather(
        ask(engine, other), ask(engine, request), return_exceptions=True
    )
    assert outcomes[0][0] == oracle.answer(other)
    assert isinstance(outcomes[1], GenerationError)
    hook.remove()
    assert (await ask(engine, request))[0] == oracle.answer(request)


async def test_when_memory_runs_out_the_one_that_prefills_fails_and_the_others_go_on(
    engine_of_model: MakeEngine, model: Any, oracle: Oracle
) -> None:
    engine = engine_of_model()
    run_out_of_memory(model, lambda rows: rows > 15)
    early = question("Hello there", max_new_tokens=200)
    late = question("Something longer, " * 30)
    outcomes = await asyncio.gather(ask(engine, early), ask(engine, late), return_exceptions=True)
    assert outcomes[0][0] == oracle.answer(early)
    assert isinstance(outcomes[1], GenerationError)


async def test_a_shortage_of_memory_costs_no_picture_and_tries_nothing_twice(
    engine_of_model: MakeEngine, model: Any, landscape: Picture
) -> None:
    engine = engine_of_model()
    encoded, lengths = list[int](), list[int]()
    model.model.projector.register_forward_hook(lambda _, __, rows: encoded.append(len(rows)))
    in_a_layer(model).register_forward_pre_hook(lambda _, args: lengths.append(len(args[0])))
    await ask(engine, question("What is this?", landscape))
    lengths.clear()
    shortage = run_out_of_memory(model, lambda rows: rows > 40)
    await ask(engine, question("Something longer, " * 30))
    shortage.remove()
    tried_in_vain = [length for length in lengths if length > 40]
    assert tried_in_vain
    assert tried_in_vain == sorted(set(tried_in_vain), reverse=True)
    await ask(engine, question("What was this?", landscape))
    assert len(encoded) == 1


async def test_when_memory_holds_one_answer_of_two_the_later_one_fails(
    engine_of_model: MakeEngine, model: Any, oracle: Oracle
) -> None:
    """The rows of a step tell how many answers it computes: a prompt has more."""
    engine = engine_of_model()
    early = question("Hello there", max_new_tokens=200)
    run_out_of_memory(model, lambda rows: rows == 2)
    answer = engine.generate(early)
    said = (await anext(answer)).text
    with pytest.raises(GenerationError):
        await ask(engine, question("Hello", max_new_tokens=40))
    said += "".join([delta.text async for delta in answer])
    assert said == oracle.answer(early)


async def test_after_a_shortage_of_memory_long_steps_come_back(
    engine_of_model: MakeEngine, model: Any
) -> None:
    engine = engine_of_model()
    lengths: list[int] = []
    in_a_layer(model).register_forward_pre_hook(lambda _, args: lengths.append(len(args[0])))
    shortage = run_out_of_memory(model, lambda rows: rows > 40)
    long = question("Something longer, " * 30)
    await ask(engine, long)
    shortage.remove()
    assert max(lengths[-20:]) <= 40
    for _ in range(3):
        await ask(engine, long)
    assert max(lengths) == max(lengths[-60:]) == 128


@pytest.mark.parametrize(
    "error", [torch.AcceleratorError("an illegal access"), RuntimeError("CUDA error: assert")]
)
async def test_a_gpu_that_does_nothing_more_stops_the_engine_at_once(
    engine_of_model: MakeEngine, model: Any, error: Exception
) -> None:
    def fail(*_: Any) -> None:
        raise error

    engine = engine_of_model(most_at_once=1)
    model.lm_head.register_forward_hook(fail)
    outcomes = await asyncio.gather(
        *(ask(engine, question("Hello")) for _ in range(3)), return_exceptions=True
    )
    assert all(isinstance(outcome, GenerationError) for outcome in outcomes)
    assert isinstance(engine.stopped.exception(), GenerationError)
    with pytest.raises(EngineClosedError):
        await ask(engine, question("Hello"))


async def test_three_failed_steps_in_a_row_stop_the_engine(
    engine_of_model: MakeEngine, model: Any, oracle: Oracle
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("the kernel is broken")

    engine = engine_of_model()
    request = question("Hello")
    for failures in (2, 2, 3):
        hook = model.lm_head.register_forward_hook(fail)
        for _ in range(failures):
            with pytest.raises(GenerationError):
                await ask(engine, request)
        hook.remove()
        if failures < 3:
            assert (await ask(engine, request))[0] == oracle.answer(request)
    assert isinstance(engine.stopped.exception(), GenerationError)


class Panic(BaseException):
    """What Rust's panics are in Python: no Exception."""


async def test_a_panic_tells_everybody_and_those_who_come_later(
    engine_of_model: MakeEngine, model: Any
) -> None:
    def panic(*_: Any) -> None:
        raise Panic("index out of bounds")

    engine = engine_of_model(most_at_once=1)
    model.lm_head.register_forward_hook(panic)
    outcomes = await asyncio.gather(
        *(ask(engine, question("Hello")) for _ in range(3)), return_exceptions=True
    )
    assert all(isinstance(outcome, GenerationError) for outcome in outcomes)
    assert isinstance(engine.stopped.exception(), GenerationError)
    with pytest.raises(EngineClosedError):
        await ask(engine, question("Hello"))
    await engine.close()


async def test_closing_while_a_step_hangs_comes_to_an_end(
    engine_of_model: MakeEngine, model: Any
) -> None:
    hangs, released = threading.Event(), threading.Event()

    def hang(*_: Any) -> None:
        hangs.set()
        released.wait()

    engine = engine_of_model(step_seconds=0.2)
    model.lm_head.register_forward_hook(hang)
    asker = asyncio.create_task(ask(engine, question("Hello")))
    await asyncio.to_thread(hangs.wait)
    await engine.close()
    assert isinstance(engine.stopped.exception(), GenerationError)
    with pytest.raises(EngineClosedError):
        await asker
    released.set()


async def test_whoever_waits_for_the_end_cannot_cancel_it(engine_of_model: MakeEngine) -> None:
    engine = engine_of_model()
    asyncio.wrap_future(engine.stopped).cancel()
    await asyncio.sleep(0)
    assert not engine.stopped.done()
    await engine.close()
    assert engine.stopped.result() is None


async def test_an_engine_ends_though_a_broken_card_gives_nothing_back(
    engine_of_model: MakeEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("CUDA error: an illegal memory access was encountered")

    engine = engine_of_model()
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: True)
    monkeypatch.setattr(torch.accelerator, "empty_cache", broken)
    await asyncio.wait_for(engine.close(), 30)
    assert engine.stopped.result() is None
    assert "an illegal memory access" in caplog.text
