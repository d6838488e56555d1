"""The messages in which a job is answered: made once, completed by edits, found after a crash."""

from functools import partial
from typing import Any

import discord

from bot.jobs.case import Case
from bot.jobs.job import Job
from bot.jobs.outlet import WithdrawnError
from bot.jobs.spool import Spool
from bot.replies import threads
from bot.replies.codes import (
    BLOCKED,
    GONE,
    INVALID,
    NO_ACCESS,
    NO_PERMISSION,
    REPLY_NEEDS_HISTORY,
    THREAD_ARCHIVED,
    THREAD_EXISTS,
)
from bot.replies.files import standing
from bot.replies.found import answers_to, delete_original, edit_original, original_of
from bot.replies.pace import Pace
from bot.replies.patience import DISCORD_ERRORS, is_passing, patiently


class Post:
    """Where a job's answer stands: the interaction's own reply, a thread, a channel, or a DM.

    Whoever deletes the question, the answer or their place wants no answer: each method raises
    WithdrawnError then. Discord's other errors are raised where there is no other way.
    """

    def __init__(self, case: Case, client: discord.Client, pace: Pace, spool: Spool) -> None:
        self._case = case
        self._spool = spool
        self._client = client
        self._pace = pace
        self._token_lives = case.job.token is not None
        self._may_stand = case.is_resumed or self._token_lives
        """An earlier attempt may have reached Discord without our hearing of it."""
        self._has_reopened_thread = False

    @property
    def route(self) -> int:
        """What the edits are paced by: each interaction's token has limits of its own."""
        return self._job.id if self._is_by_token else self._job.channel_id

    @property
    def _is_by_token(self) -> bool:
        """Tell whether our message is the interaction's own, and its token lives."""
        return self._token_lives and self._job.placeholder_id is None

    @property
    def _job(self) -> Job:
        return self._case.job

    async def look_for_question(self) -> None:
        """See after a restart whether the message that asked is still there."""
        if self._job.token is not None:
            return
        try:
            await patiently(self._fetch_question)
        except discord.HTTPException as error:
            if error.code in GONE and self._job.asked_in:
                raise WithdrawnError from error

    async def look_for_answer(self) -> None:
        """See after a restart whether the answer has taken the placeholder's place."""
        if self._job.placeholder_id is None or self._job.message_id is not None:
            return
        if (found := await patiently(self._find)) is not None:
            self._case.change(message_id=found)
        else:
            self._case.change(message_id=self._job.placeholder_id, placeholder_id=None)

    async def open_thread(self, name: str) -> None:
        """Open the thread that the job wants; else stay in the channel."""
        try:
            if self._job.wants_private_thread:
                await patiently(partial(self._open_private_thread, name[:100]))
                await patiently(self._let_asker_in)
            else:
                await patiently(partial(self._open_thread, name[:100]))
        except discord.HTTPException as error:
            if error.code in GONE:
                raise WithdrawnError from error
            if error.code != THREAD_EXISTS:
                place = self._job.asked_in or self._job.channel_id
                self._case.change(channel_id=place, wants_thread=False)
                return
        if not self._job.wants_private_thread:
            # Discord gives a thread the id of the message that it starts from.
            self._case.change(channel_id=self._job.id)
        self._case.change(wants_thread=False)

    async def put(
        self,
        content: str,
        view: discord.ui.View | None,
        file: tuple[str, bytes] | None = None,
        *,
        last: bool = False,
    ) -> None:
        """Say something in the first message, wherever that may be; with the copies, once made.

        The last word leaves no file under it but the copies and the one that it brings.
        """
        while True:
            try:
                if await self._put(content, view, file, last=last):
                    return
            except DISCORD_ERRORS as error:
                if is_passing(error):
                    self._may_stand = True  # it may have got through unheard
                    raise
                if self._job.message_id is None and self._job.placeholder_id is not None:
                    self._stay()
                else:
                    await self._go_elsewhere(error)

    async def add(self, number: int, content: str) -> None:
        """Say something in a further message, counted from 0."""
        if number >= len(self._job.more_ids) and self._may_stand:
            found = [each for each in await self._find_all() if each != self._job.message_id]
            # Those of an answer that is given anew are older than this question.
            self._case.change(more_ids=tuple(dict.fromkeys((*self._job.more_ids, *found))))
        if number < len(self._job.more_ids):
            await self._pace.turn(self.route)
            await self._edit(self._job.more_ids[number], content=content)
            return
        sent = await self._send(f"{self._job.id}-{number + 2}", content, None, [])
        self._case.change(more_ids=(*self._job.more_ids, sent.id))
        if sent.content != content:  # what Discord has under this nonce, from before a crash
            await self._edit(sent.id, content=content)

    async def leave_placeholder(self) -> None:
        """Let the next word be a message of its own, which calls its asker."""
        if self._job.message_id is None or self._job.placeholder_id is not None:
            return
        self._may_stand = False
        left = {"placeholder_id": self._job.message_id, "message_id": None, "file_ids": ()}
        if written := self._case.change(**left):
            await written  # after a crash it is clear which is which

    async def remove_placeholder(self) -> None:
        """Delete what the answer has taken the place of; that it has, stays written down."""
        if self._job.placeholder_id is not None:
            await self._delete(self._job.placeholder_id)

    async def keep(self, number: int) -> None:
        """Delete the further messages from this number on, which an earlier attempt has left."""
        left = self._job.more_ids[number:]
        self._case.change(more_ids=self._job.more_ids[:number])  # that these go is no order
        for message_id in left:
            await self._delete(message_id)

    async def remove(self) -> None:
        """Delete all that stands of ours, and the thread if nobody else has spoken in it."""
        await self.remove_placeholder()
        for message_id in self._job.more_ids:
            await self._delete(message_id)
        if self._is_by_token:
            await delete_original(self._job, self._client)
        elif self._job.message_id is not None:
            await self._delete(self._job.message_id)
        if self._job.is_in_own_thread:
            await self._leave_thread()

    async def _fetch_question(self) -> None:
        channel = self._client.get_partial_messageable(self._job.asked_in or self._job.channel_id)
        await self._pace.request()
        await channel.fetch_message(self._job.id)

    async def _open_thread(self, name: str) -> None:
        await self._pace.request()
        await threads.create(self._job, self._client, name)

    async def _open_private_thread(self, name: str) -> None:
        if not self._job.is_in_own_thread:  # since before a crash
            await self._pace.request()
            thread_id = await threads.create_private(self._job, self._client, name)
            self._case.change(channel_id=thread_id)

    async def _leave_thread(self) -> None:
        await self._pace.request()
        await threads.leave(self._client.get_channel(self._job.channel_id), self._client.user)

    async def _let_asker_in(self) -> None:
        await self._pace.request()
        await self._client.http.add_user_to_thread(self._job.channel_id, self._job.asker_id)

    async def _put(
        self,
        content: str,
        view: discord.ui.View | None,
        file: tuple[str, bytes] | None,
        *,
        last: bool,
    ) -> bool:
        """Edit our message, or send it; False where an unheard attempt stands there instead."""
        if self._token_lives and discord.utils.utcnow() >= self._job.token_expires():
            self._token_lives = False
        if self._job.private and not self._token_lives:
            if self._job.age_restricted:  # neither in front of others nor in a DM
                raise WithdrawnError
            await self._move_to_dm()
        if self._job.message_id is None and self._may_stand:
            self._case.change(message_id=await self._find())
        if self._job.message_id is None:
            is_late = self._job.placeholder_id is not None
            sent = await self._send(
                f"{self._job.id}-late" if is_late else str(self._job.id),
                content,
                view,
                await standing(self._job, self._spool, file, last=last) or [],
            )
            self._case.change(message_id=sent.id)
            self._note_copies([file.id for file in sent.attachments])
            # Under a nonce that it knows, Discord hands out what it has, with the words of then.
            return sent.content == content
        await self._pace.turn(self.route)
        files = await standing(self._job, self._spool, file, last=last)
        attachments = {} if files is None else {"attachments": files}
        edited = await self._edit(self._job.message_id, content=content, view=view, **attachments)
        self._note_copies(edited)
        return True

    def _note_copies(self, file_ids: list[int]) -> None:
        """Keep the ids of the copies, which each edit that changes the files has to name."""
        if self._job.copies and self._job.may_attach:
            self._case.change(file_ids=tuple(file_ids[: len(self._job.copies)]))

    async def _edit(self, message_id: int, **message: Any) -> list[int]:
        """Edit a message of ours; returns the ids of its files."""
        if self._is_by_token and message_id == self._job.message_id:
            return await edit_original(self._job, self._client, **message)
        channel = self._client.get_partial_messageable(self._job.channel_id)
        await self._pace.request()
        edited = await channel.get_partial_message(message_id).edit(**message)
        return [file.id for file in edited.attachments]

    async def _send(
        self,
        nonce: str,
        content: str,
        view: discord.ui.View | None,
        files: list[Any],
    ) -> discord.Message:
        job = self._job
        channel = self._client.get_partial_messageable(job.channel_id)
        asker = discord.Object(job.asker_id)
        options: dict[str, Any] = {"view": view} if view else {}
        options["allowed_mentions"] = discord.AllowedMentions(
            everyone=False, users=[asker], roles=False, replied_user=False
        )
        if files:
            options["files"] = files
        original = job.message_id if job.token else job.id
        if original and not self._job.is_in_own_thread and job.may_reply:
            asked = discord.MessageReference(message_id=original, channel_id=job.channel_id)
            options |= {"reference": asked, "mention_author": False}
        await self._pace.request()
        return await channel.send(content, nonce=nonce, suppress_embeds=True, **options)

    async def _delete(self, message_id: int) -> None:
        channel = self._client.get_partial_messageable(self._job.channel_id)
        await self._pace.request()
        try:
            await channel.get_partial_message(message_id).delete()
        except discord.HTTPException as error:
            if error.code not in GONE:
                raise

    def _stay(self) -> None:
        """Say it where the placeholder stands: a message of its own cannot be sent."""
        placeholder = self._job.placeholder_id
        self._case.change(message_id=placeholder, placeholder_id=None, may_send=False)

    async def _go_elsewhere(self, error: Exception) -> None:
        """Choose the next way to speak, or raise the error again where there is none."""
        code = error.code if isinstance(error, discord.HTTPException) else None
        stood = self._job.message_id is not None
        if code in BLOCKED or (code == NO_PERMISSION and self._token_lives):
            raise error
        if code in GONE and (stood or not self._token_lives):
            raise WithdrawnError from error
        if self._token_lives:
            self._token_lives = False
        elif code == THREAD_ARCHIVED and not self._has_reopened_thread:
            if not await threads.reopen(self._job, self._client):
                raise error
            self._has_reopened_thread = True
        elif code == REPLY_NEEDS_HISTORY and self._job.may_reply:
            self._case.change(may_reply=False)
        elif code == INVALID and not stood and "message_reference" in str(error):
            raise WithdrawnError from error
        elif code in (NO_ACCESS, NO_PERMISSION) and not stood and self._job.is_in_own_thread:
            await self._leave_thread()
            self._case.change(channel_id=self._job.asked_in)
        elif not (self._is_stranger(code) and await self._move_to_dm()):
            raise error

    def _is_stranger(self, code: int | None) -> bool:
        """Tell whether a command was used where we have no way in but by its token."""
        is_command = self._job.token is not None
        return is_command and (
            self._job.private
            or (code == NO_ACCESS and self._client.get_channel(self._job.channel_id) is None)
        )

    async def _move_to_dm(self) -> bool:
        """Go where the asker alone reads; False where we are there already."""
        if self._job.age_restricted:  # it stays where children are not
            return False
        dm = await self._client.create_dm(discord.Object(self._job.asker_id))
        if dm.id == self._job.channel_id:
            return False
        self._may_stand = False
        self._case.change(channel_id=dm.id, guild_id=None, message_id=None, file_ids=())
        return True

    async def _find(self) -> int | None:
        """Look for our answer, which Discord may have without our knowing."""
        if self._is_by_token:
            return await original_of(self._job, self._client)
        return next(iter(await self._find_all()), None)

    async def _find_all(self) -> list[int]:
        """List our messages that answer this job, oldest first."""
        await self._pace.request()
        return await answers_to(self._job, self._client)
