"""An event loop whose time passes only while nothing else can happen."""

import asyncio
import selectors
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar, TypeVarTuple

import discord

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")

GRACE = 0.001
"""Real seconds that loopback may take to hand bytes from one socket to another."""

HORIZON = 36 * 3600.0
"""Virtual seconds after which whoever still waits, waits for ever."""


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """A loop that jumps to its next timer once no socket and no executor work is pending.

    One such loop must serve both ends of each connection, since it cannot see other work.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._began = time.time()
        self._works = 0
        self._waits_for = _IdleSelector(self)
        super().__init__(self._waits_for)

    def time(self) -> float:
        """Tell the virtual time in seconds; it stands still while anything runs."""
        return self._now

    def wall(self) -> float:
        """Tell the virtual time in seconds since 1970."""
        return self._began + self._now

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Arguments], Result], *args: *Arguments
    ) -> asyncio.Future[Result]:
        """Run a function in a pool; time stands still until it has returned."""
        future = super().run_in_executor(executor, func, *args)
        self._works += 1
        future.add_done_callback(self._work_done)
        return future

    @contextmanager
    def working(self) -> Iterator[None]:
        """Hold the time while work that the loop cannot see goes on, as in a model's thread."""
        self._works += 1
        try:
            yield
        finally:
            self._works -= 1

    @property
    def is_working(self) -> bool:
        """Tell whether anything outside the loop is at work."""
        return self._works > 0

    def jump(self, seconds: float) -> None:
        """Let time pass; called by the selector when nothing is pending."""
        self._now += seconds
        if self._now > HORIZON:
            raise RuntimeError("A day and a half has passed, and somebody still waits.")

    def _work_done(self, _: asyncio.Future[Any]) -> None:
        self._works -= 1


def wall() -> float:
    """Tell the time in seconds since 1970: within a loop of virtual time, that one's."""
    loop = asyncio._get_running_loop()
    return loop.wall() if isinstance(loop, VirtualTimeLoop) else time.time()


@contextmanager
def one_clock() -> Iterator[None]:
    """Let `time.monotonic` and discord.py's clock tell virtual time to what runs in the loop.

    Threads see real time.
    """
    monotonic, utcnow = time.monotonic, discord.utils.utcnow

    def virtual() -> VirtualTimeLoop | None:
        loop = asyncio._get_running_loop()
        return loop if isinstance(loop, VirtualTimeLoop) else None

    def now() -> datetime:
        return datetime.fromtimestamp(wall(), UTC)

    time.monotonic = lambda: loop.time() if (loop := virtual()) else monotonic()
    discord.utils.utcnow = now
    try:
        yield
    finally:
        time.monotonic, discord.utils.utcnow = monotonic, utcnow


class _IdleSelector(selectors.DefaultSelector):
    def __init__(self, loop: VirtualTimeLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout == 0:
            return super().select(0)
        if timeout is None or self._loop.is_working:
            return super().select(None)
        if events := super().select(GRACE):
            return events
        self._loop.jump(timeout)
        return []
