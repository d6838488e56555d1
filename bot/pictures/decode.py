"""Decode strangers' pictures in processes that may die without harm."""

import asyncio
import multiprocessing
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from inference import Picture, PictureDamagedError, decode_picture

WORKERS = 2
MAX_SECONDS = 20
MAX_MEMORY = 3 * 1024**3
"""Bytes of address space: a picture of the most pixels, decoded and copied twice."""


class Decoder:
    """A small pool of processes that is replaced when a picture kills one of them."""

    def __init__(self) -> None:
        self._pool = _pool(WORKERS)

    async def decode(self, data: bytes) -> Picture:
        """Decode a picture file. Raises PictureError."""
        pool = self._pool
        try:
            return await _decode_in(pool, data)
        except BrokenProcessPool:
            if pool is self._pool:
                self._pool = _pool(WORKERS)
        return await _decode_alone(data)

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(wait=False, cancel_futures=True)


async def _decode_alone(data: bytes) -> Picture:
    """Find out whether it was this picture, or one beside it, that killed the pool."""
    pool = _pool(1)
    try:
        return await _decode_in(pool, data)
    except BrokenProcessPool:
        raise PictureDamagedError("The picture killed its decoder.") from None
    finally:
        pool.shutdown(wait=False)


async def _decode_in(pool: ProcessPoolExecutor, data: bytes) -> Picture:
    return await asyncio.get_running_loop().run_in_executor(pool, _decode, data)


def _pool(workers: int) -> ProcessPoolExecutor:
    # A fork of this process would carry the model's threads and locks along; spawn works anywhere.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, context, initializer=_limit_memory)


def _decode(data: bytes) -> Picture:
    if sys.platform == "win32":
        return decode_picture(data)
    signal.alarm(MAX_SECONDS)  # its default action ends the process, even inside C code
    try:
        return decode_picture(data)
    finally:
        signal.alarm(0)


def _limit_memory() -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
