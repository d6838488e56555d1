"""What Discord tells, read piece by piece: what cannot be read costs itself alone."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import discord
from discord.enums import try_enum

log = logging.getLogger(__name__)

Parser = Callable[[Any], Any]
_NEEDED = frozenset({"READY", "RESUMED"})
"""Without them there is no session."""


def read_events_apart(parsers: dict[str, Parser]) -> None:
    """Keep an event that discord.py cannot read from ending the connection, and so the process."""
    for name in parsers.keys() - _NEEDED:
        parsers[name] = partial(_read_event, name, parsers[name])


async def history(
    channel: discord.abc.Messageable,
    most: int,
    *,
    before: discord.abc.Snowflake | None = None,
    after: discord.abc.Snowflake | None = None,
) -> list[discord.Message]:
    """List so many messages of a channel, up to 100, that are nearest to one; the oldest first.

    discord.py's own would end at the first that it cannot read.
    """
    place: Any = await channel._get_channel()
    found = await _told(place, most, before, after)
    said = (_read_message(place, each) for each in sorted(found, key=_number))
    return [message for message in said if message]


async def kinds(channel: discord.abc.Messageable, most: int) -> list[discord.MessageType]:
    """List the kinds of a channel's last messages, of those too that cannot be read."""
    found = await _told(await channel._get_channel(), most)
    return [try_enum(discord.MessageType, each["type"]) for each in found]


def _read_event(name: str, parse: Parser, data: Any) -> None:
    try:
        parse(data)
    except Exception:
        log.exception("An event cannot be read: %s.", name)


async def _told(
    channel: Any,
    most: int,
    before: discord.abc.Snowflake | None = None,
    after: discord.abc.Snowflake | None = None,
) -> list[Any]:
    told: list[Any] = await channel._state.http.logs_from(
        channel.id, most, before=before and before.id, after=after and after.id
    )
    return told


def _read_message(channel: Any, data: Any) -> discord.Message | None:
    try:
        message: discord.Message = channel._state.create_message(channel=channel, data=data)
    except Exception:
        log.exception("A message cannot be read.")
        return None
    return message


def _number(data: Any) -> int:
    return int(data["id"])
