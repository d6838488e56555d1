"""The audit trail: who asked for what, where, and how it ended; never what was said or shown."""

import asyncio
import logging
import sqlite3
import time

from bot.jobs.job import Job
from bot.jobs.store import Store

DAY = 24 * 3600
log = logging.getLogger(__name__)


class Audit:
    """Keeps a line for each question for so many days; none at all by default."""

    def __init__(self, store: Store, days: int) -> None:
        self._store = store
        self._days = days
        self._tomorrow: asyncio.TimerHandle | None = None

    def forget_daily(self) -> None:
        """Forget what is older than it is kept, now and each day until `close`."""
        self._tomorrow = asyncio.get_running_loop().call_later(DAY, self.forget_daily)
        try:
            self._forget()
        except sqlite3.Error:
            log.exception("Old lines of the audit trail stay for now.")

    def note(self, job: Job, outcome: str) -> None:
        """Note how a question ended, and forget what is older than it is kept."""
        if self._days:
            self._store.note(job, outcome, int(time.time()))
        self._forget()

    def close(self) -> None:
        """Forget no more."""
        if self._tomorrow:
            self._tomorrow.cancel()

    def _forget(self) -> None:
        self._store.forget_before(int(time.time()) - self._days * DAY)
