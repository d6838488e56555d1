"""Decode strangers' pictures in processes that may die without harm."""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import CancelledError, wait
from concurrent.futures.process import BrokenProcessPool
from threading import Thread
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from bot.pictures.copies import Copy, compare_copies, copy_file
from inference import Opened, Picture, PictureDamagedError, decode_picture, decode_pictures

WORKERS = 2
MAX_SECONDS = 10
"""For one file; one of the most pixels takes 3 s of a processor, and others work beside it."""
MAX_MEMORY = 3 * 1024**3 if sys.platform == "linux" else None
"""Bytes of address space: a picture of the most pixels takes 1.3 GiB.

Linux keeps to it; elsewhere the limit on pixels has to do.
"""

T = TypeVar("T")


class Decoder:
    """A few processes, each replaced when a picture kills it or takes too long."""

    def __init__(
        self, max_seconds: float = MAX_SECONDS, max_memory: int | None = MAX_MEMORY
    ) -> None:
        self._max_seconds = max_seconds
        self._max_memory = max_memory
        # Each has a pool of its own: who dies takes nobody along.
        self._pools = [self._pool() for _ in range(WORKERS)]
        self._idle = asyncio.Queue[int]()
        for number in range(WORKERS):
            self._idle.put_nowait(number)
        self._at_work: set[ProcessFuture[Any]] = set()
        self._is_closed = False

    async def decode(self, data: bytes) -> Picture:
        """Decode a file's one picture, as `decode_picture` does. Raises PictureError.

        Whoever waits no more ends the process that was at it.
        """
        return await self._in_turn(decode_picture, data)

    async def open(self, data: bytes, question: str = "", most: int = 4) -> Opened:
        """Decode what a file shows, as `decode_pictures` does. Raises PictureError."""
        return await self._in_turn(_decode_pictures, data, question, most)

    async def copy(
        self, data: bytes, question: str, most: int, most_bytes: int
    ) -> tuple[Opened, list[Copy]]:
        """Copy what is looked at of a file, as `copy_file` does. Raises PictureError."""
        return await self._in_turn(copy_file, data, question, most, most_bytes)

    async def compare(self, copies: list[bytes], most_bytes: int) -> bytes:
        """Show copies side by side, as `compare_copies` does. Raises PictureError."""
        return await self._in_turn(compare_copies, copies, most_bytes)

    def close(self) -> None:
        """End the processes and cancel what they are at; no other is started."""
        self._is_closed = True
        for future in [*self._at_work]:
            future.cancel()  # type: ignore[no-untyped-call]
        for pool in self._pools:
            _end(pool)

    async def _in_turn(self, decode: Callable[..., T], *args: object) -> T:
        number = await self._idle.get()
        try:
            return await self._in_process(number, decode, *args)
        except RuntimeError:  # a process died of something else than the picture
            if self._is_closed:
                raise PictureDamagedError("The decoder is closed.") from None
            await asyncio.to_thread(_end, self._pools[number])
            self._pools[number] = self._pool()
            return await self._in_process(number, decode, *args)
        finally:
            self._idle.put_nowait(number)

    async def _in_process(self, number: int, decode: Callable[..., T], *args: object) -> T:
        pool = self._pools[number]
        future = pool.schedule(decode, args, timeout=self._max_seconds)
        self._at_work.add(future)
        try:
            # In a thread, so that an event loop of the tests knows that something is at work. It
            # raises nothing there: whoever waits no more would leave the error to nobody.
            if not await asyncio.to_thread(_ends, pool, future):
                raise BrokenProcessPool
            return future.result()
        except CancelledError:
            raise BrokenProcessPool from None
        except ProcessExpired as error:
            if error.exitcode == -signal.SIGTERM:  # an order to stop that went to all of us
                raise BrokenProcessPool from None
            raise PictureDamagedError("The picture killed its decoder.") from None
        except TimeoutError:
            raise PictureDamagedError("The picture killed its decoder.") from None
        finally:
            self._at_work.discard(future)
            future.cancel()  # type: ignore[no-untyped-call]

    def _pool(self) -> ProcessPool:
        # A fork of this process would carry the model's threads and locks along.
        spawn = multiprocessing.get_context("spawn")
        return ProcessPool(1, initializer=_confine, initargs=[self._max_memory], context=spawn)


def _decode_pictures(data: bytes, question: str, most: int) -> Opened:
    return decode_pictures(data, question, most=most)


def _ends(pool: ProcessPool, future: ProcessFuture[Any]) -> bool:
    """Wait for the end of a call; False where the pool broke before it was given it."""
    while not wait([future], timeout=1).done:
        if not pool.active:
            return False
    return True


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _confine(max_memory: int | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # ends the process at once, even in C code
    Thread(target=_end_with_parent, daemon=True).start()
    # Decoders complain on stderr, in words that a stranger's file can choose.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if max_memory is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (max_memory, max_memory))


def _end_with_parent() -> None:
    # A bot that is killed cannot end its pool; a decoder at work would go on for ever.
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
