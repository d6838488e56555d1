"""A short prompt runs in graphs of a few sizes, and says what it says without."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from inference import EngineSettings
from inference.checkpoint.loading import load_model
from inference.decoder.attention import attend_one_by_one
from inference.decoder.captured import CapturedScore, Replay
from inference.decoder.fast_paths import Candidate, settle
from inference.decoder.runner import Runner
from inference.decoder.segment import Draw, Segment
from inference.decoder.step import Decode, Score, Step
from tests.inference.small_model import write_small_checkpoint

GREEDY = Draw(temperature=0.0, top_p=1.0, point=0.0)
SIZES = (4, 8)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = write_small_checkpoint(tmp_path_factory.mktemp("checkpoint") / "small")
    return load_model(EngineSettings(source=str(folder), dtype="float32", device="cpu"))[0]


class Recorder:
    """Runs work again over the tensors of the first time, as a graph does; notes how large."""

    def __init__(self) -> None:
        self.replayed: list[int] = []

    def capture(self, work: Callable[[], torch.Tensor]) -> tuple[Replay, torch.Tensor]:
        size = len(work.args[0])  # type: ignore[attr-defined]
        written = work()

        def replay() -> None:
            self.replayed.append(size)
            written.copy_(work())

        return replay, written

    def both(self, runner: Runner, step: Step) -> tuple[Decode, Score]:
        like = step.embed(torch.zeros(1, dtype=torch.int64))
        spare = runner.arena.spare_row
        return step.decode, CapturedScore(step.score, spare, like, SIZES, self.capture)


def segments(*lengths: int) -> list[Segment]:
    return [
        Segment(50 * number, 0, tuple(range(5, 5 + length)), (), False, GREEDY)
        for number, length in enumerate(lengths)
    ]


@pytest.mark.parametrize(
    ("lengths", "size"),
    [((3,), 4), ((4,), 4), ((5,), 8), ((2, 1, 3), 8), ((9,), None), ((1,) * 17 + (2,), None)],
)
def test_a_short_prompt_runs_in_the_smallest_that_holds_it(
    network: Any, lengths: tuple[int, ...], size: int | None
) -> None:
    runner = Runner(network, 1000, 100)
    expected = runner.step(segments(*lengths), {})
    recorder = Recorder()
    settle(runner, [Candidate("plain", lambda: attend_one_by_one)], capture=recorder.both)
    recorder.replayed.clear()
    runner.step(segments(*reversed(lengths)), {})  # what it leaves behind is not seen again
    assert runner.step(segments(*lengths), {}) == expected
    assert recorder.replayed == ([size, size] if size else [])


def test_a_prompt_that_goes_on_draws_nothing(network: Any) -> None:
    runner = Runner(network, 1000, 100)
    (whole,) = runner.step(segments(8), {})
    recorder = Recorder()
    settle(runner, [Candidate("plain", lambda: attend_one_by_one)], capture=recorder.both)
    first = Segment(0, 0, tuple(range(5, 10)), (), False, None)
    assert runner.step([first], {}) == []
    assert runner.step([Segment(0, 5, (10, 11, 12), (), False, GREEDY)], {}) == [whole]
