"""A job while it is open."""

import asyncio
import sqlite3
import time
from dataclasses import replace
from typing import Any

from bot.jobs.job import Job
from bot.jobs.store import Store

Written = asyncio.Future[sqlite3.Error | None]
"""Done when a change is on disk, or with what the disk said."""


class Case:
    """Holds the latest state of a job, which is written down whenever it changes."""

    def __init__(self, job: Job, store: Store, *, resumed: bool = False) -> None:
        self.job = job
        self.is_resumed = resumed
        """An earlier process may have said something that nobody wrote down."""
        self.began = time.monotonic()
        self._store = store

    def change(self, **changes: Any) -> Written | None:
        """Change fields of the job; what is returned, if anything, is done when it is on disk."""
        changed = replace(self.job, **changes)
        if changed == self.job:
            return None
        self.job = changed
        return self._store.update(changed)
