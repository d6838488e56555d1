"""Decode strangers' pictures in processes that may die without harm."""

import asyncio
import faulthandler
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from threading import Thread

from inference import Picture, PictureDamagedError, decode_picture

WORKERS = 2
MAX_SECONDS = 10
"""For one picture; an AVIF of the most pixels takes 6 s on two slow cores."""
MAX_MEMORY = 3 * 1024**3
"""Bytes of address space: a picture of the most pixels, decoded and copied twice.

Enforced on Linux only; elsewhere the limit on pixels has to do.
"""


class Decoder:
    """A few processes, each replaced when a picture kills it."""

    def __init__(self, max_seconds: int = MAX_SECONDS) -> None:
        self._max_seconds = max_seconds
        # Each has a pool of its own: who dies takes nobody along, and a pool of several may lock
        # up where one of them dies while another is started (Python 3.11).
        self._processes = [_process() for _ in range(WORKERS)]
        self._idle = list(range(WORKERS))
        self._room = asyncio.Semaphore(WORKERS)
        self._is_closed = False

    async def decode(self, data: bytes) -> Picture:
        """Decode a picture file. Raises PictureError."""
        # Whoever waits no more, the process is busy until it ends.
        return await asyncio.shield(self._decode_in_turn(data))

    def close(self) -> None:
        """End the processes, those at work as soon as they have done it; no other is started."""
        self._is_closed = True
        for process in self._processes:
            process.shutdown(wait=False, cancel_futures=True)

    async def _decode_in_turn(self, data: bytes) -> Picture:
        loop = asyncio.get_running_loop()
        async with self._room:
            number, end = self._idle.pop(), loop.time() + self._max_seconds
            try:
                for _ in range(2):  # it may have died before it saw this picture
                    try:
                        return await loop.run_in_executor(
                            self._processes[number], _decode, data, self._max_seconds
                        )
                    except BrokenProcessPool:
                        if self._is_closed:
                            break
                        self._processes[number] = _process()
                    if loop.time() > end:
                        break
                raise PictureDamagedError("The picture killed its decoder.")
            finally:
                self._idle.append(number)


def _process() -> ProcessPoolExecutor:
    # A fork of this process would carry the model's threads and locks along; spawn works anywhere.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, context, initializer=_confine)


def _decode(data: bytes, max_seconds: int) -> Picture:
    faulthandler.dump_traceback_later(max_seconds, exit=True)  # ends the process, even in C code
    try:
        return decode_picture(data)
    finally:
        faulthandler.cancel_dump_traceback_later()


def _confine() -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    # Decoders complain on stderr, in words that a stranger's file can choose.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


def _end_with_parent() -> None:
    # A bot that is killed cannot end its pool; the decoders would wait for work for ever.
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
