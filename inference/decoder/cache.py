"""What is kept in memory: the slots' keys and values, and the rows of pictures seen lately."""

from collections import OrderedDict
from threading import Lock

import torch


class KeyValues:
    """Keys and values of every slot, one tensor (2, layers, heads, length, head size) each."""

    def __init__(
        self,
        slot_lengths: tuple[int, ...],
        layers: int,
        heads: int,
        head_size: int,
        like: torch.Tensor,
    ) -> None:
        self._shapes = [(2, layers, heads, length, head_size) for length in slot_lengths]
        self._like = like
        self._slots: dict[int, torch.Tensor] = {}

    def write(
        self, layer: int, slot: int, start: int, keys: torch.Tensor, values: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Write new rows (heads, rows, head size) from `start` on; return all up to the last."""
        stop = start + keys.shape[1]
        held = self._slots[slot][:, layer, :, :stop]
        held[0, :, start:] = keys
        held[1, :, start:] = values
        return held[0], held[1]

    def reserve(self, slot: int) -> None:
        """See to it that a slot has its memory."""
        if slot not in self._slots:
            self._slots[slot] = self._like.new_empty(self._shapes[slot])

    def drop(self, slot: int) -> bool:
        """Give a slot's memory back; tell whether it had any."""
        return self._slots.pop(slot, None) is not None


class FeatureCache:
    """The projected rows of pictures in host memory; the least recently used go first."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._rows: OrderedDict[int, torch.Tensor] = OrderedDict()
        self._lock = Lock()

    def get(self, key: int) -> torch.Tensor | None:
        """Return a picture's rows (decoder rows, hidden size), if they are still here."""
        with self._lock:
            if key in self._rows:
                self._rows.move_to_end(key)
            return self._rows.get(key)

    def put(self, key: int, rows: torch.Tensor) -> None:
        """Keep a picture's rows, and let others go where they need the room."""
        with self._lock:
            self._rows[key] = rows.cpu()
            self._rows.move_to_end(key)
            while sum(rows.nbytes for rows in self._rows.values()) > self._max_bytes:
                self._rows.popitem(last=False)

    def clear(self) -> bool:
        """Forget all; tell whether there was anything."""
        with self._lock:
            had_any = bool(self._rows)
            self._rows.clear()
            return had_any
