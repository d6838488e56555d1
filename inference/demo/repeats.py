"""Batches that are learnt from more than once, where a card learns faster than cores draw."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import TypeVar

Batch = TypeVar("Batch")

KEPT = 64
"""Batches at most that wait for being learnt from again."""


def repeated(batches: Iterator[Batch], times: int, rng: Random) -> Iterator[Batch]:
    """Give each batch as soon as it is drawn, and some of the last ones while none is ready.

    None is given more than so many times.
    """
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, batches, None)
        kept: list[tuple[Batch, int]] = []
        while True:
            if kept and not coming.done():
                batch, left = kept.pop(rng.randrange(len(kept)))
            else:
                drawn = coming.result()
                if drawn is None:
                    return
                batch, left = drawn, times
                coming = reader.submit(next, batches, None)
            if left > 1:
                kept = [*kept, (batch, left - 1)][-KEPT:]
            yield batch
