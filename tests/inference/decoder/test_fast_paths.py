"""A way to attend serves where it says what the plain one says on these very weights."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from inference import EngineSettings
from inference.checkpoint.loading import load_model
from inference.decoder.attention import Attend, attend_one_by_one
from inference.decoder.fast_paths import Candidate, candidates, settle
from inference.decoder.runner import Runner
from inference.decoder.segment import Draw, Segment
from inference.decoder.step import Decode, Decoded, Score, Step
from tests.inference.small_model import write_small_checkpoint

GREEDY = Draw(temperature=0.0, top_p=1.0, point=0.0)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = write_small_checkpoint(tmp_path_factory.mktemp("checkpoint") / "small")
    return load_model(EngineSettings(source=str(folder), dtype="float32", device="cpu"))[0]


@pytest.fixture
def runner(network: Any) -> Runner:
    return Runner(network, 200, 100)


def honest(*arguments: Any) -> torch.Tensor:
    return attend_one_by_one(*arguments)


def forgetful(query: torch.Tensor, layer: torch.Tensor, starts: Any, *rest: Any) -> torch.Tensor:
    """Attend, but take every run to begin where the arena does."""
    return attend_one_by_one(query, layer, torch.zeros_like(starts), *rest)


def broken(*_: Any) -> torch.Tensor:
    raise RuntimeError("no kernel image is available")


def plainly(_: Runner, step: Step) -> tuple[Decode, Score]:
    return step.decode, step.score


def faults(runner: Runner, *ways: Attend, **options: Any) -> list[str | None]:
    named = [Candidate(str(number), lambda way=way: way) for number, way in enumerate(ways)]
    results = settle(runner, named, **{"capture": plainly, "seconds": 60.0} | options)
    return [result.fault for result in results]


def answer(runner: Runner) -> list[int | None]:
    return runner.step([Segment(50, 0, tuple(range(5, 25)), (), False, GREEDY)], {})


def test_the_first_that_passes_serves_with_graphs(runner: Runner) -> None:
    expected = answer(runner)
    plain = runner.decode
    assert faults(runner, honest, broken) == [None, None]
    assert runner.decode != plain
    assert answer(runner) == expected


def test_who_lies_or_raises_does_not_and_the_plain_path_serves(runner: Runner) -> None:
    expected, plain = answer(runner), runner.decode
    lie, error = faults(runner, forgetful, broken)
    assert "differ" in str(lie) or "other words" in str(lie)
    assert "no kernel image" in str(error)
    assert runner.decode == plain
    assert answer(runner) == expected


def test_who_hangs_does_not(runner: Runner) -> None:
    released = threading.Event()

    def endless(*arguments: Any) -> torch.Tensor:
        released.wait()
        return attend_one_by_one(*arguments)

    plain = runner.decode
    assert "did not answer" in str(faults(runner, endless, seconds=0.1)[0])
    assert runner.decode == plain
    released.set()


def test_where_graphs_fail_the_kernel_serves_without(runner: Runner) -> None:
    def capture(*_: Any) -> tuple[Decode, Score]:
        raise RuntimeError("operation not permitted when stream is capturing")

    expected, plain = answer(runner), runner.decode
    passed, graphs = faults(runner, honest, capture=capture)
    assert passed is None
    assert "capturing" in str(graphs)
    assert runner.decode != plain
    assert answer(runner) == expected


@pytest.mark.parametrize("rows", [1, 2])
def test_graphs_that_lie_for_steps_of_one_size_do_not_serve(runner: Runner, rows: int) -> None:
    def capture(_: Runner, step: Step) -> tuple[Decode, Score]:
        def decode(*inputs: torch.Tensor) -> Decoded:
            logits, tokens = step.decode(*inputs)
            return Decoded(logits.roll(1, -1) if len(tokens) == rows else logits, tokens)

        return decode, step.score

    passed, graphs = faults(runner, honest, capture=capture)
    assert passed is None
    assert "differ" in str(graphs)


def test_a_cpu_has_the_plain_path_alone() -> None:
    assert candidates(torch.device("cpu"), 100, 32) == []


@pytest.mark.parametrize(("capability", "found"), [((7, 5), False), ((8, 0), True)])
def test_no_older_card_is_asked(
    monkeypatch: pytest.MonkeyPatch, capability: tuple[int, int], found: bool
) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: capability)
    card = SimpleNamespace(multi_processor_count=132)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: card)
    assert bool(candidates(torch.device("cuda"), 100, 32)) is found
