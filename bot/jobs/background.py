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
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: "asyncio.Task[None]") -> None:
        self.tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error and not isinstance(error, WithdrawnError):
            log.error("Something could not be said.", exc_info=error)
