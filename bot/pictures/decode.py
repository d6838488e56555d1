"""Decode strangers' pictures in processes that may die without harm."""

import asyncio
import multiprocessing
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from threading import Thread

from inference import Picture, PictureDamagedError, decode_picture

WORKERS = 2
MAX_SECONDS = 10
"""For one picture; an AVIF of the most pixels takes 6 s on two slow cores."""
MAX_MEMORY = 3 * 1024**3
"""Bytes of address space: a picture of the most pixels, decoded and copied twice."""


class Decoder:
    """A small pool of processes that is replaced when a picture kills one of them."""

    def __init__(self, max_seconds: int = MAX_SECONDS) -> None:
        self._max_seconds = max_seconds
        self._pool = _pool(WORKERS)
        self._one_alone = asyncio.Lock()

    async def decode(self, data: bytes) -> Picture:
        """Decode a picture file. Raises PictureError."""
        pool = self._pool
        try:
            return await self._decode_in(pool, data)
        except BrokenProcessPool:
            if pool is self._pool:
                self._pool = _pool(WORKERS)
        async with self._one_alone:  # however many were beside it, memory stays bounded
            return await self._decode_alone(data)

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _decode_alone(self, data: bytes) -> Picture:
        """Find out whether it was this picture, or one beside it, that killed the pool."""
        pool = _pool(1)
        try:
            return await self._decode_in(pool, data)
        except BrokenProcessPool:
            raise PictureDamagedError("The picture killed its decoder.") from None
        finally:
            pool.shutdown(wait=False)

    async def _decode_in(self, pool: ProcessPoolExecutor, data: bytes) -> Picture:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(pool, _decode, data, self._max_seconds)


def _pool(workers: int) -> ProcessPoolExecutor:
    # A fork of this process would carry the model's threads and locks along; spawn works anywhere.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, context, initializer=_confine)


def _decode(data: bytes, max_seconds: int) -> Picture:
    if sys.platform == "win32":
        return decode_picture(data)
    signal.alarm(max_seconds)  # its default action ends the process, even inside C code
    try:
        return decode_picture(data)
    finally:
        signal.alarm(0)


def _confine() -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    # Decoders complain on stderr, in words that a stranger's file can choose.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


def _end_with_parent() -> None:
    # A bot that is killed cannot end its pool; the decoders would wait for work for ever.
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
