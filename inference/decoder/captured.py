"""A decode step as CUDA graphs: launched as one, whatever it holds."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import torch

from inference.decoder.step import Decode, Decoded

SIZES = (16, 8, 4, 2, 1)
Replay = Callable[[], Any]
Capture = Callable[[Callable[[], Decoded]], tuple[Replay, Decoded]]
"""Record some work once; return what does it again, and the tensors that it writes to."""


class Captured:
    """`decode`, captured for steps of some sizes; a step of another size is filled up.

    Called as `decode` is. What it returns is overwritten by the next step.
    """

    def __init__(
        self,
        decode: Decode,
        spare_row: int,
        device: torch.device,
        sizes: Iterable[int] = SIZES,
        capture: Capture | None = None,
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


def capture_on_gpu(device: torch.device) -> Capture:
    """Return the way to record work as CUDA graphs that share one pool of memory."""
    pool = torch.cuda.graph_pool_handle()

    def capture(work: Callable[[], Decoded]) -> tuple[Replay, Decoded]:
        # What is allocated at the first runs is not recorded.
        side = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        side.wait_stream(torch.cuda.current_stream(device))
        with torch.cuda.stream(side):
            for _ in range(2):
                work()
        torch.cuda.current_stream(device).wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=pool):
            decoded = work()
        return graph.replay, decoded

    return capture
