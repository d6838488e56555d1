"""The audit trail: who asked for what, where, and how it ended; never what was said or shown."""

import time

from bot.jobs.job import Job
from bot.jobs.store import Store

DAY = 24 * 3600


class Audit:
    """Keeps a line for each question for so many days; none at all by default."""

    def __init__(self, store: Store, days: int) -> None:
        self._store = store
        self._days = days

    def note(self, job: Job, outcome: str) -> None:
        """Note how a question ended, and forget what is older than it is kept."""
        now = int(time.time())
        if self._days:
            self._store.note(job, outcome, now)
        self._store.forget_before(now - self._days * DAY)
