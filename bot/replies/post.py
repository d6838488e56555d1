"""The messages in which a job is answered: made once, completed by edits, found after a crash."""

import io
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import aiohttp
import discord
from discord.webhook.async_ import async_context

from bot.jobs.case import Case
from bot.jobs.job import Job
from bot.jobs.outlet import WithdrawnError
from bot.replies.pace import Pace
from bot.replies.patience import is_passing, patiently

UNKNOWN_CHANNEL, UNKNOWN_SERVER, UNKNOWN_MESSAGE = 10003, 10004, 10008
GONE = {UNKNOWN_CHANNEL, UNKNOWN_SERVER, UNKNOWN_MESSAGE}
NO_ACCESS, NO_PERMISSION = 50001, 50013
INVALID = 50035
THREAD_ARCHIVED = 50083
REPLY_NEEDS_HISTORY = 160002
THREAD_EXISTS = 160004
BLOCKED = {200000, 200001}
"""The server's own filter (AutoMod) refuses the words, wherever they are said."""
_OURS = (discord.MessageType.default, discord.MessageType.reply)


class Post:
    """Where a job's answer stands: the interaction's own reply, a thread, a channel, or a DM.

    Whoever deletes the question, the answer or their place wants no answer: each method raises
    WithdrawnError then. Discord's other errors are raised where there is no other way.
    """

    def __init__(self, case: Case, client: discord.Client, pace: Pace) -> None:
        self._case = case
        self._client = client
        self._pace = pace
        self._token_lives = case.job.token is not None
        self._may_stand = case.is_resumed or self._token_lives
        """An earlier attempt may have reached Discord without our hearing of it."""
        self._has_reopened_thread = False

    @property
    def route(self) -> int:
        """What the edits are paced by: each interaction's token has limits of its own."""
        return self._job.id if self._token_lives else self._job.channel_id

    @property
    def _job(self) -> Job:
        return self._case.job

    async def look_for_question(self) -> None:
        """See after a restart whether the message that asked is still there."""
        if self._job.token is not None:
            return
        channel = self._client.get_partial_messageable(self._job.asked_in or self._job.channel_id)
        await self._pace.request()
        try:
            await channel.fetch_message(self._job.id)
        except discord.HTTPException as error:
            if error.code in GONE and self._job.asked_in:
                raise WithdrawnError from error

    async def open_thread(self, name: str) -> None:
        """Open the thread that the job wants; else stay in the channel."""
        try:
            if self._job.wants_private_thread:
                await patiently(partial(self._create_private_thread, name[:100]))
                await patiently(self._let_asker_in)
            else:
                await patiently(partial(self._create_thread, name[:100]))
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
        self, content: str, view: discord.ui.View | None, file: tuple[str, bytes] | None
    ) -> None:
        """Say something in the first message, wherever that may be."""
        while True:
            try:
                if await self._put(content, view, file):
                    return
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                if is_passing(error):
                    self._may_stand = True  # it may have got through unheard
                    raise
                await self._go_elsewhere(error)

    async def add(self, number: int, content: str) -> None:
        """Say something in a further message, counted from 0."""
        if number >= len(self._job.more_ids) and self._may_stand:
            self._case.change(more_ids=tuple(await self._find_all())[1:])
        if number < len(self._job.more_ids):
            await self._pace.turn(self.route)
            await self._edit(self._job.more_ids[number], content=content)
            return
        sent = await self._send(f"{self._job.id}-{number + 2}", content, None, None)
        self._case.change(more_ids=(*self._job.more_ids, sent.id))
        if sent.content != content:  # what Discord has under this nonce, from before a crash
            await self._edit(sent.id, content=content)

    async def keep(self, number: int) -> None:
        """Delete the further messages from this number on, which an earlier attempt has left."""
        for message_id in self._job.more_ids[number:]:
            await self._delete(message_id)
        self._case.change(more_ids=self._job.more_ids[:number])

    async def remove(self) -> None:
        """Delete all that stands of ours, and the thread if nobody else has spoken in it."""
        for message_id in self._job.more_ids:
            await self._delete(message_id)
        if self._token_lives:
            await self._interaction().delete_message("@original")  # type: ignore[arg-type]
        elif self._job.message_id is not None:
            await self._delete(self._job.message_id)
        if self._is_in_own_thread:
            await self._leave_thread()

    @property
    def _is_in_own_thread(self) -> bool:
        """Tell whether we have opened a thread for the question."""
        job = self._job
        return job.token is None and job.asked_in not in (None, job.channel_id)

    async def _create_thread(self, name: str) -> None:
        place = self._job.channel_id
        channel = self._client.get_channel(place) or await self._client.fetch_channel(place)
        if isinstance(channel, discord.TextChannel):
            await self._pace.request()
            await channel.get_partial_message(self._job.id).create_thread(name=name)

    async def _create_private_thread(self, name: str) -> None:
        if self._is_in_own_thread:  # since before a crash
            return
        place = self._job.channel_id
        channel = self._client.get_channel(place) or await self._client.fetch_channel(place)
        if isinstance(channel, discord.TextChannel):
            await self._pace.request()
            private = discord.ChannelType.private_thread
            thread = await channel.create_thread(name=name, type=private, invitable=False)
            self._case.change(channel_id=thread.id)

    async def _let_asker_in(self) -> None:
        await self._pace.request()
        await self._client.http.add_user_to_thread(self._job.channel_id, self._job.asker_id)

    async def _put(
        self, content: str, view: discord.ui.View | None, file: tuple[str, bytes] | None
    ) -> bool:
        """Edit our message, or send it; False where an unheard attempt stands there instead."""
        if self._token_lives and discord.utils.utcnow() >= self._job.token_expires():
            self._token_lives = False
        if self._job.private and not self._token_lives:
            await self._move_to_dm()
        if self._job.message_id is None and (self._token_lives or self._may_stand):
            self._case.change(message_id=await self._find())
        if self._job.message_id is None:
            sent = await self._send(str(self._job.id), content, view, file)
            self._case.change(message_id=sent.id)
            # Under a nonce that it knows, Discord hands out what it has, with the words of then.
            return sent.content == content
        await self._pace.turn(self.route)
        attachments = {"attachments": [_upload(file)]} if file else {}
        await self._edit(self._job.message_id, content=content, view=view, **attachments)
        return True

    async def _edit(self, message_id: int, **message: Any) -> None:
        if self._token_lives:
            await self._interaction().edit_message(message_id, **message)
        else:
            channel = self._client.get_partial_messageable(self._job.channel_id)
            await self._pace.request()
            await channel.get_partial_message(message_id).edit(**message)

    async def _send(
        self,
        nonce: str,
        content: str,
        view: discord.ui.View | None,
        file: tuple[str, bytes] | None,
    ) -> discord.Message:
        job = self._job
        channel = self._client.get_partial_messageable(job.channel_id)
        options: dict[str, Any] = {"view": view} if view else {}
        if file:
            options["file"] = _upload(file)
        if job.token is None and not self._is_in_own_thread and job.may_reply:
            asked = discord.MessageReference(message_id=job.id, channel_id=job.channel_id)
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
        elif code == THREAD_ARCHIVED and await self._reopen_thread():
            return
        elif code == REPLY_NEEDS_HISTORY and self._job.may_reply:
            self._case.change(may_reply=False)
        elif code == INVALID and not stood and "message_reference" in str(error):
            raise WithdrawnError from error
        elif code in (NO_ACCESS, NO_PERMISSION) and not stood and self._is_in_own_thread:
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

    async def _reopen_thread(self) -> bool:
        """Take the thread out of the archive, once; False where we may not."""
        if self._has_reopened_thread:
            return False
        try:
            thread = await self._client.fetch_channel(self._job.channel_id)
            if isinstance(thread, discord.Thread):
                await thread.edit(archived=False)
        except discord.HTTPException as error:
            if is_passing(error):
                raise
            return False
        self._has_reopened_thread = True
        return True

    async def _leave_thread(self) -> None:
        """Leave no thread behind in which nobody else has spoken."""
        thread = self._client.get_channel(self._job.channel_id)
        if isinstance(thread, discord.Thread) and thread.message_count <= 1:
            await self._pace.request()
            try:
                await thread.delete()
            except discord.Forbidden:
                await thread.edit(archived=True)

    async def _move_to_dm(self) -> bool:
        """Go where the asker alone reads; False where we are there already."""
        if self._job.age_restricted:  # it stays where children are not
            return False
        dm = await self._client.create_dm(discord.Object(self._job.asker_id))
        if dm.id == self._job.channel_id:
            return False
        self._may_stand = False
        self._case.change(channel_id=dm.id, guild_id=None, message_id=None)
        return True

    async def _find(self) -> int | None:
        """Look for our answer, which Discord may have without our knowing."""
        if self._token_lives:
            return await self._find_original()
        return next(iter(await self._find_all()), None)

    async def _find_original(self) -> int:
        """Ask for the interaction's own message, 'thinking…' or more; 404 where there is none."""
        interaction = self._interaction()
        assert interaction.token is not None, "it lives"
        original = await async_context.get().get_original_interaction_response(
            interaction.id, interaction.token, session=interaction.session
        )
        return int(original["id"])

    def _interaction(self) -> discord.Webhook:
        """Reach the interaction by its token, which discord.py logs on no such way."""
        application, token = self._client.application_id, self._job.token
        assert application is not None, "known since log-in"
        assert token is not None, "it lives"
        return discord.Webhook.partial(application, token, client=self._client)

    async def _find_all(self) -> list[int]:
        """List our messages that answer this job, oldest first."""
        return [message.id async for message in self._ours() if self._answers(message)]

    async def _ours(self) -> AsyncIterator[discord.Message]:
        channel = self._client.get_partial_messageable(self._job.channel_id)
        after = discord.Object(self._job.id)
        await self._pace.request()
        try:
            async for message in channel.history(after=after, limit=100, oldest_first=True):
                is_ours = self._client.user is not None and message.author == self._client.user
                if is_ours and message.type in _OURS:  # a thread's first words are the asker's
                    yield message
        except (discord.Forbidden, discord.NotFound):  # a channel that we may not read, or no more
            return

    def _answers(self, message: discord.Message) -> bool:
        job, origin, reference = self._job, message.interaction_metadata, message.reference
        if reference is not None:
            return reference.message_id == job.id
        return self._is_in_own_thread or (origin is not None and origin.id == job.id)


def _upload(file: tuple[str, bytes]) -> discord.File:
    name, data = file
    return discord.File(io.BytesIO(data), name)
