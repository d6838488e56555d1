"""Show an answer while it is written, at a pace that Discord likes."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from inference import Delta, Ending, GenerationError

INTERVAL = 1.2
"""Seconds between two edits of one channel; Discord documents no figure."""


class Pace:
    """Keeps the edits of each channel apart."""

    def __init__(self) -> None:
        self._next: dict[int, float] = {}

    def is_due(self, channel_id: int) -> bool:
        """Tell whether an edit may go out now."""
        return time.monotonic() >= self._next.get(channel_id, 0)

    async def turn(self, channel_id: int) -> None:
        """Wait until an edit may go out, and count it."""
        now = time.monotonic()
        self._next = {channel: due for channel, due in self._next.items() if due > now}
        due = max(now, self._next.get(channel_id, 0))
        self._next[channel_id] = due + INTERVAL
        if due > now:
            await asyncio.sleep(due - now)


async def read_out(
    deltas: AsyncGenerator[Delta, None], show: Callable[[str], Awaitable[None]]
) -> tuple[str, Ending]:
    """Collect an answer, showing what there is every now and then; leaving cancels the rest.

    Raises what the engine raises, and GenerationError for an answer without an ending.
    """
    text = ""
    shown = time.monotonic()
    async with aclosing(deltas):
        async for delta in deltas:
            text += delta.text
            if delta.ending is not None:
                return text, delta.ending
            if time.monotonic() - shown >= INTERVAL:
                await show(text)
                shown = time.monotonic()
    raise GenerationError("The engine stopped without an ending.")
