"""The rows of pictures seen lately."""

from collections import OrderedDict
from threading import Lock

import torch


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
