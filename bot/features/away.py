"""What is asked while the bot is away: found again by what Discord says of each channel."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
import discord
from discord.ext import commands, tasks

from bot.jobs.store import Store
from bot.replies.patience import patiently

log = logging.getLogger(__name__)

Hear = Callable[[discord.Message], Awaitable[None]]
"""Does what a message asks for, unless that is done."""

MARGIN = timedelta(minutes=5)
"""A connection may have died so long before anybody notices."""
LONGEST = timedelta(days=1)
"""Nobody waits longer for an answer."""
MOST_AT_ONCE = 100
"""Messages that Discord hands out at once."""
MOST_CONVERSATIONS = 100
"""Direct ones, of which Discord does not say whether anything was written in them."""


class Away(commands.Cog):
    """Notes each minute until when all is seen, and looks through what came after that."""

    def __init__(self, bot: discord.AutoShardedClient, store: Store, *hear: Hear) -> None:
        self._bot = bot
        self._store = store
        self._hear = hear
        self._lost: set[int] = set()
        """Shards that hear nothing; the others go on meanwhile."""
        self._has_looked = False
        """What was said before all were there has been looked through."""
        self._looking: asyncio.Task[None] | None = None
        self._is_over = False

    async def cog_load(self) -> None:
        """Note at the very first start that all is seen which was said before it."""
        if self._store.recall("seen_until") is None:
            await self._store.seen_until(_ago(timedelta()))

    async def cog_unload(self) -> None:
        """Look no further."""
        self._is_over = True
        self._note.cancel()
        if self._looking:
            self._looking.cancel()
            await asyncio.wait([self._looking])

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Look for what was missed; comes again after gaps that Discord could not bridge."""
        log.info("Ready as %s on %d servers.", self._bot.user, len(self._bot.guilds))
        if not self._bot.intents.message_content:
            log.info(
                "Without the message content intent, pictures of a replied-to message may stay "
                "hidden from me; the message menu reaches them."
            )
        self._look()

    @commands.Cog.listener()
    async def on_shard_ready(self, shard: int) -> None:
        """Look for what one of several has missed: of that, discord.py says no more than this."""
        self._lost.discard(shard)
        if self._bot.is_ready() and len(self._bot.shards) > 1:
            self._look()

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard: int) -> None:
        """Note no more that all is seen."""
        self._lost.add(shard)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard: int) -> None:
        """Go on noting: what was missed in the gap has been told."""
        self._lost.discard(shard)

    def _look(self) -> None:
        """Begin to look for what was missed, anew where that is under way."""
        if self._is_over:
            return
        if self._looking and not self._looking.done():
            self._looking.cancel()
        self._has_looked = False
        self._looking = asyncio.create_task(self._catch_up())

    async def _catch_up(self) -> None:
        until, seen = _ago(MARGIN), int(self._store.recall("seen_until") or 0)
        since = max(seen, _ago(LONGEST))
        conversations = await self._store.conversations(MOST_CONVERSATIONS)
        for place in [*self._places(since), *conversations]:
            await self._look_through(place, since)
        self._store.seen_until(max(seen, until))
        self._has_looked = True
        if not self._note.is_running():
            self._note.start()

    @tasks.loop(minutes=1)
    async def _note(self) -> None:
        if self._has_looked and not self._lost:
            seen = int(self._store.recall("seen_until") or 0)
            self._store.seen_until(max(seen, _ago(MARGIN)))

    def _places(self, since: int) -> list[int]:
        """List the channels and threads that we may read in which anything was said since."""
        return [
            place.id
            for guild in self._bot.guilds
            for place in [*guild.channels, *guild.threads]
            if (getattr(place, "last_message_id", None) or 0) > since and _may_read(place)
        ]

    async def _look_through(self, channel_id: int, since: int) -> None:
        """Answer what a channel's messages ask; one that cannot be read costs itself alone."""
        try:
            while messages := await patiently(partial(self._messages, channel_id, since)):
                channel = self._bot.get_channel(channel_id) or await patiently(
                    partial(self._bot.fetch_channel, channel_id)
                )
                for message in sorted(messages, key=lambda each: int(each["id"])):
                    since = int(message["id"])
                    await self._hand_on(channel, message)
                if len(messages) < MOST_AT_ONCE:
                    break
        except (discord.HTTPException, discord.InvalidData, aiohttp.ClientError, OSError) as error:
            log.warning("A gap cannot be looked through: %s", type(error).__name__)

    async def _messages(self, channel_id: int, since: int) -> list[Any]:
        # `history` would end at the first message that discord.py cannot read.
        return list(await self._bot.http.logs_from(channel_id, limit=MOST_AT_ONCE, after=since))

    async def _hand_on(self, channel: Any, message: Any) -> None:
        try:
            heard = self._bot._connection.create_message(channel=channel, data=message)
            for hear in self._hear:
                await hear(heard)
        except Exception:
            log.exception("A message cannot be read.")


def _may_read(place: Any) -> bool:
    try:
        may = place.permissions_for(place.guild.me)
    except discord.ClientException:  # a thread whose channel is hidden from us
        return False
    return bool(may.read_messages and may.read_message_history)


def _ago(span: timedelta) -> int:
    """Tell the id of what was said so long ago."""
    return discord.utils.time_snowflake(discord.utils.utcnow() - span)
