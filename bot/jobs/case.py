"""A job while it is open."""

import time
from dataclasses import replace
from typing import Any

from bot.jobs.database import Written
from bot.jobs.job import Job
from bot.jobs.store import Store


class Case:
    """Holds the latest state of a job, which is written down whenever it changes."""

    def __init__(self, job: Job, store: Store, *, resumed: bool = False) -> None:
        self.job = job
        self.is_resumed = resumed
        """An earlier process may have said something that nobody wrote down."""
        self.edits = 0
        """Of its question: what is under way for an earlier wording is of no use."""
        self.began = time.monotonic()
        self._store = store

    def edit(self, **changes: Any) -> None:
        """Let the job ask something else."""
        self.edits += 1
        self.change(**changes)

    def change(self, **changes: Any) -> Written | None:
        """Change fields of the job; what is returned, if anything, is done when it is on disk."""
        changed = replace(self.job, **changes)
        if changed == self.job:
            return None
        self.job = changed
        return self._store.update(changed)
