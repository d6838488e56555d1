"""A message that mentions the bot, or a DM to it, with pictures in it or near it."""

import logging
import re
import sqlite3
from collections import deque
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
import discord
from discord.ext import commands

from bot.choices import Choices, Mention
from bot.desk import Desk, Question
from bot.errors import DeclinedError, sentence_for
from bot.features.asking import place_of, roles_of
from bot.features.look import VERBS
from bot.jobs.job import Job
from bot.jobs.store import Store
from bot.jobs.subject import Subject
from bot.locales import sentences as s
from bot.pictures.find import avatar_meant
from bot.pictures.links import without_links
from bot.pictures.search import find, look_back, newest
from bot.replies.patience import kind, patiently
from bot.settings import BotSettings

log = logging.getLogger(__name__)

EDITABLE_FOR = timedelta(minutes=10)
"""How long an edit can make a question of a message."""
_EMOJI = re.compile(r"<a?(:\w+:)\d+>")
_WORDS = {verb.name for verb in VERBS}


class Mentions(commands.Cog):
    """Answers the messages that are meant for us."""

    def __init__(
        self, bot: discord.Client, desk: Desk, store: Store, settings: BotSettings
    ) -> None:
        self._bot = bot
        self._desk = desk
        self._store = store
        self._settings = settings
        self._declined: deque[int] = deque(maxlen=1000)
        """Messages that may still be edited into questions that are in order."""

    async def cog_load(self) -> None:
        """Ask on connecting for what others write, too, where the portal has it switched on."""
        if (application := self._bot.application) is None:
            return
        flags = application.flags
        if flags.gateway_message_content or flags.gateway_message_content_limited:
            self._bot._connection._intents.message_content = True

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Accept what a message asks, or say why not."""
        if self._is_meant_for_us(message) and not self._store.has_heard(message.id):
            await self.answer(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Let an edit change a question that waits, or make one of a young message."""
        message = payload.message
        if message.edited_at is None or not self._is_meant_for_us(message):
            return
        if self._desk.is_waiting(message.id):
            with suppress(DeclinedError):  # the question stays as it was
                await self._desk.change(await self.question_of(message))
            return
        is_young = discord.utils.utcnow() - message.created_at < EDITABLE_FOR
        if is_young and (message.id in self._declined or not self._store.has_heard(message.id)):
            await self.answer(message)

    async def answer(self, message: discord.Message) -> None:
        """Take the question of a message that is meant for us, or say why not."""
        if self._desk.ignores(message.author.id):
            self._store.hear(message.id)
            return
        locale = self._locale(message)
        ways = _ways(message, self._choices(message).mention)
        if not (ways["wants_thread"] or _may_speak(message)):
            await self._turn_down(message, locale, DeclinedError(s.NOT_HERE))
            return
        try:
            question = await self.question_of(message)
            if message.guild is None:
                self._store.converse(message.channel.id, message.author.id, message.id)
            await self._desk.ask(question)
        except DeclinedError as error:
            await self._turn_down(message, locale, error)
        except (discord.HTTPException, aiohttp.ClientError, OSError, sqlite3.Error) as error:
            log.warning("A mention cannot be looked into: %s", kind(error))
            await self._turn_down(message, locale, error)

    async def _turn_down(self, message: discord.Message, locale: str, error: Exception) -> None:
        """Decide against a message, and say so unless its author has heard it often enough."""
        self._declined.append(message.id)
        self._store.hear(message.id)
        if self._desk.may_decline(message.author.id):
            await self._decline(message, sentence_for(error, locale))

    def _is_meant_for_us(self, message: discord.Message) -> bool:
        """Tell whether a person means us: by a mention of us or of our own role, or in a DM."""
        if message.type not in (discord.MessageType.default, discord.MessageType.reply):
            return False
        is_person = not message.author.bot
        if message.webhook_id:
            is_ours = message.application_id == self._bot.application_id
            is_person = self._settings.webhooks and not is_ours
        if not is_person:
            return False
        if message.guild is None:
            return True
        if self._choices(message).mention is Mention.OFF:
            return False
        return self._bot.user in message.mentions or _our_role(message) in message.role_mentions

    def _locale(self, message: discord.Message) -> str:
        return str(message.guild.preferred_locale) if message.guild else self._settings.locale

    def _choices(self, message: discord.Message) -> Choices:
        return self._desk.choices(message.guild.id if message.guild else None)

    async def question_of(self, message: discord.Message) -> Question:
        """Tell what a message asks of us."""
        words = self._words(message)
        first, _, rest = words.partition(" ")
        verb = first.lower().strip(".:!?,")
        task = "ask" if words else "describe"
        choices = self._choices(message)
        if verb in _WORDS and (not rest or verb == "ask"):
            task, words = verb, rest
        return Question(
            job=Job(
                id=message.id,
                asker_id=message.author.id,
                channel_id=message.channel.id,
                asked_in=message.channel.id,
                task=task,
                question=words,
                locale=self._locale(message),
                detail=choices.detail,
                language=choices.language,
                guild_id=message.guild.id if message.guild else None,
                links=(),
                **_ways(message, choices.mention),
            ),
            find=partial(_find, message, self._bot.user, words),
            task_for_several="compare" if task == "describe" else None,
            place=place_of(message.channel, message.guild.id if message.guild else None),
            roles=await self._roles(message),
        )

    async def _roles(self, message: discord.Message) -> frozenset[int]:
        """List the author's roles; a message out of the history does not say them."""
        author = message.author
        lists = self._settings.allowed_roles | self._settings.blocked_roles
        asks_roles = lists or self._choices(message).roles
        if asks_roles and message.guild and not isinstance(author, discord.Member):
            try:
                author = await message.guild.fetch_member(author.id)
            except discord.NotFound:  # has left, or is a webhook
                return frozenset()
        return roles_of(author)

    def _words(self, message: discord.Message) -> str:
        """Tell what a message says as people read it, without the mention itself."""
        us = [f"<@{self._bot.user.id}>", f"<@!{self._bot.user.id}>"] if self._bot.user else []
        if role := _our_role(message):
            us.append(role.mention)
        content = message.content
        for mention in us:
            content = content.replace(mention, " ")
        named = {person.mention: f"@{person.display_name}" for person in message.mentions}
        named |= {channel.mention: f"#{channel.name}" for channel in message.channel_mentions}
        named |= {role.mention: f"@{role.name}" for role in message.role_mentions}
        for mention, name in named.items():
            content = content.replace(mention, name).replace(mention.replace("<@", "<@!"), name)
        return without_links(_EMOJI.sub(r"\1", content))

    async def _decline(self, message: discord.Message, sentence: str) -> None:
        """Say why not in a reply, as far as we may speak there; else show that we do not."""
        ways, may_speak = _ways(message), _may_speak(message)
        try:
            if may_speak and ways["may_reply"]:
                reply = partial(message.reply, mention_author=False, nonce=message.id)
                await patiently(partial(reply, sentence))
            elif may_speak:
                await patiently(partial(message.channel.send, sentence, nonce=message.id))
            elif _permissions(message).add_reactions and ways["may_reply"]:
                await message.add_reaction("⛔")
        except discord.HTTPException as error:
            log.info("A decline did not get through: %s", kind(error))


