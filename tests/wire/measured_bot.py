"""The bot in a process of its own, measured from inside: `python -m tests.wire.measured_bot FILE`.

Each second a line of JSON is written: the longest lag of the event loop, tasks, memory, open files.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import TextIO

import discord
import psutil

from bot.run import run

TICK = 0.01
"""Seconds between two looks at the event loop."""
TICKS_A_LINE = 100


async def measure(file: TextIO) -> None:
    """Write what this process takes, a line for each second or so."""
    process, loop = psutil.Process(), asyncio.get_running_loop()
    while True:
        lags = []
        for _ in range(TICKS_A_LINE):
            due = loop.time() + TICK
            await asyncio.sleep(TICK)
            lags.append(loop.time() - due)
        line = {
            "at": time.time(),
            "lags": lags,
            "tasks": len(asyncio.all_tasks()),
            "memory": process.memory_info().rss,
            "files": process.num_fds(),
        }
        file.write(json.dumps(line) + "\n")
        file.flush()


async def main(path: Path) -> None:
    """Run the bot and its measurement until a signal."""
    with path.open("w") as file:
        measurement = asyncio.create_task(measure(file))
        try:
            await run()
        finally:
            measurement.cancel()


if __name__ == "__main__":
    discord.utils.setup_logging()
    asyncio.run(main(Path(sys.argv[1])))
