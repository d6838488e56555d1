"""How the process fares while it is measured: its event loop's lags, and its memory."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import psutil
import torch

TICK = 0.005


@dataclass(slots=True)
class Watch:
    """The event loop's lags and the most memory, while the watch is on."""

    lags: list[float] = field(default_factory=list)
    peak_bytes: int = 0


@asynccontextmanager
async def watching(device: torch.device) -> AsyncIterator[Watch]:
    """Keep watch for as long as the block runs."""
    watch = Watch()
    task = asyncio.create_task(_keep_watch(watch, device))
    try:
        yield watch
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep_watch(watch: Watch, device: torch.device) -> None:
    process = psutil.Process()
    while True:
        due = time.perf_counter() + TICK
        await asyncio.sleep(TICK)
        watch.lags.append(time.perf_counter() - due)
        on_gpu = device.type == "cuda"
        used = torch.cuda.max_memory_allocated(device) if on_gpu else process.memory_info().rss
        watch.peak_bytes = max(watch.peak_bytes, used)
