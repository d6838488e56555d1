"""The one message that answers a job: made once, completed by edits, found again after a crash."""

import asyncio
import io
import logging
import sqlite3
from dataclasses import replace
from functools import partial
from typing import Any

import aiohttp
import discord
from discord.webhook.async_ import async_context

from bot.jobs.job import Job
from bot.jobs.store import Store
from bot.replies.compose import Answer
from bot.replies.patience import is_passing, patiently
from bot.replies.stream import Pace

log = logging.getLogger(__name__)

UNKNOWN_MESSAGE = 10008
THREAD_EXISTS = 160004
THREAD_ARCHIVED = 50083


class UndeliverableError(Exception):
    """There is no place left where the asker could read the answer."""


class Reply:
    """Where a job's answer stands: the interaction's own reply, a message in a channel, or a DM."""

    def __init__(
        self, job: Job, client: discord.Client, store: Store, pace: Pace, *, resumed: bool = False
    ) -> None:
        self.job = job
        self._client = client
        self._store = store
        self._pace = pace
        self._token_lives = job.token is not None
        self._may_stand = resumed
        """An earlier attempt may have reached Discord without our hearing of it."""
        self._nonce = str(job.id)
        self._said = ""
        self._is_final = False
        self._has_reopened_thread = False
        self._lock = asyncio.Lock()

    def stands_at(self, message_id: int | None) -> None:
        """Remember the message that Discord made of our acknowledgement, if it told us."""
        self._may_stand = message_id is None
        self._change(message_id=message_id)

    async def open_thread(self, name: str) -> None:
        """Open the thread that the job wants on the asker's message; else stay in the channel."""
        if not self.job.wants_thread:
            return
        try:
            await patiently(partial(self._create_thread, name[:100]))
        except discord.HTTPException as error:
            if error.code != THREAD_EXISTS:
                self._change(wants_thread=False)
                return
        # Discord gives a thread the id of the message that it starts from.
        self._change(channel_id=self.job.id, wants_thread=False)

    async def _create_thread(self, name: str) -> None:
        place = self.job.channel_id
        channel = self._client.get_channel(place) or await self._client.fetch_channel(place)
        if isinstance(channel, discord.TextChannel):
            await self._pace.request()
            await channel.get_partial_message(self.job.id).create_thread(name=name)

    async def show(self, content: str, view: discord.ui.View | None = None) -> None:
        """Say something for the time being, if it is time; what gets lost does not matter."""
        if self._is_final or self._lock.locked() or not self._pace.is_due(self._route):
            return
        if content == self._said:
            return
        try:
            await self._say(content, view=view)
        except (discord.HTTPException, aiohttp.ClientError, OSError, UndeliverableError) as error:
            log.info("A note for job %s got lost: %s", self.job.id, type(error).__name__)

    async def finish(self, answer: Answer, view: discord.ui.View | None = None) -> None:
        """Say the last word. Raises UndeliverableError, or Discord's error when patience ends."""
        self._is_final = True
        await patiently(partial(self._say, answer.content, view=view, file=answer.file))
        for number, content in enumerate(answer.more, start=2):
            await patiently(partial(self._add, number, content))

    @property
    def _route(self) -> int:
        """What the edits are paced by: each interaction's token has limits of its own."""
        return self.job.id if self._token_lives else self.job.channel_id

    async def _say(
        self,
        content: str,
        *,
        view: discord.ui.View | None = None,
        file: tuple[str, str] | None = None,
    ) -> None:
        async with self._lock:
            while True:
                files = [discord.File(io.BytesIO(file[1].encode()), file[0])] if file else []
                try:
                    stands = await self._put(content=content, view=view, attachments=files)
                except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                    if is_passing(error):
                        self._may_stand = True  # it may have got through unheard
                        raise
                    await self._fall_back(error)
                    continue
                if stands:
                    self._said = content
                    return

    async def _put(self, **message: Any) -> bool:
        """Edit our message, or send it; False where an unheard attempt stands there instead."""
        if self._token_lives and discord.utils.utcnow() >= self.job.token_expires():
            self._token_lives = False
        if self.job.private and not self._token_lives:
            await self._move_to_dm()
        if self.job.message_id is None and (self._token_lives or self._may_stand):
            self._change(message_id=await self._find())
        if self.job.message_id is not None:
            await self._pace.turn(self._route)
            await self._edit(self.job.message_id, **message)
            return True
        sent = await self._send(self._nonce, **message)
        self._change(message_id=sent.id)
        # Under a nonce that it knows, Discord hands out what it has, with the words of that time.
        return sent.content == message["content"]

    async def _edit(self, message_id: int, **message: Any) -> None:
        if self._token_lives:
            await self._interaction().edit_message(message_id, **message)
        else:
            channel = self._client.get_partial_messageable(self.job.channel_id)
            await self._pace.request()
            await channel.get_partial_message(message_id).edit(**message)

    async def _send(
        self,
        nonce: str,
        *,
        content: str,
        view: discord.ui.View | None = None,
        attachments: list[discord.File] | None = None,
    ) -> discord.Message:
        job = self.job
        channel = self._client.get_partial_messageable(job.channel_id)
        asked = discord.MessageReference(
            message_id=job.id, channel_id=job.channel_id, fail_if_not_exists=False
        )
        options: dict[str, Any] = {"view": view} if view else {}
        if job.token is None and job.channel_id != job.id:
            options |= {"reference": asked, "mention_author": False}
        await self._pace.request()
        return await channel.send(
            content, files=attachments or [], nonce=nonce, suppress_embeds=True, **options
        )

    async def _add(self, number: int, content: str) -> None:
        """Send a further message, unless it is there already."""
        if self._may_stand and await self._stands(content):
            return
        await self._send(f"{self.job.id}-{number}", content=content)

    async def _fall_back(self, error: Exception) -> None:
        """Go to the next place: the channel, a new message there, the asker's DM."""
        code = error.code if isinstance(error, discord.HTTPException) else None
        if self._token_lives:
            self._token_lives = False
        elif code == THREAD_ARCHIVED and await self._reopen_thread():
            return
        elif code == UNKNOWN_MESSAGE and self.job.message_id is not None:
            self._may_stand = False
            self._nonce = str(self.job.message_id)  # Discord takes the old one for the deleted
            self._change(message_id=None)
        elif not await self._move_to_dm():
            raise UndeliverableError from error

    async def _reopen_thread(self) -> bool:
        """Take the thread out of the archive, once; False where we may not."""
        if self._has_reopened_thread:
            return False
        try:
            thread = await self._client.fetch_channel(self.job.channel_id)
            if isinstance(thread, discord.Thread):
                await thread.edit(archived=False)
        except discord.HTTPException as error:
            if is_passing(error):
                raise
            return False
        self._has_reopened_thread = True
        return True

    async def _move_to_dm(self) -> bool:
        """Go where the asker alone reads; False where we are there already."""
        if self.job.spoiler:  # it stays in its age-restricted channel
            raise UndeliverableError
        try:
            dm = await self._client.create_dm(discord.Object(self.job.asker_id))
        except discord.HTTPException as error:
            if is_passing(error):
                raise
            raise UndeliverableError from error
        if dm.id == self.job.channel_id:
            return False
        self._may_stand = False
        self._change(channel_id=dm.id, guild_id=None, message_id=None)
        return True

    async def _find(self) -> int | None:
        """Look for our answer, which Discord may have without our knowing."""
        if self._token_lives:
            return await self._find_original()
        async for message in self._ours_since(self.job.id):
            metadata, reference = message.interaction_metadata, message.reference
            if (
                message.channel.id == self.job.id
                or (reference is not None and reference.message_id == self.job.id)
                or (metadata is not None and metadata.id == self.job.id)
            ):
                return message.id
        return None

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
        application, token = self._client.application_id, self.job.token
        assert application is not None, "known since log-in"
        assert token is not None, "it lives"
        return discord.Webhook.partial(application, token, client=self._client)

    async def _stands(self, content: str) -> bool:
        first = self.job.message_id or self.job.id
        return any([message.content == content async for message in self._ours_since(first)])

    async def _ours_since(self, snowflake: int) -> Any:
        channel = self._client.get_partial_messageable(self.job.channel_id)
        await self._pace.request()
        try:
            async for message in channel.history(
                after=discord.Object(snowflake), limit=100, oldest_first=True
            ):
                if self._client.user is not None and message.author.id == self._client.user.id:
                    yield message
        except (discord.Forbidden, discord.NotFound):  # a channel that we may not read, or no more
            return

    def _change(self, **changes: Any) -> None:
        changed = replace(self.job, **changes)
        if changed != self.job:
            self.job = changed
            try:
                self._store.update(changed)
            except sqlite3.Error:  # a crash would make us look for what we know now
                log.exception("A change of job %s cannot be kept.", changed.id)
