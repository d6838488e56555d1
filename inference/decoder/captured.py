"""Steps as CUDA graphs: launched as one, whatever they hold."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

import torch

from inference.decoder.step import Decode, Decoded, Places, Score

SIZES = (16, 8, 4, 2, 1)
PROMPT_SIZES = (128, 64, 32)
"""Rows that a card computes in the time it takes to read the weights: what fills up is free."""
SEQUENCES = 16
"""That share a step with a short prompt."""
T = TypeVar("T")
Replay = Callable[[], Any]
Capture = Callable[[Callable[[], T]], tuple[Replay, T]]
"""Record some work once; return what does it again, and the tensors that it writes to."""


class CapturedDecode:
    """`decode`, captured for steps of some sizes; a step of another size is filled up.

    Called as `decode` is. What it returns is overwritten by the next step.
    """

    def __init__(
        self,
        decode: Decode,
        spare_row: int,
        device: torch.device,
        sizes: Iterable[int] = SIZES,
        capture: "Capture[Decoded] | None" = None,
    ) -> None:
        self._decode = decode
        filling = torch.tensor([[0], [0], [spare_row], [1]], device=device)
        self._filling = filling.expand(-1, max(sizes)).contiguous()
        self._inputs = self._filling.clone()
        record = capture or capture_on_gpu(device)
        self._graphs = {}
        for size in sorted(sizes, reverse=True):  # the largest first: the others fit its memory
            inputs = self._inputs[:, :size].unbind()
            self._graphs[size] = record(partial(decode, *inputs))

    def __call__(
        self,
        tokens: torch.Tensor,
        positions: torch.Tensor,
        starts: torch.Tensor,
        lengths: torch.Tensor,
    ) -> Decoded:
        """Compute the next row of each sequence; see `Step.decode`."""
        rows = len(tokens)
        size = min((size for size in self._graphs if size >= rows), default=None)
        if size is None:
            return self._decode(tokens, positions, starts, lengths)
        self._inputs.copy_(self._filling)
        self._inputs[:, :rows] = torch.stack([tokens, positions, starts, lengths])
        replay, decoded = self._graphs[size]
        replay()
        return Decoded(decoded.logits[:rows], decoded.tokens[:rows])


class CapturedScore:
    """`score`, captured for short prompts: a further question about a picture, say.

    Launched one by one, a step's operators take longer than the card does for so few rows. Called
    as `score` is; what it returns is overwritten by the next step.
    """

    def __init__(
        self,
        score: Score,
        spare_row: int,
        like: torch.Tensor,
        sizes: Iterable[int] = PROMPT_SIZES,
        capture: "Capture[torch.Tensor] | None" = None,
    ) -> None:
        self._score = score
        self._spare_row = spare_row
        most = max(sizes)
        self._hidden = like.new_zeros(most, like.shape[-1])
        self._positions, self._rows = (
            torch.full((most,), first, device=like.device) for first in (0, spare_row)
        )
        self._starts, self._lengths, self._first_queries, self._drawn = (
            torch.zeros(SEQUENCES + more, dtype=torch.int32, device=like.device)
            for more in (1, 0, 1, 0)
        )
        record = capture or capture_on_gpu(like.device)
        self._graphs = {}
        for size in sorted(sizes, reverse=True):
            self._graphs[size] = record(partial(score, *self._inputs(size)))

    def __call__(self, hidden: torch.Tensor, places: Places, rows: torch.Tensor) -> torch.Tensor:
        """Compute some rows of sequences; see `Step.score`."""
        count = len(hidden)
        size = min((size for size in self._graphs if size >= count), default=None)
        if size is None or len(places.lengths) > SEQUENCES or not len(rows):
            return self._score(hidden, places, rows)
        self._hidden[:count] = hidden
        _fill(self._positions, places.positions, 0)
        _fill(self._rows, places.rows, self._spare_row)
        _fill(self._starts, places.starts, 0)
        _fill(self._lengths, places.lengths, 0)  # runs without rows and without queries
        _fill(self._first_queries, places.first_queries, count)
        _fill(self._drawn, rows, 0)
        replay, logits = self._graphs[size]
        replay()
        return logits[: len(rows)]

    def _inputs(self, size: int) -> tuple[torch.Tensor, Places, torch.Tensor]:
        places = Places(
            self._positions[:size],
            self._rows[:size],
            self._starts,
            self._lengths,
            self._first_queries,
            longest=size,
        )
        return self._hidden[:size], places, self._drawn


def _fill(into: torch.Tensor, values: torch.Tensor, rest: int) -> None:
    into[len(values) :] = rest
    into[: len(values)] = values


def capture_on_gpu(device: torch.device) -> "Capture[Any]":
    """Return the way to record work as CUDA graphs that share one pool of memory."""
    pool = torch.cuda.graph_pool_handle()
    side = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
    # One for all: cuBLAS keeps memory to work in for each, 32 MiB on newer cards.

    def capture(work: Callable[[], Any]) -> tuple[Replay, Any]:
        # What is allocated at the first runs is not recorded.
        side.wait_stream(torch.cuda.current_stream(device))
        with torch.cuda.stream(side):
            for _ in range(2):
                work()
        torch.cuda.current_stream(device).wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=pool, stream=side):
            computed = work()
        return graph.replay, computed

    return capture
