"""The rows of pictures seen lately."""

from collections import OrderedDict
from threading import Lock

import torch

from inference.checkpoint.memory import is_out_of_memory

DEVICE_BYTES = 256 * 2**20
"""On a card for those seen last: some sixteen pictures; the others lie in the host's memory."""


class FeatureCache:
    """The projected rows of pictures, `max_bytes` in all; the least recently used go first.

    Nothing is copied while the lock is held: others wait for it in their event loop.
    """

    def __init__(self, max_bytes: int, device_bytes: int = DEVICE_BYTES) -> None:
        self._max_bytes = max_bytes
        self._device_bytes = device_bytes
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
            self._rows[key] = rows
            self._rows.move_to_end(key)
            while sum(rows.nbytes for rows in self._rows.values()) > self._max_bytes:
                self._rows.popitem(last=False)
        self._to_host(self._device_bytes)

    def usage(self) -> dict[str, int]:
        """Count the pictures that are here, and their bytes."""
        with self._lock:
            kept = [rows.nbytes for rows in self._rows.values()]
        return {"pictures": len(kept), "picture_bytes": sum(kept)}

    def leave_device(self) -> bool:
        """Give a card's memory back; tell whether there was anything."""
        return self._to_host(0)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._rows.clear()

    def _to_host(self, left: int) -> bool:
        with self._lock:
            there = [(key, rows) for key, rows in self._rows.items() if not rows.is_cpu]
        excess = sum(rows.nbytes for _, rows in there) - left
        moved = False
        for key, rows in there:
            if excess <= 0:
                break
            excess -= rows.nbytes
            moved = True
            copied = _copied(rows)
            with self._lock:
                if self._rows.get(key) is not rows:
                    continue
                if copied is None:
                    del self._rows[key]
                else:
                    self._rows[key] = copied
        return moved


def _copied(rows: torch.Tensor) -> torch.Tensor | None:
    """Copy rows to the host; None where it has no room for them: they can be computed again."""
    try:
        return rows.cpu()
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        return None
