"""A message that mentions the bot, or a DM to it, with pictures in it or near it."""

import logging
import re
import sqlite3
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.commands.asking import check_pictures
from bot.errors import DeclinedError, sentence_for
from bot.jobs.job import Job
from bot.locales import say
from bot.locales import sentences as s
from bot.pictures.find import Content, pictures_of
from bot.questions import check_question
from bot.replies.patience import kind, patiently
from bot.trust import check_asker, needs_spoiler

if TYPE_CHECKING:
    from bot.client import VisionBot

log = logging.getLogger(__name__)

LOOK_BACK = 20
"""Earlier messages of a conversation in which its picture is looked for."""
_LINK = re.compile(r"https?://")


async def answer_mention(bot: "VisionBot", message: discord.Message) -> None:
    """Accept what a message asks, or say why not."""
    if message.author.bot or not _is_meant_for(bot, message):
        return
    if bot.admission.ignores(message.author.id):
        return
    locale = str(message.guild.preferred_locale) if message.guild else "en-US"
    guild_id = message.guild.id if message.guild else None
    try:
        if bot.store.has_heard(message.id):  # Discord may tell us twice, and so may a look back
            return
        check_asker(bot.settings, message.author, guild_id, message.channel)
        check_question(_question(bot, message))
        job = _job(bot, message, await _links(bot, message), locale)
        check_pictures(job)
        accepted = await bot.worker.accept(job)
    except DeclinedError as error:
        if bot.admission.may_decline(message.author.id):
            await _decline(bot, message, sentence_for(error, locale))
        return
    except (discord.HTTPException, aiohttp.ClientError, OSError, sqlite3.Error) as error:
        log.warning("A mention cannot be looked into: %s", kind(error))
        await _decline(bot, message, say(locale, s.UNEXPECTED))
        return
    if accepted:
        bot.worker.start(job.id)


def _is_meant_for(bot: "VisionBot", message: discord.Message) -> bool:
    if message.type not in (discord.MessageType.default, discord.MessageType.reply):
        return False
    return message.guild is None or (bot.user is not None and bot.user in message.mentions)


def _job(bot: "VisionBot", message: discord.Message, links: tuple[str, ...], locale: str) -> Job:
    question = _question(bot, message)
    return Job(
        id=message.id,
        task="ask" if question else "describe" if len(links) == 1 else "compare",
        question=question,
        locale=locale,
        asker_id=message.author.id,
        guild_id=message.guild.id if message.guild else None,
        channel_id=message.channel.id,
        links=links,
        wants_thread=isinstance(message.channel, discord.TextChannel),
        spoiler=needs_spoiler(bot.settings, message.channel),
    )


def _question(bot: "VisionBot", message: discord.Message) -> str:
    """What the message says, without the mention itself."""
    name = bot.user.id if bot.user else 0
    return " ".join(re.sub(rf"<@!?{name}>", " ", message.content).split())


async def _links(bot: "VisionBot", message: discord.Message) -> tuple[str, ...]:
    """Find the pictures that the message means. Raises DeclinedError where there are none.

    Pictures from before are meant only by who points to no other: not with a link, a forward, or
    a reply to what is hidden from us.
    """
    if links := pictures_of(message):
        return links
    is_reply = message.type is discord.MessageType.reply
    if is_reply and (links := await _in_original(bot, message)):
        return links
    if any(_LINK.search(part.content) for part in _parts(message)):
        raise DeclinedError(s.LINK_ONLY)
    if message.message_snapshots:
        raise DeclinedError(s.NO_PICTURE_IN_FORWARD)
    if _is_conversation(message) and (links := await _earlier(message)):
        return links
    raise DeclinedError(s.HIDDEN_PICTURE if is_reply else s.NO_PICTURE)


async def _in_original(bot: "VisionBot", message: discord.Message) -> tuple[str, ...]:
    """Find the pictures of what is replied to. Raises DeclinedError where they may be hidden."""
    assert message.reference is not None
    assert message.reference.message_id is not None
    try:  # it may have arrived empty
        original = await message.channel.fetch_message(message.reference.message_id)
    except (discord.NotFound, discord.Forbidden):
        raise DeclinedError(s.HIDDEN_PICTURE) from None
    if links := pictures_of(original):
        return links
    if original.author != bot.user:
        if _is_empty(original):
            raise DeclinedError(s.HIDDEN_PICTURE)
        if any(_LINK.search(part.content) for part in _parts(original)):
            raise DeclinedError(s.LINK_ONLY)
    return ()


def _is_empty(message: discord.Message) -> bool:
    """Tell whether nothing is in a message, as in others' without the message content intent."""
    return not any(
        part.content or part.attachments or part.embeds or part.stickers or part.components
        for part in _parts(message)
    )


def _parts(message: discord.Message) -> tuple[Content, ...]:
    """List a message and what is forwarded in it."""
    return (message, *message.message_snapshots)


def _is_conversation(message: discord.Message) -> bool:
    return message.guild is None or isinstance(message.channel, discord.Thread)


async def _earlier(message: discord.Message) -> tuple[str, ...]:
    """Go back through a DM or a thread, and to the message that the thread started from."""
    async for earlier in message.channel.history(before=message, limit=LOOK_BACK):
        if not earlier.author.bot and (links := pictures_of(earlier)):
            return links
    if isinstance(message.channel, discord.Thread):
        return await _in_starter(message.channel)
    return ()


async def _in_starter(thread: discord.Thread) -> tuple[str, ...]:
    """Fetch the message that a thread started from, whose id it has: a forum's is in the thread."""
    place = thread if isinstance(thread.parent, discord.ForumChannel) else thread.parent
    if place is None:
        return ()
    try:
        return pictures_of(await place.fetch_message(thread.id))
    except (discord.NotFound, discord.Forbidden):
        return ()


async def _decline(bot: "VisionBot", message: discord.Message, sentence: str) -> None:
    """Say why not, in a reply or else in private."""
    reply = partial(message.reply, sentence, mention_author=False, nonce=message.id)
    for send in (reply, partial(message.author.send, sentence)):
        try:
            await patiently(send)
        except discord.HTTPException as error:
            log.info("A decline did not get through: %s", kind(error))
        else:
            break
    with suppress(sqlite3.Error):  # a full disk silences nobody
        bot.store.hear(message.id, message.channel.id)
