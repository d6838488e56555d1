"""Steps are filled up to a size that was captured, and run again over the same tensors.

What a CUDA graph does, recording once and running over the same memory, is done here by calling
the work again and writing to the tensors of the first time.
"""

from collections.abc import Callable

import pytest
import torch

from inference.decoder.captured import CapturedDecode, Replay
from inference.decoder.step import Decoded

SPARE = 99


class Recorder:
    """Records steps, and which sizes run."""

    def __init__(self) -> None:
        self.recorded: list[int] = []
        self.replayed: list[int] = []
        self.seen: list[list[list[int]]] = []

    def decode(self, *inputs: torch.Tensor) -> Decoded:
        self.seen.append([part.tolist() for part in inputs])
        tokens, positions, starts, lengths = inputs
        return Decoded(torch.stack([positions, starts, lengths], -1).float(), tokens + 1)

    def capture(self, work: Callable[[], Decoded]) -> tuple[Replay, Decoded]:
        written = work()
        size = len(written.tokens)
        self.recorded.append(size)

        def replay() -> None:
            self.replayed.append(size)
            for old, new in zip(written, work(), strict=True):
                old.copy_(new)

        return replay, written


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def captured(recorder: Recorder) -> CapturedDecode:
    device = torch.device("cpu")
    return CapturedDecode(recorder.decode, SPARE, device, sizes=(1, 4, 2), capture=recorder.capture)


def inputs(rows: int) -> list[torch.Tensor]:
    return [torch.arange(rows) + 10 * part for part in range(1, 5)]


def test_the_largest_is_captured_first(captured: CapturedDecode, recorder: Recorder) -> None:
    assert captured
    assert recorder.recorded == [4, 2, 1]


@pytest.mark.parametrize(("rows", "size"), [(1, 1), (2, 2), (3, 4), (4, 4)])
def test_a_step_runs_in_the_smallest_that_holds_it_and_equals_the_plain_one(
    captured: CapturedDecode, recorder: Recorder, rows: int, size: int
) -> None:
    for _ in range(2):
        logits, tokens = captured(*inputs(rows))
        plain = recorder.decode(*inputs(rows))
        assert torch.equal(logits, plain.logits)
        assert torch.equal(tokens, plain.tokens)
    assert recorder.replayed == [size, size]


def test_rows_that_fill_up_write_where_nobody_reads(
    captured: CapturedDecode, recorder: Recorder
) -> None:
    captured(*inputs(4))
    captured(*inputs(3))
    _, _, starts, lengths = recorder.seen[-1]
    assert (starts[3], lengths[3]) == (SPARE, 1)


def test_a_step_larger_than_all_is_computed_plainly(
    captured: CapturedDecode, recorder: Recorder
) -> None:
    logits, _ = captured(*inputs(5))
    assert len(logits) == 5
    assert not recorder.replayed
