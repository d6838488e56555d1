"""What a job says to its asker, in the asker's language: the Outlet that speaks in Discord."""

import asyncio
import logging
import time
from dataclasses import replace
from functools import partial

import discord

from bot.errors import sentence_for
from bot.jobs.case import Case
from bot.jobs.estimate import duration
from bot.jobs.job import Job
from bot.jobs.outlet import CANCELLED, Answer
from bot.jobs.spool import Spool
from bot.locales import say
from bot.locales import sentences as s
from bot.replies.buttons import answer_view, cancel_view, had_words, view_before
from bot.replies.codes import BLOCKED, NO_PERMISSION, TOO_LARGE
from bot.replies.compose import MOST_MESSAGES, Layout, behind_spoiler, compose, draft
from bot.replies.pace import Pace
from bot.replies.patience import DISCORD_ERRORS, patiently
from bot.replies.post import Post
from bot.replies.text import LIMIT, cover, escape, quote
from inference import TASKS

log = logging.getLogger(__name__)

LONG_WAIT = 30.0
"""Seconds after which people look elsewhere, and are called back."""


class Reply:
    """The voice of one job."""

    def __init__(
        self,
        case: Case,
        *,
        client: discord.Client,
        pace: Pace,
        spool: Spool,
        signature: str = "",
    ) -> None:
        self.case = case
        self._pace = pace
        self._client = client
        self._signature = signature
        self._post = Post(case, client, pace, spool)
        self._said = ""
        self._has_begun = False
        self._is_final = False
        self._is_late = False
        self._lock = asyncio.Lock()

    async def begin(self) -> None:
        """Open the thread that the job wants. Raises WithdrawnError."""
        if self.case.is_resumed:
            await self._post.look_for_question()
            await self._post.look_for_answer()
        if self._job.wants_thread:
            has_name = self._job.question and not self._job.spoiler
            await self._post.open_thread(
                self._job.question if has_name else say(self._job.locale, s.THREAD_NAME)
            )

    async def waiting(self, place: int, seconds: float | None) -> None:
        """Tell the place in the queue, and about how long it takes from there."""
        locale = self._job.locale
        if place == 0:
            await self.looking()
        elif seconds is None:
            await self._show(say(locale, s.WAITING, position=place))
        else:
            about = duration(seconds, locale)
            await self._show(say(locale, s.WAITING_ABOUT, position=place, duration=about))

    async def restarting(self) -> None:
        """Tell that the answer comes after the next start."""
        await self._show(say(self._job.locale, s.RESTARTING))

    async def looking(self) -> None:
        """Tell that the model looks at the pictures, until there is more to show."""
        if not self._has_begun:
            await self._show(say(self._job.locale, s.LOOKING))

    async def waking(self) -> None:
        """Tell that the model has to be loaded first."""
        await self._show(say(self._job.locale, s.WAKING))

    async def draft(self, text: str) -> None:
        """Show what has been said so far."""
        if words := draft(TASKS[self._job.task], text, len(self._quote)):
            self._has_begun = True
            await self._show(self._quote + (cover(words) if self._job.spoiler else words))

    async def finish(self, answer: Answer) -> None:
        """Say the last word, however long it takes. Raises WithdrawnError."""
        self._is_final = True
        self._is_late = self._has_waited_long()
        try:
            await self._finish(answer)
        except discord.HTTPException as error:
            if error.code in BLOCKED:
                blocked = say(self._job.locale, s.BLOCKED_HERE)
                await patiently(partial(self._say, blocked, None, last=True))
            elif error.code in (NO_PERMISSION, TOO_LARGE) and self._job.may_attach:
                self.case.change(may_attach=False)
                await self._finish(answer)
            else:
                log.warning("Job %s cannot be answered: %s", self._job.id, error)

    async def withdraw(self) -> None:
        """Take away what was said, as far as that can be done."""
        self._is_final = True
        async with self._lock:
            try:
                await self._post.remove()
            except DISCORD_ERRORS as error:
                log.info("Something of job %s stays: %s", self._job.id, type(error).__name__)

    @property
    def _job(self) -> Job:
        return self.case.job

    def _call(self) -> list[str]:
        """Name the asker, whom a message of its own then pings."""
        return [f"<@{self._job.asker_id}>"] if self._is_late else []

    def _has_waited_long(self) -> bool:
        """Tell whether the asker has waited so long that the answer is worth a ping."""
        job = self._job
        waited = time.monotonic() - self.case.began
        if self.case.is_resumed:
            since = discord.utils.snowflake_time(job.id)
            waited = (discord.utils.utcnow() - since).total_seconds()
        return waited > LONG_WAIT and job.may_send and not job.private and not job.before

    @property
    def _quote(self) -> str:
        return quote(self._job.question) if self._job.quotes else ""

    def _lay_out(self, answer: Answer) -> Layout:
        job = self._job
        if answer.error:
            sentence = sentence_for(answer.error, job.locale)
            # Whoever asks again finds there what was asked.
            return Layout(self._quote + "\n-# ".join([sentence, *self._call()]))
        if answer.ending is None:
            return Layout(say(job.locale, s.CANCELLED))
        layout = compose(
            TASKS[job.task],
            answer.text,
            answer.ending,
            job.locale,
            signature=self._hint_and_signature(),
            messages=MOST_MESSAGES if job.may_send else 1,
            left_out=job.left_out,
            in_english=answer.in_english,
            remarks=[*self._call(), *_remarks(job)],
            may_attach=job.may_attach,
            opened=answer.opened,
            quoted=len(self._quote),
        )
        layout = behind_spoiler(layout) if job.spoiler else layout
        return replace(layout, content=self._quote + layout.content)

    def _hint_and_signature(self) -> str:
        """Say under the first answer in a thread of ours how to ask on; then whose answer it is."""
        if not self._job.is_in_own_thread:
            return self._signature
        hint = s.JUST_WRITE if self._client.intents.message_content else s.REPLY_TO_ASK
        return f"{say(self._job.locale, hint)} {self._signature}".strip()

    async def _finish(self, answer: Answer) -> None:
        if self._job.before and self._comes_to_nothing(answer):
            before = self._before(answer)
            self.case.change(before="")  # its files stay, too
            await patiently(partial(self._say, before, view_before(self._job), last=True))
            return
        if answer == CANCELLED:  # the copies are forgotten, and go where they stand
            self.case.change(copies=(), file_ids=())
        layout = self._lay_out(answer)
        view = self._buttons(has_words=answer.ending is not None, has_file=layout.file is not None)
        shown = None if answer == CANCELLED else view
        if shown and self._is_late:
            await self._post.leave_placeholder()
        await patiently(partial(self._say, layout.content, shown, layout.file, last=True))
        await patiently(self._post.remove_placeholder)
        for number, content in enumerate(layout.more):
            await patiently(partial(self._post.add, number, content))
        if len(self._job.more_ids) > len(layout.more):
            await patiently(partial(self._post.keep, len(layout.more)))

    def _comes_to_nothing(self, answer: Answer) -> bool:
        """Tell whether there is less to say than what stood there before."""
        return answer == CANCELLED or (answer.error is not None and had_words(self._job))

    def _before(self, answer: Answer) -> str:
        """Return what stood there, and in small print, as far as it fits, why nothing new does."""
        before = self._job.before
        why = f"\n-# {sentence_for(answer.error, self._job.locale)}" if answer.error else ""
        return before if before.endswith(why) or len(before + why) > LIMIT else before + why

    async def _show(self, content: str) -> None:
        """Say something for the time being, if it is time; what gets lost does not matter."""
        if self._is_final or self._lock.locked() or not self._pace.is_due(self._post.route):
            return
        if content == self._said:
            return
        try:
            await self._say(content, cancel_view(self._job))
        except DISCORD_ERRORS as error:
            log.info("A note for job %s got lost: %s", self._job.id, type(error).__name__)

    async def _say(
        self,
        content: str,
        view: discord.ui.View | None,
        file: tuple[str, bytes] | None = None,
        *,
        last: bool = False,
    ) -> None:
        # What is on its way cannot be called back: whatever comes later must wait for it.
        speaking = asyncio.create_task(self._speak(content, view, file, last=last))
        speaking.add_done_callback(_hear_out)
        await asyncio.shield(speaking)

    async def _speak(
        self,
        content: str,
        view: discord.ui.View | None,
        file: tuple[str, bytes] | None,
        *,
        last: bool,
    ) -> None:
        async with self._lock:
            if self._is_final and not last:  # the last word has overtaken a note
                return
            await self._post.put(content, view, file, last=last)
            self._said = content

    def _buttons(self, *, has_words: bool, has_file: bool) -> discord.ui.View:
        return answer_view(self._job, has_words=has_words, has_file=has_file)


def _remarks(job: Job) -> list[str]:
    """Say which picture was taken where none was pointed to, and which files were of no use."""
    remarks = []
    if job.jump_url:
        remarks.append(say(job.locale, s.TAKEN_FROM, link=job.jump_url))
    if job.sees_one_step:
        remarks.append(say(job.locale, s.SEES_ONE_STEP))
    if job.unseen:
        names = ", ".join(escape(name[:60]) for name in job.unseen[:5])
        remarks.append(say(job.locale, s.UNUSABLE, names=names))
    if job.one_left:
        remarks.append(say(job.locale, s.ONE_LEFT))
    return remarks


def _hear_out(speaking: "asyncio.Task[None]") -> None:
    """Take notice of how something ended that nobody waits for any more."""
    if not speaking.cancelled():
        speaking.exception()
