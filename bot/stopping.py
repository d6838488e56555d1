"""Why and how the bot stops: by an order, or because its engine has."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import Any

from inference import Engine

STOPPING = [signal.SIGINT, signal.SIGTERM]
if sys.platform == "win32":
    STOPPING.append(signal.SIGBREAK)  # the console is closed
KILLED = 130
"""The exit code of a process that was asked to end at once."""


class Stop:
    """Why and when the bot ends; the reason is None where the operator wants it."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self._event = asyncio.Event()

    def now(self, error: BaseException | None = None) -> None:
        """End the bot."""
        self.error = self.error or error
        self._event.set()

    async def wait(self) -> None:
        """Wait for the end."""
        await self._event.wait()


def end_with(engine: Engine, stop: Stop) -> None:
    """Stop when an engine has hung or closed."""
    loop = asyncio.get_running_loop()

    def tell(stopped: Future[None]) -> None:
        with suppress(RuntimeError):  # the loop has closed before the engine
            loop.call_soon_threadsafe(stop.now, stopped.exception())

    engine.stopped.add_done_callback(tell)


@contextmanager
def signals(stop: Stop) -> Iterator[None]:
    """Stop at the first signal that asks for it; at the second, end the process at once.

    Not by the event loop's own handlers, which Windows does not have.
    """
    loop = asyncio.get_running_loop()

    def handle(*_: Any) -> None:
        for number in STOPPING:
            signal.signal(number, _end_at_once)
        loop.call_soon_threadsafe(stop.now)

    before = {number: signal.signal(number, handle) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_at_once(*_: Any) -> None:
    os._exit(KILLED)  # an ordinary exit would wait for a thread that may hang
