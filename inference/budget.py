"""How much memory the arena gets, and how many requests it holds. Plain arithmetic."""

from inference.settings import Memory

GIB = 1024**3
SHARE_OF_CARD = 0.9
SHARE_OF_HOST = 0.5
"""Of what is free beside the model; the rest is for others, and for the file cache."""
WORKING_BYTES = GIB
"""For what a step computes on a GPU: the vision tower, and the widest matrices."""
CONTEXT_BYTES = GIB // 2
"""What CUDA takes of a card for itself."""
SMALLEST_CONTEXT = 256
"""Tokens: with less, hardly a question fits."""


def arena_bytes(free: int, weights: int, memory: Memory | None, *, on_gpu: bool) -> int:
    """Return the bytes for keys and values, where `free` are left beside `weights`.

    `memory` is what the engine may take: a share of what is free, or bytes, the weights included.
    """
    if isinstance(memory, int):
        room = min(memory - weights, free)
    else:
        room = int(free * (memory or (SHARE_OF_CARD if on_gpu else SHARE_OF_HOST)))
    return max(0, room - WORKING_BYTES * on_gpu)


def card_rows(card: int, weights: int, token: int) -> int:
    """Return how many rows of `token` bytes an otherwise empty card of so many bytes holds."""
    free = card - CONTEXT_BYTES - weights
    return arena_bytes(free, weights, None, on_gpu=True) // token if free > 0 else 0


def at_once(length: int, rows: int, most: int) -> int:
    """Tell how many requests of so many tokens an arena answers at the same time.

    At least one: what does not fit at all is refused when it is asked.
    """
    needed = max(1, length - 1)  # the last token is never computed
    return max(1, min(most, rows // needed))
