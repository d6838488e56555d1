"""Take jobs in turn, and see that each job ends in an answer, a sentence or an order."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from bot.errors import DeclinedError
from bot.jobs.attempt import GUILTY, Attempt, judged
from bot.jobs.background import Background
from bot.jobs.case import Case
from bot.jobs.estimate import Estimate
from bot.jobs.hearing import apology
from bot.jobs.job import Job
from bot.jobs.limits import Limits
from bot.jobs.outlet import CANCELLED, Answer, Outlet, WithdrawnError
from bot.jobs.sight import Sight
from bot.jobs.store import Store
from bot.jobs.turns import StaysError, Turns
from bot.jobs.waiting import WaitingRoom
from bot.locales import sentences as s
from bot.log import REQUEST
from bot.metrics import Metrics
from inference import Engine, EngineClosedError, GenerationError

log = logging.getLogger(__name__)

LONG_QUEUE = 8
"""Waiting jobs from which on pictures are looked at less closely."""


class Worker:
    """Sees each accepted job through; its task lives as long: to end the task is to end the job."""

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
        self._pace = f"seconds an answer of {engine.model_name} takes"
        mean = store.recall(self._pace)
        self._estimate = Estimate(engine.at_once, None if mean is None else float(mean))
        self._turns = Turns(engine.at_once, self._tell_places)
        self._waiting = WaitingRoom(self._turns.queue, self._estimate)
        self._open: dict[int, Outlet] = {}
        self._lives: dict[int, asyncio.Task[None]] = {}
        self._attempts: dict[int, Attempt] = {}
        """Those of the jobs that the model has in hand."""
        self._closing: set[int] = set()
        """Jobs whose last word is on its way."""
        self._background = Background()
        self._stopping = False
        metrics.waiting.set_function(lambda: self._turns.waiting)
        metrics.running.set_function(lambda: self._turns.running)

    async def accept(self, job: Job) -> Outlet | None:
        """Take a question: from here on it survives a crash. None if it was taken before.

        Returns as soon as the disk has it. Raises DeclinedError.
        """
        if job.id in self._open:
            return None
        self._limits.check(
            job, self._estimate.wait(self._turns.place_of_next(job.asker_id, len(self._open)))
        )
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
        self._background.do(self._sight.warm_up())

    async def resume(self) -> None:
        """Go on with every job that was accepted before the last stop or crash."""
        jobs = await self._store.jobs()
        self._sight.keep_only(jobs)
        for job in judged(jobs):
            if job.id not in self._open:
                self._store.update(job)
                self._enter(Case(job, self._store, resumed=True))
                self.start(job.id)

    def outlet(self, job_id: int) -> Outlet | None:
        """Return the voice of a job that is not answered yet."""
        return self._open.get(job_id)

    def open_now(self) -> list[Job]:
        """List the jobs that are not answered yet."""
        return [outlet.case.job for outlet in self._open.values()]

    async def change_question(self, job_id: int, **changes: Any) -> bool:
        """Change what a job asks; False where it is looked at already, or over.

        It is looked at anew where one of its pictures has been taken away.
        """
        outlet = self._open.get(job_id)
        if outlet is None or job_id in self._closing:
            return False
        case, is_looked_at = outlet.case, self._turns.has(job_id)
        if is_looked_at and not case.job.shows_more_than(changes["links"]):
            return False
        case.edit(**changes)
        has_ended = is_looked_at and await self._end_life(job_id)
        self._sight.forget(case.job)
        if has_ended and job_id in self._open:
            self._open[job_id] = self._outlet_for(case)  # what was said so far does not hold
            self.start(job_id)
        return True

    async def cancel(self, job_id: int) -> bool:
        """Give up a job, and then say so in its place; False where it is over."""
        if (outlet := await self._drop(job_id, "cancelled")) is None:
            return False
        self._background.do(outlet.finish(CANCELLED))
        return True

    async def withdraw(self, job_id: int) -> None:
        """Give up a job without a word, and take away what was said."""
        if outlet := await self._drop(job_id, "withdrawn"):
            self._background.do(outlet.withdraw())

    async def settle(self, job_id: int) -> None:
        """See a job ended whose last word stands in Discord, whether we have heard so or not."""
        outlet = self._open.get(job_id)
        is_said_now = job_id in self._closing
        if outlet and outlet.case.is_resumed and not is_said_now:
            await self._drop(job_id, "answered")  # an earlier process has said it: not once more
        elif life := self._lives.get(job_id):  # it may go on in further messages
            await asyncio.wait([life])

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
        self._turns.stop()
        for attempt in self._attempts.values():
            attempt.end()

    async def drain(self, grace: float) -> None:
        """Stop, and give what runs so many seconds; the rest stays accepted."""
        self.stop()
        if tasks := [*self._lives.values(), *self._background.tasks]:
            await asyncio.wait(tasks, timeout=grace)

    async def close(self) -> None:
        """End at once; what is not answered stays accepted."""
        self.stop()
        tasks = [*self._lives.values(), *self._background.tasks]
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
            self._waiting.leave(job_id)
        return outlet

    async def _live(self, outlet: Outlet) -> None:
        """See a job through from its acceptance to its last word."""
        job_id = outlet.case.job.id
        REQUEST.set(job_id)
        try:
            answer = await self._answer(outlet)
            self._closing.add(job_id)
            await outlet.finish(answer)
        except WithdrawnError:
            await self.withdraw(job_id)
            return
        except (StaysError, EngineClosedError) as error:
            log.info("Job %s waits for the next start.", job_id)
            self._leave(job_id)
            if isinstance(error, EngineClosedError):
                self.stop()
            return
        except Exception:
            log.exception("The last word on job %s does not get through.", job_id)
        finally:
            self._lives.pop(job_id, None)
            self._closing.discard(job_id)
        self._leave(job_id)
        self._metrics.answered(outlet.case.job.task, time.monotonic() - outlet.case.began)
        await self._end(outlet.case.job, answer.outcome)

    async def _answer(self, outlet: Outlet) -> Answer:
        try:
            await outlet.begin()
            await self._raise_if_stopping(outlet)
            await self._sight.fetch(outlet.case)
            async with self._turns.take(outlet.case.job) as turn:
                self._background.do(self._waiting.welcome(outlet))
                await turn
                return await self._ask(outlet)
        except (WithdrawnError, StaysError, EngineClosedError):
            raise
        except Exception as error:
            return apology(outlet.case.job, error)

    async def _raise_if_stopping(self, outlet: Outlet) -> None:
        if self._stopping:
            await outlet.restarting()
            raise StaysError

    def _tell_places(self) -> None:
        for job_id, place in self._waiting.moved_up().items():
            if outlet := self._open.get(job_id):
                self._background.do(self._waiting.tell(outlet, place))

    async def _ask(self, outlet: Outlet) -> Answer:
        """Ask the model, unless that has cost processes their lives before."""
        job, started = outlet.case.job, time.monotonic()
        if job.attempts >= GUILTY:
            log.error(
                "Job %s (%s, pictures of %s bytes) is given up: the process has died of it.",
                job.id,
                job.task,
                self._sight.sizes(job),
            )
            return Answer("fatal", error=GenerationError("It ended the process."))
        await self._sight.fetch(outlet.case)  # what an edit of the question has changed
        self._attempts[job.id] = attempt = Attempt(outlet.case, counts=not self._stopping)
        try:
            is_busy = len(self._turns.queue) >= LONG_QUEUE
            answer = await self._sight.ask(outlet, attempt, busy=is_busy)
        finally:
            attempt.end()
            del self._attempts[job.id]
        if answer.ending:
            self._estimate.add(time.monotonic() - started)
        return answer

    async def _drop(self, job_id: int, outcome: str) -> Outlet | None:
        """End a job's task and forget the job; whatever is said about it comes after."""
        if (outlet := self._leave(job_id)) is None:
            return None
        await self._end_life(job_id)
        await self._end(outlet.case.job, outcome)
        return outlet

    async def _end_life(self, job_id: int) -> bool:
        """End a job's task; False where that is this one, or there is none any more."""
        life = self._lives.pop(job_id, None)
        if life is None or life is asyncio.current_task():
            return False
        life.cancel()
        await asyncio.wait([life])
        return True

    async def _end(self, job: Job, outcome: str) -> None:
        log.info("Job %s (%s) is over: %s.", job.id, job.task, outcome)
        self._metrics.ended(job.task, outcome, job.locale)
        if failure := await self._store.end(job, outcome):
            log.error("Job %s is over and cannot be deleted yet: %s", job.id, failure)
        if self._estimate.mean is not None:
            self._store.remember(self._pace, f"{self._estimate.mean:.2f}")
        self._sight.forget(job)
