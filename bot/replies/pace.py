"""Speak at a pace that Discord likes."""

import asyncio
import time
from collections import deque

INTERVAL = 1.2
"""Seconds between two edits of one channel; Discord documents no figure."""
REQUESTS_A_SECOND = 45
"""By the bot's token, a few less than the 50 that Discord's documentation allows."""


class Pace:
    """Keeps the edits of each channel apart, and all requests below Discord's limit."""

    def __init__(self) -> None:
        self._next: dict[int, float] = {}
        self._sent: deque[float] = deque(maxlen=REQUESTS_A_SECOND)
        self._gate = asyncio.Lock()
        self._at_gate = 0

    def is_due(self, channel_id: int) -> bool:
        """Tell whether an edit that does not matter may go out now."""
        is_calm = self._at_gate < REQUESTS_A_SECOND
        return is_calm and time.monotonic() >= self._next.get(channel_id, 0)

    async def request(self) -> None:
        """Wait until a request by the bot's token may go out, first come first served."""
        self._at_gate += 1
        try:
            async with self._gate:
                if len(self._sent) == REQUESTS_A_SECOND:
                    await asyncio.sleep(max(0.0, self._sent[0] + 1 - time.monotonic()))
                self._sent.append(time.monotonic())
        finally:
            self._at_gate -= 1

    async def turn(self, channel_id: int) -> None:
        """Wait until an edit may go out, and count it."""
        now = time.monotonic()
        self._next = {channel: due for channel, due in self._next.items() if due > now}
        due = max(now, self._next.get(channel_id, 0))
        self._next[channel_id] = due + INTERVAL
        if due > now:
            await asyncio.sleep(due - now)
