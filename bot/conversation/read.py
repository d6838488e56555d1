"""Ask Discord what a message is about: what it says itself, or what was said before it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import discord

from bot.conversation.recall import merged, recall
from bot.errors import DeclinedError
from bot.jobs.subject import Subject
from bot.locales import sentences as s
from bot.pictures.find import Finding, avatar_meant, own_pictures, pictures_in, replied_to
from bot.pictures.search import LOOK_BACK, find, newest
from bot.reading import history


async def subject_of(
    messages: Sequence[discord.Message], me: discord.abc.User, task: str, words: str
) -> Subject:
    """Find out what somebody asks about in one message, or in several at a time.

    Who asks in a channel without pointing to any picture means the newest one there. Raises
    DeclinedError where there is no picture.
    """
    message = messages[-1]
    pictures = merged(map(own_pictures, messages))
    if not pictures and not _replies_to(message, me):
        pictures = await find(message) or avatar_meant(message, me)
    if pictures:
        return Subject(pictures)
    is_reply = message.type is discord.MessageType.reply
    if is_reply or goes_on(message.channel):
        subject = await _conversation(message, me)
        if subject.pictures:
            return subject if task == "ask" else replace(subject, earlier=())
    elif not words or words.endswith(("?", "？")):
        pictures = await newest(message)
        if pictures:
            return Subject(pictures)
    raise DeclinedError(s.HIDDEN_PICTURE if is_reply else s.NO_PICTURE)


def goes_on(channel: Any) -> bool:
    """Tell whether a channel is one conversation: a DM or a thread."""
    return isinstance(channel, discord.DMChannel | discord.Thread)


def permissions(message: discord.Message) -> discord.Permissions:
    """Tell what we may do where a message stands, as far as we know."""
    channel: Any = message.channel
    if isinstance(channel, discord.Thread):
        channel = channel.parent or channel
    if message.guild is None or not isinstance(channel, discord.abc.GuildChannel):
        return discord.Permissions.all()
    return channel.permissions_for(message.guild.me)


async def _conversation(message: discord.Message, me: discord.abc.User) -> Subject:
    """Recall what a message goes on from. Raises DeclinedError where its picture is gone."""
    sees_one_step = not permissions(message).read_message_history
    if sees_one_step:
        original = replied_to(message)
        earlier = [original] if original else []
    elif goes_on(message.channel):
        earlier = await history(message.channel, LOOK_BACK, before=message)
    else:
        earlier = await _chain(message)
    recalled = recall(message, earlier, me)
    if not recalled.pictures and isinstance(message.channel, discord.Thread) and not sees_one_step:
        if begin := await starter(message.channel):
            earlier.append(begin)
        recalled = recall(message, earlier, me)
    pictures = recalled.pictures
    if not pictures and recalled.pointed_to:
        pictures = replace(await pictures_at(recalled.pointed_to, message), jump_url=None)
    if not pictures and recalled.is_torn and not sees_one_step:
        raise DeclinedError(s.PICTURE_GONE)
    if not pictures and goes_on(message.channel):
        pictures = _of_others(earlier)
    return Subject(pictures, recalled.exchanges, sees_one_step)


async def _chain(message: discord.Message) -> list[discord.Message]:
    """Follow the replies back; each request brings a message and the one that it replies to."""
    found = dict[int, discord.Message]()
    at = message
    for _ in range(LOOK_BACK):
        if at.type is not discord.MessageType.reply:
            break
        original = replied_to(at)
        if original is None:  # what came along with another message may not name its own original
            number = at.reference.message_id if at.reference else at.id
            if number is None or number == message.id:
                break
            try:
                original = await message.channel.fetch_message(number)
            except (discord.NotFound, discord.Forbidden):
                break
        found[original.id] = at = original
    return list(found.values())


async def starter(thread: discord.Thread) -> discord.Message | None:
    """Fetch what a thread started from, which has its id: a forum's is in the thread."""
    place = thread if isinstance(thread.parent, discord.ForumChannel) else thread.parent
    with suppress(discord.NotFound, discord.Forbidden):
        if place is not None:
            return await place.fetch_message(thread.id)
    return None


async def pictures_at(where: tuple[int, int], message: discord.Message) -> Finding:
    """Find the pictures that an answer, before this message, says it has taken.

    Raises DeclinedError where they are gone.
    """
    channel_id, message_id = where
    place: Any = message.channel
    if place.id != channel_id:
        place = message.guild and message.guild.get_channel_or_thread(channel_id)
    if place is None:
        return Finding()
    try:
        taken = await place.fetch_message(message_id)
    except (discord.NotFound, discord.Forbidden):
        raise DeclinedError(s.PICTURE_GONE) from None
    return replace(pictures_in(taken), jump_url=taken.jump_url)


def _of_others(messages: Sequence[discord.Message]) -> Finding:
    """Find the newest picture that a person has shown, whoever that was."""
    for message in sorted(messages, key=lambda each: each.id, reverse=True):
        if not message.author.bot and (pictures := pictures_in(message)):
            return replace(pictures, jump_url=message.jump_url)
    return Finding()


def _replies_to(message: discord.Message, me: discord.abc.User) -> bool:
    """Tell whether a message goes on from one of ours, and has no picture of its own."""
    original = replied_to(message)
    return original is not None and original.author == me
