"""The one door: whoever asks, and however, asks here."""

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from bot.choices import Choices
from bot.errors import DeclinedError
from bot.jobs.job import SEEN_ANEW, Job, scopes_of
from bot.jobs.limits import Limits
from bot.jobs.store import Store
from bot.jobs.subject import Subject
from bot.jobs.worker import Worker
from bot.locales import sentences as s
from bot.metrics import Metrics
from bot.settings import BotSettings
from bot.trust import Place, check_asker, check_place, needs_spoiler
from inference import TASKS, Engine, languages_of

log = logging.getLogger(__name__)

Acknowledge = Callable[[], Awaitable[dict[str, Any] | None]]
"""Shows the asker that the question is taken; returns what the job learns from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks, where, and what is known of both."""

    job: Job
    """As it would be taken; what the pictures tell is filled in here."""
    find: Callable[[], Awaitable[Subject]]
    """Looks for the subject, once it is clear that the asker may ask. Raises DeclinedError."""
    task_for_several: str | None = None
    """The task instead, where there are several pictures."""
    place: Place
    roles: frozenset[int] = frozenset()


class Cancelling(Enum):
    """What comes of a wish to cancel."""

    DONE = auto()
    OVER = auto()
    NOT_YOURS = auto()


class Desk:
    """Takes questions and orders; knows people, messages and places by their numbers alone."""

    def __init__(
        self,
        settings: BotSettings,
        store: Store,
        limits: Limits,
        worker: Worker,
        engine: Engine,
        metrics: Metrics,
    ) -> None:
        self._settings = settings
        self._store = store
        self._limits = limits
        self._worker = worker
        self._engine = engine
        self._metrics = metrics

    def warm_up(self) -> None:
        """Start what the first question would else have to wait for."""
        self._worker.warm_up()

    async def begin(self) -> None:
        """Go on with what the last run left."""
        await self._worker.resume()

    async def drain(self, grace: float) -> None:
        """Begin nothing new, and give what runs so many seconds; the rest stays accepted."""
        await self._worker.drain(grace)

    async def ask(self, question: Question, acknowledge: Acknowledge | None = None) -> None:
        """Take a question and set it going. Raises DeclinedError.

        What is taken is on disk before it is acknowledged, and starts whatever becomes of that.
        """
        asked = time.monotonic()
        outlet = await self._worker.accept(await self._prepared(question))
        if outlet is None:
            return
        try:
            if acknowledge:
                if learnt := await acknowledge():
                    outlet.case.change(**learnt)
                self._metrics.acknowledged(question.job.task, time.monotonic() - asked)
        finally:
            self._worker.start(question.job.id)

    async def change(self, question: Question) -> bool:
        """Let a question that waits be another one; False where it is too late.

        It is not while pictures are looked at some of which are asked about no more. Raises
        DeclinedError.
        """
        job = await self._prepared(question)
        return await self._worker.change_question(
            job.id,
            task=job.task,
            question=job.question,
            links=job.links,
            earlier=job.earlier,
            sees_one_step=job.sees_one_step,
            alts=job.alts,
            left_out=job.left_out,
            unusable=job.unusable,
            jump_url=job.jump_url,
            spoiler=job.spoiler,
            **SEEN_ANEW,
        )

    async def cancel(self, job_id: int, person: int) -> Cancelling:
        """Give up a question at its asker's wish, and say so in its place."""
        if (outlet := self._worker.outlet(job_id)) is None:
            return Cancelling.OVER
        if outlet.case.job.asker_id != person:
            return Cancelling.NOT_YOURS
        return Cancelling.DONE if await self._worker.cancel(job_id) else Cancelling.OVER

    async def withdraw(self, message_id: int) -> None:
        """Give up what has no sense without a message that is gone, and say nothing."""
        for job in self._worker.open_now():
            if job.hangs_on(message_id):
                await self._worker.withdraw(job.id)

    async def withdraw_from(self, place_id: int) -> None:
        """Do the same for all that was asked or would be answered in a place that is gone."""
        for job in self._worker.open_now():
            if job.hangs_in(place_id):
                await self._worker.withdraw(job.id)

    async def forget(self, person: int) -> int:
        """Give up and forget all of a person; tell how many open questions there were."""
        questions = await self._worker.forget(person)
        await self._store.forget(person)
        self._engine.forget(scopes_of(person))
        return questions

    def pause(self) -> None:
        """Take no new questions, over restarts, until `resume`."""
        self._store.remember("paused", "yes")

    def resume(self) -> None:
        """Take questions again."""
        self._store.remember("paused", None)

    @property
    def languages(self) -> tuple[str, ...]:
        """List the languages that the model is known to speak."""
        return languages_of(self._engine.kind)

    def choices(self, server: int | None) -> Choices:
        """Tell what those who run a server have chosen for it."""
        return self._store.choices(server)

    def serves(self, place: Place) -> bool:
        """Tell whether anybody is answered in a place."""
        try:
            check_place(self._settings, self.choices(place.guild_id), place)
        except DeclinedError:
            return False
        return True

    @property
    def is_paused(self) -> bool:
        """Tell whether new questions are declined."""
        return self._store.recall("paused") is not None

    def ignores(self, person: int) -> bool:
        """Tell whether a person has worn our patience out with messages that others read."""
        return self._limits.ignores(person)

    def may_decline(self, person: int) -> bool:
        """Tell whether a person is told once more, in front of others, why not; counts it."""
        return self._limits.may_decline(person)

    @property
    def open_jobs(self) -> int:
        """Tell how many questions are not answered yet."""
        return len(self._worker.open_now())

    async def settle(self, job_id: int) -> None:
        """See a question ended whose answer, with its buttons, stands in Discord."""
        await self._worker.settle(job_id)

    def is_answering(self, message_id: int) -> bool:
        """Tell whether a message is to become the answer to a question."""
        return any(job.message_id == message_id for job in self._worker.open_now())

    def is_waiting(self, job_id: int) -> bool:
        """Tell whether a question is taken and not answered yet."""
        return self._worker.outlet(job_id) is not None

    async def _prepared(self, question: Question) -> Job:
        """Check the asker, then find the subject."""
        job = question.job
        choices = self.choices(question.place.guild_id)
        check_asker(self._settings, choices, job.asker_id, question.roles, question.place)
        if self.is_paused:
            raise DeclinedError(s.PAUSED)
        subject = await question.find()
        finding = subject.pictures
        finding.raise_if_unusable()
        if not finding:
            raise DeclinedError(s.NO_PICTURE_IN_MESSAGE)
        several = question.task_for_several if len(finding.pictures) > 1 else None
        task = TASKS[several or job.task]
        covers = needs_spoiler(self._settings, choices, question.place)
        return replace(
            job,
            task=task.name,
            links=finding.links[: task.max_pictures],
            earlier=subject.earlier,
            sees_one_step=subject.sees_one_step,
            alts=tuple(picture.alt for picture in finding.pictures[: task.max_pictures]),
            left_out=max(0, len(finding.links) - task.max_pictures),
            unusable=tuple(file.name for file in finding.unusable),
            jump_url=finding.jump_url,
            spoiler=covers or finding.is_spoiler,
            age_restricted=covers,
        )