async def _find(message: discord.Message, me: discord.ClientUser | None, words: str) -> Subject:
    """Find the pictures that the message means. Raises DeclinedError where there are none.

    Who asks in a channel without pointing to any picture means the newest one there.
    """
    finding = await find(message) or avatar_meant(message, me)
    if not finding and (message.guild is None or isinstance(message.channel, discord.Thread)):
        finding = await look_back(message)
    elif not finding and message.type is discord.MessageType.default and _asks(words):
        finding = await newest(message)
    is_reply = message.type is discord.MessageType.reply
    if finding:
        return Subject(finding)
    raise DeclinedError(s.HIDDEN_PICTURE if is_reply else s.NO_PICTURE)


def _asks(words: str) -> bool:
    """Tell whether somebody asks, and does not just say something: a mention alone does, too."""
    return not words or words.endswith(("?", "？"))


def _our_role(message: discord.Message) -> discord.Role | None:
    """Find the role that came with us, which Discord offers under our very name."""
    if message.guild is None:
        return None
    return next((role for role in message.guild.me.roles if role.managed), None)


def _permissions(message: discord.Message) -> discord.Permissions:
    """Tell what we may do where a message stands, as far as we know."""
    channel: Any = message.channel
    if isinstance(channel, discord.Thread):
        channel = channel.parent or channel
    if message.guild is None or not isinstance(channel, discord.abc.GuildChannel):
        return discord.Permissions.all()
    return channel.permissions_for(message.guild.me)


def _may_speak(message: discord.Message) -> bool:
    may = _permissions(message)
    is_thread = isinstance(message.channel, discord.Thread)
    return may.send_messages_in_threads if is_thread else may.send_messages


def _ways(message: discord.Message, chosen: Mention = Mention.THREAD) -> dict[str, Any]:
    """Decide from what the server has chosen and what we may do how an answer is given."""
    may = _permissions(message)
    may_open = {
        Mention.THREAD: may.create_public_threads,
        Mention.PRIVATE_THREAD: may.create_private_threads,
    }
    return {
        "wants_thread": isinstance(message.channel, discord.TextChannel)
        and may_open.get(chosen, False)
        and may.send_messages_in_threads,
        "wants_private_thread": chosen is Mention.PRIVATE_THREAD,
        "may_reply": may.read_message_history,
        "may_attach": may.attach_files,
    }
