"""Take jobs in turn, and see that each job ends in an answer, a sentence or an order."""

import asyncio
import logging
import sqlite3
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from bot.errors import DeclinedError
from bot.jobs.case import Case
from bot.jobs.estimate import Estimate
from bot.jobs.job import MOST_ATTEMPTS, Job
from bot.jobs.limits import Limits
from bot.jobs.outlet import CANCELLED, Answer, Outlet, WithdrawnError
from bot.jobs.queue import FairQueue
from bot.jobs.sight import Sight, apology
from bot.jobs.store import Store
from bot.jobs.waiting import WaitingRoom
from bot.locales import sentences as s
from bot.log import REQUEST
from bot.metrics import Metrics
from inference import Engine, EngineClosedError, GenerationError

log = logging.getLogger(__name__)

LONG_QUEUE = 8
"""Waiting jobs from which on pictures are looked at less closely."""


class _StaysError(Exception):
    """A job is left for the next start."""


class Worker:
    """Runs the accepted jobs, as many at once as the engine answers, and one that stands by.

    Each open job has a task that lives as long: to end the task is to end the job.
    """

    def __init__(
        self,
        engine: Engine,
        store: Store,
        sight: Sight,
        limits: Limits,
        outlet_for: Callable[[Case], Outlet],
        metrics: Metrics,
    ) -> None:
        self._engine = engine
        self._store = store
        self._sight = sight
        self._limits = limits
        self._outlet_for = outlet_for
        self._metrics = metrics
        self._queue = FairQueue()
        self._pace = f"seconds an answer of {engine.model_name} takes"
        mean = store.recall(self._pace)
        self._estimate = Estimate(engine.at_once, None if mean is None else float(mean))
        self._waiting = WaitingRoom(self._queue, self._estimate)
        self._open: dict[int, Outlet] = {}
        self._lives: dict[int, asyncio.Task[None]] = {}
        self._turns: dict[int, asyncio.Future[None]] = {}
        """What each waiting job waits for."""
        self._suspects: deque[Job] = deque()
        """Jobs that have seen a process die: each is tried alone, before all others."""
        self._running: set[int] = set()
        self._alone: int | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        metrics.waiting.set_function(lambda: len(self._turns) - len(self._running))
        metrics.running.set_function(lambda: len(self._running))

    async def accept(self, job: Job) -> Outlet | None:
        """Take a question: from here on it survives a crash. None if it was taken before.

        Returns as soon as the disk has it. Raises DeclinedError.
        """
        if job.id in self._open:
            return None
        self._limits.check(job, self._estimate.wait(self._next_place(job.asker_id)))
        outlet = self._enter(Case(job, self._store))
        try:
            is_new = await self._store.add(job)
        except sqlite3.Error as error:  # the disk is full, or the file is locked
            log.error("Job %s cannot be kept: %s", job.id, error)  # noqa: TRY400
            self._leave(job.id)
            raise DeclinedError(s.UNEXPECTED) from error
        if not is_new:
            self._leave(job.id)
        return outlet if is_new else None

    def start(self, job_id: int) -> None:
        """Set an accepted job going, unless its asker has taken it back meanwhile."""
        if outlet := self._open.get(job_id):
            self._lives[job_id] = asyncio.create_task(self._live(outlet))

    def warm_up(self) -> None:
        """Start what the first picture would else have to wait for."""
        self._spawn(self._sight.warm_up())

    async def resume(self) -> None:
        """Go on with every job that was accepted before the last stop or crash."""
        jobs = await self._store.jobs()
        self._sight.keep_only(jobs)
        for job in jobs:
            if job.id not in self._open:
                self._enter(Case(job, self._store, resumed=True))
                self.start(job.id)

    def outlet(self, job_id: int) -> Outlet | None:
        """Return the voice of a job that is not answered yet."""
        return self._open.get(job_id)

    def open_now(self) -> list[Job]:
        """List the jobs that are not answered yet."""
        return [outlet.case.job for outlet in self._open.values()]

    def change_question(self, job_id: int, **changes: Any) -> bool:
        """Change what a job asks; False where it is looked at already, or over."""
        outlet = self._open.get(job_id)
        if outlet is None or job_id in self._running:
            return False
        self._sight.forget(outlet.case.job)
        outlet.case.change(**changes)
        return True

    async def cancel(self, job_id: int) -> bool:
        """Give up a job, and then say so in its place; False where it is over."""
        if (outlet := await self._drop(job_id, "cancelled")) is None:
            return False
        self._spawn(self._quietly(outlet.finish(CANCELLED)))
        return True

    async def withdraw(self, job_id: int) -> None:
        """Give up a job without a word, and take away what was said."""
        if outlet := await self._drop(job_id, "withdrawn"):
            self._spawn(self._quietly(outlet.withdraw()))

    async def forget(self, person: int) -> int:
        """Give up all that a person asked; tell how many that were.

        Those questions are among them that wait for the next start.
        """
        kept = await self._store.jobs()
        mine = {job.id: job for job in [*kept, *self.open_now()] if job.asker_id == person}
        for job in mine.values():
            if not await self.cancel(job.id):
                await self._end(job, "cancelled")
        return len(mine)

    def stop(self) -> None:
        """Begin nothing new: what is accepted from now on waits for the next start."""
        self._stopping = True
        for turn in self._turns.values():
            if not turn.done():
                turn.set_exception(_StaysError())

    async def drain(self, grace: float) -> None:
        """Stop, and give what runs so many seconds; the rest stays accepted."""
        self.stop()
        if tasks := [*self._lives.values(), *self._tasks]:
            await asyncio.wait(tasks, timeout=grace)

    async def close(self) -> None:
        """End at once; what is not answered stays accepted."""
        self.stop()
        tasks = [*self._lives.values(), *self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._sight.close()

    def _enter(self, case: Case) -> Outlet:
        self._limits.enter(case.job)
        self._open[case.job.id] = outlet = self._outlet_for(case)
        return outlet

    def _leave(self, job_id: int) -> Outlet | None:
        if outlet := self._open.pop(job_id, None):
            self._limits.leave(job_id)
        return outlet

    async def _live(self, outlet: Outlet) -> None:
        """See a job through from its acceptance to its last word."""
        job_id = outlet.case.job.id
        REQUEST.set(job_id)
        try:
            answer = await self._answer(outlet)
            await outlet.finish(answer)
        except WithdrawnError:
            await self.withdraw(job_id)
            return
        except (_StaysError, EngineClosedError) as error:
            log.info("Job %s waits for the next start.", job_id)
            self._leave(job_id)
            if isinstance(error, EngineClosedError):
                self.stop()
            return
        except Exception:
            log.exception("The last word on job %s does not get through.", job_id)
        finally:
            self._lives.pop(job_id, None)
        self._leave(job_id)
        self._metrics.answered(outlet.case.job.task, time.monotonic() - outlet.case.began)
        await self._end(outlet.case.job, answer.outcome)

    async def _answer(self, outlet: Outlet) -> Answer:
        try:
            await outlet.begin()
            await self._raise_if_stopping(outlet)
            await self._sight.fetch(outlet.case.job)
            async with self._turn(outlet):
                return await self._ask(outlet)
        except (WithdrawnError, _StaysError, EngineClosedError):
            raise
        except Exception as error:
            return apology(outlet.case.job, error)

    async def _raise_if_stopping(self, outlet: Outlet) -> None:
        if self._stopping:
            await outlet.restarting()
            raise _StaysError

    @asynccontextmanager
    async def _turn(self, outlet: Outlet) -> AsyncIterator[None]:
        """Wait for a job's turn, and hold its place while it runs."""
        if self._stopping:
            raise _StaysError
        job = outlet.case.job
        self._turns[job.id] = turn = asyncio.get_running_loop().create_future()
        if job.attempts:
            self._suspects.append(job)
        else:
            self._queue.add(job)
        try:
            self._pump()
            self._spawn(self._quietly(self._waiting.welcome(outlet)))
            await turn
            yield
        finally:
            self._turns.pop(job.id, None)
            self._waiting.leave(job.id)
            if job.id in self._running:
                self._running.discard(job.id)
                self._queue.done(job)
            elif self._queue.remove(job.id) is None and job in self._suspects:
                self._suspects.remove(job)
            if self._alone == job.id:
                self._alone = None
            self._pump()

    def _pump(self) -> None:
        while not self._stopping and self._alone is None and (job := self._next()):
            self._running.add(job.id)
            if not (turn := self._turns[job.id]).done():
                turn.set_result(None)
        for job_id, place in self._waiting.moved_up().items():
            if outlet := self._open.get(job_id):
                self._spawn(self._quietly(self._waiting.tell(outlet, place)))

    def _next(self) -> Job | None:
        if self._suspects:
            if self._running:
                return None
            self._alone = self._suspects[0].id
            return self._suspects.popleft()
        return self._queue.take() if len(self._running) <= self._engine.at_once() else None

    async def _ask(self, outlet: Outlet) -> Answer:
        """Ask the model, unless that has cost the process its life before."""
        case, started = outlet.case, time.monotonic()
        if case.job.attempts >= MOST_ATTEMPTS:
            log.error(
                "Job %s (%s, pictures of %s bytes) is given up: the process has died of it.",
                case.job.id,
                case.job.task,
                self._sight.sizes(case.job),
            )
            return Answer("fatal", error=GenerationError("It ended the process."))
        await self._sight.fetch(case.job)  # what an edit of the question has changed
        if written := case.change(attempts=case.job.attempts + 1):
            await written
        try:
            answer = await self._sight.ask(outlet, busy=len(self._queue) >= LONG_QUEUE)
        finally:  # the process lives
            case.change(attempts=case.job.attempts - 1)
        if answer.ending:
            self._estimate.add(time.monotonic() - started)
        return answer

    def _next_place(self, person: int) -> int:
        """Tell the place that a new job gets; 0 where it starts at once."""
        busy = len(self._open) - len(self._queue)  # they run, or their pictures are on the way
        starts = busy <= self._engine.at_once() and not self._queue.is_served(person)
        return 0 if starts else self._queue.position_of_next(person)

    async def _drop(self, job_id: int, outcome: str) -> Outlet | None:
        """End a job's task and forget the job; whatever is said about it comes after."""
        if (outlet := self._leave(job_id)) is None:
            return None
        life = self._lives.pop(job_id, None)
        if life and life is not asyncio.current_task():
            life.cancel()
            await asyncio.wait([life])
        await self._end(outlet.case.job, outcome)
        return outlet

    async def _end(self, job: Job, outcome: str) -> None:
        log.info("Job %s (%s) is over: %s.", job.id, job.task, outcome)
        self._metrics.ended(job.task, outcome, job.locale)
        if failure := await self._store.end(job, outcome):
            log.error("Job %s is over and cannot be deleted yet: %s", job.id, failure)
        if self._estimate.mean is not None:
            self._store.remember(self._pace, f"{self._estimate.mean:.2f}")
        self._sight.forget(job)

    async def _quietly(self, words: Coroutine[Any, Any, None]) -> None:
        """Say something that changes nothing where it does not get through."""
        try:
            await words
        except WithdrawnError:
            pass
        except Exception:
            log.exception("Something could not be said.")

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
