"""Rows are moved all, or none."""

from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from inference.decoder.arena import Arena

TAKES_MEMORY = ("clone", "empty", "empty_like", "new_empty")


class MemoryFor(TorchDispatchMode):
    """Within it there is memory for so many tensors more."""

    def __init__(self, tensors: int) -> None:
        super().__init__()
        self._left = tensors

    def __torch_dispatch__(
        self, operator: Any, _: Any, args: tuple[Any, ...] = (), named: dict[str, Any] | None = None
    ) -> Any:
        if operator.overloadpacket.__name__ in TAKES_MEMORY:
            if not self._left:
                raise torch.OutOfMemoryError("no memory left")
            self._left -= 1
        return operator(*args, **(named or {}))


def test_rows_that_there_is_no_memory_to_move_can_be_moved_later() -> None:
    arena = Arena(12, layers=3, heads=2, head_size=4, like=torch.zeros(1))
    for number, layer in enumerate(arena.layers):
        layer.copy_(torch.arange(layer.numel()).view_as(layer) + number)
    wanted = [layer[4:10].clone() for layer in arena.layers]
    tries = 0
    for tensors in range(len(wanted) + 1):
        try:
            with MemoryFor(tensors):
                arena.move(4, 1, 6)
        except torch.OutOfMemoryError:
            tries += 1
            continue
        break
    assert tries
    assert all(
        torch.equal(layer[1:7], rows) for layer, rows in zip(arena.layers, wanted, strict=True)
    )
