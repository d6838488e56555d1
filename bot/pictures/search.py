"""Ask Discord for what a message has not said about its picture."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import discord

from bot.errors import DeclinedError
from bot.locales import sentences as s
from bot.pictures.find import Content, Finding, own_pictures, pictures_in, replied_to
from bot.pictures.links import links_in
from bot.reading import history

EMBEDDING = 1.5
"""Seconds after which Discord has embedded what a message links to."""
LOOK_BACK = 20
"""Earlier messages in which a picture is looked for."""
LOOK_BACK_FOR = timedelta(hours=1)
"""How old the newest picture of a channel may be."""


async def find(message: discord.Message) -> Finding:
    """Find the pictures that a message means, and where it means none, an empty finding.

    Raises DeclinedError where it points to a picture that cannot be had: with a link, a forward,
    a file that is none, or a reply to what is hidden or gone.
    """
    original = await _original(message)
    finding = pictures_in(message, original)
    if not finding and _has_links(message):
        finding = pictures_in(await _embedded(message), original)
    if finding:
        return finding
    finding.raise_if_unusable()
    if _is_reply(message):
        _raise_if_hidden(original)
    if _has_links(message):
        raise DeclinedError(s.LINK_ONLY)
    if message.message_snapshots:
        raise DeclinedError(s.NO_PICTURE_IN_FORWARD)
    return finding


async def newest(message: discord.Message) -> Finding:
    """Find the newest picture that somebody posted in the channel of late."""
    since = message.created_at - LOOK_BACK_FOR
    with suppress(discord.Forbidden):
        return await _newest(message, since)
    return Finding()


async def _newest(message: discord.Message, since: datetime) -> Finding:
    for earlier in reversed(await history(message.channel, LOOK_BACK, before=message)):
        if earlier.created_at < since:
            break
        is_ours = message.guild is not None and earlier.author == message.guild.me
        if not is_ours and (finding := pictures_in(earlier)):
            return replace(finding, jump_url=earlier.jump_url)
    return Finding()


async def _original(message: discord.Message) -> discord.Message | None:
    """Tell which message is replied to; it is fetched where it came along empty, or not at all."""
    original = replied_to(message)
    if not _is_reply(message) or own_pictures(message) or (original and pictures_in(original)):
        return original
    assert message.reference is not None
    assert message.reference.message_id is not None
    try:
        return await message.channel.fetch_message(message.reference.message_id)
    except discord.NotFound:
        raise DeclinedError(s.PICTURE_GONE) from None
    except discord.Forbidden:
        raise DeclinedError(s.HIDDEN_PICTURE) from None


async def _embedded(message: discord.Message) -> discord.Message:
    """Fetch a message again once Discord has had the time to embed its links.

    Without the message content intent no event brings the embeds, and a fetch does.
    """
    await asyncio.sleep(EMBEDDING)
    try:
        return await message.channel.fetch_message(message.id)
    except (discord.NotFound, discord.Forbidden):
        return message


def _raise_if_hidden(original: discord.Message | None) -> None:
    """Raise DeclinedError where what is replied to had a picture, or may have one."""
    if original is None or _is_empty(original):
        raise DeclinedError(s.HIDDEN_PICTURE)
    if _has_links(original):
        raise DeclinedError(s.LINK_ONLY)


def _is_reply(message: discord.Message) -> bool:
    return message.type is discord.MessageType.reply


def _is_empty(message: discord.Message) -> bool:
    """Tell whether nothing is in a message, as in others' without the message content intent."""
    return not any(
        part.content or part.attachments or part.embeds or part.stickers or part.components
        for part in _parts(message)
    )


def _has_links(message: discord.Message) -> bool:
    return any(links_in(part.content) for part in _parts(message))


def _parts(message: discord.Message) -> tuple[Content, ...]:
    """List a message and what is forwarded in it."""
    return (message, *message.message_snapshots)
