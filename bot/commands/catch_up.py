"""After a gap in the connection that Discord could not bridge: the mentions that were missed."""

import logging
import time
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.commands.mentions import answer_mention

if TYPE_CHECKING:
    from bot.client import VisionBot

log = logging.getLogger(__name__)

HOUR = 3600.0
MOST_MISSED = 50
"""Messages looked through in each channel."""


class LastSeen:
    """The newest message seen in each channel where somebody asked us within the last hour."""

    def __init__(self) -> None:
        self._watched: dict[int, tuple[float, int]] = {}
        """When somebody asked last, and the newest message, by channel."""

    def asked(self, channel_id: int, snowflake: int) -> None:
        """Watch a channel for an hour from this question on."""
        now = time.monotonic()
        self._watched = {
            channel: (at, seen) for channel, (at, seen) in self._watched.items() if at > now - HOUR
        }
        self._watched[channel_id] = (now, snowflake)

    def saw(self, message: discord.Message) -> None:
        """Remember how far a watched channel has been read."""
        if watched := self._watched.get(message.channel.id):
            self._watched[message.channel.id] = (watched[0], message.id)

    def channels(self) -> dict[int, int]:
        """Return the newest message seen in each watched channel."""
        long_ago = time.monotonic() - HOUR
        return {channel: seen for channel, (at, seen) in self._watched.items() if at > long_ago}


async def catch_up(bot: "VisionBot") -> None:
    """Answer what was asked in the watched channels while we were not connected."""
    for channel_id, last in bot.last_seen.channels().items():
        channel = bot.get_channel(channel_id)
        if not isinstance(channel, discord.abc.Messageable):
            continue
        try:
            async for message in channel.history(after=discord.Object(last), limit=MOST_MISSED):
                await answer_mention(bot, message)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("A gap cannot be looked through: %s", type(error).__name__)
