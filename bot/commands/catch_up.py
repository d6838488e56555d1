"""After a gap in the connection that Discord could not bridge: the mentions that were missed."""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.commands.mentions import answer_mention

if TYPE_CHECKING:
    from bot.client import VisionBot

log = logging.getLogger(__name__)

WINDOW = timedelta(hours=1)
MOST_PLACES = 50
MOST_MESSAGES = 100
"""Looked through in each channel, the newest; Discord hands out as many at once."""


async def catch_up(bot: "VisionBot") -> None:
    """Answer what was asked while we were away, where anybody has asked within the last hour."""
    since = discord.Object(discord.utils.time_snowflake(discord.utils.utcnow() - WINDOW))
    for channel_id in bot.store.places_since(since.id, MOST_PLACES):
        try:
            for message in reversed(await _messages(bot, channel_id, since)):
                await answer_mention(bot, message)
        except (discord.HTTPException, discord.InvalidData, aiohttp.ClientError, OSError) as error:
            log.warning("A gap cannot be looked through: %s", type(error).__name__)


async def _messages(
    bot: "VisionBot", channel_id: int, since: discord.Object
) -> list[discord.Message]:
    """Fetch the newest messages of a channel, newest first."""
    channel = bot.get_channel(channel_id) or await bot.fetch_channel(channel_id)
    if not isinstance(channel, discord.abc.Messageable):
        return []
    newest = channel.history(after=since, limit=MOST_MESSAGES, oldest_first=False)
    return [message async for message in newest]
