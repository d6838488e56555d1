"""Take jobs in turn, ask the model, and see that each job ends in an answer or a sentence."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import discord

from bot.errors import DeclinedError, is_expected, sentence_for
from bot.jobs.admission import Admission
from bot.jobs.audit import Audit
from bot.jobs.estimate import Estimate
from bot.jobs.job import Job, scopes_of
from bot.jobs.queue import FairQueue
from bot.jobs.spool import Spool
from bot.jobs.store import Store
from bot.jobs.waiting import WaitingRoom
from bot.locales import say
from bot.locales import sentences as s
from bot.pictures.decode import WORKERS, Decoder
from bot.pictures.fetch import Media
from bot.replies.compose import MOST_MESSAGES, Answer, compose, draft
from bot.replies.deliver import Reply, UndeliverableError
from bot.replies.documents import check_answer
from bot.replies.report import report_view
from bot.replies.spoiler import behind_spoiler, cover
from bot.replies.stream import read_out
from bot.replies.views import cancel_view
from inference import TASKS, Ending, Engine, EngineClosedError, Picture, PictureError

log = logging.getLogger(__name__)

LONG_QUEUE = 8
"""Waiting jobs from which on pictures are looked at less closely."""
FETCHED_AT_ONCE = 16
"""Jobs whose pictures are on their way; each picture takes memory while it comes."""
QUIET = 3.0
"""Seconds after which a person whose answer has not begun is told that we are looking."""


class Worker:
    """Runs the accepted jobs, as many at once as the engine has slots, and one that stands by."""

    def __init__(
        self,
        engine: Engine,
        store: Store,
        spool: Spool,
        media: Media,
        admission: Admission,
        reply_to: Callable[[Job, bool], Reply],
        *,
        signature: str,
        audit: Audit,
    ) -> None:
        self._engine = engine
        self._store = store
        self._spool = spool
        self._media = media
        self._admission = admission
        self._reply_to = reply_to
        self._signature = signature
        self._audit = audit
        self._decoder = Decoder()
        self._queue = FairQueue()
        self._pace = f"seconds an answer of {engine.model_name} takes"
        self._estimate = Estimate(engine.slots, _number(store.recall(self._pace)))
        self._waiting = WaitingRoom(self._queue, self._estimate)
        self._open: dict[int, Reply] = {}
        self._fetching = asyncio.Semaphore(FETCHED_AT_ONCE)
        self._running: dict[int, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    async def accept(self, job: Job) -> bool:
        """Take a question: from here on it survives a crash. False if it was taken before.

        Returns as soon as the disk has it. Raises DeclinedError.
        """
        if job.id in self._open:
            return False
        self._admission.check(job, self._estimate.wait(self._next_place(job.asker_id)))
        self._enter(job, resumed=False)
        try:
            is_new = await self._store.add(job)
        except sqlite3.Error as error:  # the disk is full, or the file is locked
            log.error("Job %s cannot be kept: %s", job.id, error)  # noqa: TRY400
            self._leave(job.id)
            raise DeclinedError(s.UNEXPECTED) from error
        if not is_new:
            self._leave(job.id)
        return is_new

    def _enter(self, job: Job, *, resumed: bool) -> None:
        self._admission.enter(job)
        self._open[job.id] = self._reply_to(job, resumed)

    def _leave(self, job_id: int) -> None:
        if self._open.pop(job_id, None):
            self._admission.leave(job_id)

    def acknowledged(self, job_id: int, message_id: int | None) -> None:
        """Remember the message that Discord shows while the asker waits, if it told us."""
        if reply := self._open.get(job_id):
            reply.stands_at(message_id)

    def start(self, job_id: int) -> None:
        """Set an accepted job going: its pictures are fetched, then it waits its turn.

        Does nothing where its asker has taken it back meanwhile.
        """
        if reply := self._open.get(job_id):
            self._spawn(self._start(reply))

    def resume(self) -> None:
        """Go on with every job that was accepted before the last stop or crash."""
        self._audit.forget_daily()
        jobs = self._store.jobs()
        self._spool.keep_only({job.id for job in jobs})
        for job in jobs:
            self._enter(job, resumed=True)
            self.start(job.id)

    def warm_up(self) -> None:
        """Start the decoders before the first picture comes, which else waits for them."""
        for _ in range(WORKERS):
            self._spawn(self._decode_nothing())

    def job(self, job_id: int) -> Job | None:
        """Return a job that is not answered yet."""
        reply = self._open.get(job_id)
        return reply.job if reply else None

    @property
    def open_jobs(self) -> int:
        """Tell how many questions are not answered yet."""
        return len(self._open)

    async def cancel(self, job_id: int) -> None:
        """Give up a job and say so in its place, unless it is answered already."""
        if not (reply := self._open.get(job_id)):
            return
        self._queue.remove(job_id)
        if task := self._running.get(job_id):
            task.cancel()
            await asyncio.wait([task])
        await self._deliver(reply, Answer(say(reply.job.locale, s.CANCELLED), outcome="cancelled"))

    async def forget(self, person: int) -> int:
        """Cancel all that a person asked, and drop what the model keeps of it; tell how many.

        Those answers are among them that wait for the next start.
        """
        mine = [job.id for job in self._store.jobs() if job.asker_id == person]
        for job_id in mine:
            if job_id in self._open:
                await self.cancel(job_id)
            self._store.end(job_id, "cancelled")
            self._spool.remove(job_id)
        self._engine.forget(scopes_of(person))
        return len(mine)

    async def drain(self, grace: float) -> None:
        """Take nothing new; give what runs so many seconds, and leave the rest accepted."""
        self._admission.closed = s.RESTARTING
        self._closing = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)

    async def close(self) -> None:
        """Stop at once; what is not answered stays accepted."""
        self._closing = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._audit.close()
        self._decoder.close()

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _start(self, reply: Reply) -> None:
        job_id = reply.job.id
        try:
            await reply.open_thread(reply.job.question or say(reply.job.locale, s.THREAD_NAME))
            await self._keep_pictures(reply.job)
        except Exception as error:
            await self._deliver(reply, _apology(reply.job, error))
        if job_id not in self._open:  # also cancelled meanwhile, between two pictures
            self._spool.remove(job_id)
            return
        self._queue.add(reply.job)
        self._pump()
        await self._waiting.welcome(reply, self._queue.positions().get(job_id, 0))

    async def _keep_pictures(self, job: Job) -> None:
        for number, link in enumerate(job.links):
            if not self._spool.has(job.id, number):
                async with self._fetching:
                    data = await self._media.fetch(link)
                    await asyncio.to_thread(self._spool.keep, job.id, number, data)

    def _next_place(self, person: int) -> int:
        """Tell the place that a new job gets; 0 where it starts at once."""
        busy = len(self._open) - len(self._queue)  # they run, or their pictures are on the way
        starts = busy <= self._engine.slots and not self._queue.is_served(person)
        return 0 if starts else self._queue.position_of_next(person)

    def _pump(self) -> None:
        while not self._closing and len(self._running) <= self._engine.slots:
            job = self._queue.take()
            if job is None:
                break
            self._waiting.leave(job.id)
            self._running[job.id] = self._spawn(self._run(self._open[job.id]))
        for job_id, place in self._waiting.moved_up().items():
            self._spawn(self._waiting.tell(self._open[job_id], place))

    async def _run(self, reply: Reply) -> None:
        try:
            answer = await self._answer(reply)
        except EngineClosedError:
            log.warning("The engine has stopped; job %s waits for the next start.", reply.job.id)
            self._closing = True
            return
        finally:
            del self._running[reply.job.id]
            self._queue.done(reply.job)
            self._pump()
        await self._deliver(reply, answer)

    async def _answer(self, reply: Reply) -> Answer:
        job, task, started = reply.job, TASKS[reply.job.task], time.monotonic()
        try:
            text, ending = await self._read(reply)
        except EngineClosedError:
            raise
        except Exception as error:
            return _apology(job, error)
        self._estimate.add(time.monotonic() - started)
        messages = 1 if job.token else MOST_MESSAGES
        answer = compose(
            task, text, ending, job.locale, signature=self._signature, messages=messages
        )
        return behind_spoiler(answer) if job.spoiler else answer

    async def _read(self, reply: Reply) -> tuple[str, Ending]:
        """Ask the model and show what it says; until it speaks, that we are looking."""
        job, task = reply.job, TASKS[reply.job.task]
        view, veil = cancel_view(job.id, job.locale), cover if job.spoiler else str
        quiet = asyncio.get_running_loop().call_later(
            QUIET, lambda: self._spawn(self._waiting.tell(reply, 0))
        )

        async def show(text: str) -> None:
            if words := draft(task, text):
                quiet.cancel()
                # What is on its way cannot be called back: whatever comes later must wait for it.
                await asyncio.shield(self._spawn(reply.show(veil(words), view)))

        try:
            request = task.request(
                await self._pictures(job),
                job.question,
                kind=self._engine.kind,
                busy=len(self._queue) >= LONG_QUEUE,
                scope=job.scope,
            )
            return await read_out(self._engine.generate(request), show, check_answer)
        finally:
            quiet.cancel()

    async def _decode_nothing(self) -> None:
        with suppress(PictureError):
            await self._decoder.decode(b"")

    async def _pictures(self, job: Job) -> tuple[Picture, ...]:
        return tuple(
            [
                await self._decoder.decode(
                    await asyncio.to_thread(self._spool.read, job.id, number)
                )
                for number in range(len(job.links))
            ]
        )

    async def _deliver(self, reply: Reply, answer: Answer) -> None:
        job_id = reply.job.id
        if self._open.pop(job_id, None) is None:  # cancelled, or another had the last word
            return
        self._waiting.leave(job_id)
        try:
            await reply.finish(answer, self._report_view(reply.job, answer))
        except UndeliverableError:
            log.warning("Nobody is left to read the answer to job %s.", job_id)
        except Exception:
            log.exception("The answer to job %s cannot be delivered.", job_id)
        finally:
            self._admission.leave(job_id)
        self._forget(reply.job, answer.outcome)

    def _forget(self, job: Job, outcome: str) -> None:
        try:
            self._store.end(job.id, outcome)
            self._audit.note(job, outcome)
            if self._estimate.mean is not None:
                self._store.remember(self._pace, f"{self._estimate.mean:.2f}")
        except sqlite3.Error:
            log.exception("Job %s is answered and cannot be deleted yet.", job.id)
        self._spool.remove(job.id)

    def _report_view(self, job: Job, answer: Answer) -> discord.ui.View | None:
        if answer.outcome != "answered":
            return None
        try:
            return report_view(job, self._store)
        except sqlite3.Error:
            log.exception("The answer to job %s goes out without its button.", job.id)
            return None


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _apology(job: Job, error: Exception) -> Answer:
    if is_expected(error):
        log.info("Job %s ends in a sentence: %s", job.id, type(error).__name__)
    else:
        log.error("Job %s failed.", job.id, exc_info=error)
    return Answer(sentence_for(error, job.locale), outcome=type(error).__name__)
