"""What is done beside everything else, and changes nothing where it fails."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from bot.jobs.outlet import WithdrawnError

log = logging.getLogger(__name__)


class Background:
    """Holds the tasks that nobody waits for until the bot ends."""

    def __init__(self) -> None:
        self.tasks: set[asyncio.Task[None]] = set()

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin something; what goes wrong with it is logged."""
        task = asyncio.create_task(_quietly(work))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except WithdrawnError:
        pass
    except Exception:
        log.exception("Something could not be said.")
