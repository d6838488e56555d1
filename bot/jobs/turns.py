"""Who is looked at now: many at once, and alone who may have ended a process."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.jobs.job import Job
from bot.jobs.queue import FairQueue


class StaysError(Exception):
    """A job is left for the next start."""


class Turns:
    """Lets as many jobs go on at once as the engine answers, and one that stands by.

    Suspects go first, each alone. `moved` is called whenever places in the queue may have changed.
    """

    def __init__(self, at_once: Callable[[], int], moved: Callable[[], None]) -> None:
        self.queue = FairQueue()
        self._at_once = at_once
        self._moved = moved
        self._suspects: deque[Job] = deque()
        self._turns: dict[int, asyncio.Future[None]] = {}
        """What each job waits for."""
        self._running: dict[int, Job] = {}
        self._stopping = False

    @property
    def waiting(self) -> int:
        """Count the jobs whose turn has not come."""
        return len(self._turns) - len(self._running)

    @property
    def running(self) -> int:
        """Count the jobs whose turn it is."""
        return len(self._running)

    def has(self, job_id: int) -> bool:
        """Tell whether it is a job's turn."""
        return job_id in self._running

    def place_of_next(self, person: int, taken: int) -> int:
        """Tell the place that a new job would get beside so many; 0 where it starts at once."""
        busy = taken - len(self.queue)  # they run, or their pictures are on the way
        starts = busy <= self._at_once() and not self.queue.is_served(person)
        return 0 if starts else self.queue.position_of_next(person)

    def stop(self) -> None:
        """Let nobody go on any more: who waits, and who comes, gets StaysError."""
        self._stopping = True
        for turn in self._turns.values():
            if not turn.done():
                turn.set_exception(StaysError())

    @asynccontextmanager
    async def take(self, job: Job) -> AsyncIterator["asyncio.Future[None]"]:
        """Stand in line; what is handed out is done when it is the job's turn, which then lasts.

        Raises StaysError.
        """
        if self._stopping:
            raise StaysError
        self._turns[job.id] = turn = asyncio.get_running_loop().create_future()
        (self._suspects.append if job.is_suspect else self.queue.add)(job)
        try:
            self._go_on()
            yield turn
        finally:
            del self._turns[job.id]
            if self._running.pop(job.id, None):
                self.queue.done(job)
            elif job in self._suspects:
                self._suspects.remove(job)
            else:
                self.queue.remove(job.id)
            self._go_on()

    def _go_on(self) -> None:
        while not self._stopping and (job := self._next()):
            self._running[job.id] = job
            if not (turn := self._turns[job.id]).done():
                turn.set_result(None)
        self._moved()

    def _next(self) -> Job | None:
        if any(job.is_suspect for job in self._running.values()):
            return None
        if self._suspects:
            return None if self._running else self._suspects.popleft()
        return self.queue.take() if len(self._running) <= self._at_once() else None
