"""A message that mentions the bot, or a DM to it, with pictures in it or near it."""

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import discord
from discord.ext import commands, tasks

from bot.choices import Choices, Mention
from bot.conversation.audience import Audience
from bot.conversation.last_words import MOST_MESSAGES, LastWords
from bot.conversation.read import goes_on, permissions, subject_of
from bot.conversation.recall import TOGETHER, together
from bot.conversation.words import asks, is_thanks, words_of
from bot.desk import Desk, Question
from bot.errors import DeclinedError, sentence_for
from bot.features.asking import place_of, roles_of, room_of
from bot.jobs.job import Job
from bot.jobs.store import Store
from bot.jobs.subject import Subject
from bot.locales import sentences as s
from bot.pictures.find import own_pictures
from bot.reading import history
from bot.replies.patience import DISCORD_ERRORS, kind, patiently
from bot.settings import BotSettings

log = logging.getLogger(__name__)

EDITABLE_FOR = timedelta(minutes=10)
"""How long an edit can make a question of a message."""


class OvertakenError(Exception):
    """A message was edited while it was looked into: the edit is answered in its place."""


class Mentions(commands.Cog):
    """Answers the messages that are meant for us."""

    def __init__(
        self, bot: discord.Client, desk: Desk, store: Store, settings: BotSettings
    ) -> None:
        self._bot = bot
        self._desk = desk
        self._store = store
        self._settings = settings
        self._audience = Audience(bot, webhooks=settings.webhooks)
        self._last_words = LastWords()
        self._declined: deque[int] = deque(maxlen=1000)
        """Messages that may still be edited into questions that are in order."""
        self._shown: deque[int] = deque(maxlen=1000)
        """Questions that show a picture themselves, which an edit may take away."""
        self._wordings: dict[int, discord.Message] = {}
        """Messages that are being looked into, as they read now."""
        self._at_work: set[asyncio.Task[Any]] = set()

    async def cog_load(self) -> None:
        """Ask on connecting for what others write, too, where the portal has it switched on."""
        self._tidy.start()
        if (application := self._bot.application) is None:
            return
        flags = application.flags
        if flags.gateway_message_content or flags.gateway_message_content_limited:
            self._bot._connection._intents.message_content = True

    async def cog_unload(self) -> None:
        """Look into nothing any more: what is not decided yet is found at the next start."""
        self._tidy.cancel()
        for task in (unfinished := [*self._at_work]):
            task.cancel()
        if unfinished:
            await asyncio.wait(unfinished)

    @tasks.loop(seconds=20)
    async def _tidy(self) -> None:
        self._last_words.tidy()

    @commands.Cog.listener()
    async def on_forget(self, person: int) -> None:
        """Forget what is remembered of somebody who wants that."""
        self._last_words.forget(person)
        self._audience.forget(person)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Accept what a message asks, or say why not."""
        with self._noted():
            if await self._is_meant_for_us(message):
                self._last_words.hear(message)
                if not self._store.has_heard(message.id):
                    await self.answer(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Let an edit change a question that waits, or make one of a young message.

        Who takes the picture away wants no answer about it.
        """
        message = payload.message
        with self._noted():
            if message.edited_at is not None and await self._is_meant_for_us(message):
                self._last_words.hear(message)
                await self._heed(message)

    async def _heed(self, message: discord.Message) -> None:
        if self._desk.is_waiting(message.id):
            if message.id in self._shown and not own_pictures(message):
                await self._desk.withdraw(message.id)
                return
            with suppress(DeclinedError, *DISCORD_ERRORS):  # the question stays as it was
                await self._desk.change(await self.question_of(message))
            return
        if discord.utils.utcnow() - message.created_at >= EDITABLE_FOR:
            return
        if message.id in self._declined:
            self._declined.remove(message.id)
            self._store.unhear(message.id)
        if not self._store.has_heard(message.id):
            await self.answer(message)

    async def answer(self, message: discord.Message) -> None:
        """Take the question of a message that is meant for us, or say why not.

        Where it is edited meanwhile, the edit is answered in its place.
        """
        self._wordings[message.id] = message
        try:
            await self._answer(message)
        finally:
            if not self._is_overtaken(message):
                del self._wordings[message.id]

    async def _answer(self, message: discord.Message) -> None:
        if self._desk.ignores(message.author.id):
            self._store.hear(message.id)
            return
        locale = self._locale(message)
        ways = _ways(message, self._choices(message).mention)
        if not (ways["wants_thread"] or _may_speak(message)):
            await self._turn_down(message, locale, DeclinedError(s.NOT_HERE))
            return
        messages = self._at_once(message)
        if is_thanks(words_of(messages, self._me)) and not any(map(own_pictures, messages)):
            await self._welcome(message)
            return
        try:
            if message.guild is None:
                self._store.converse(message.channel.id, message.author.id, message.id)
            if own_pictures(message):
                self._shown.append(message.id)
            question = await self._question(messages)
            find = partial(self._find, message, question.find)
            await self._desk.ask(replace(question, find=find))
            await self._leave_to_the_last(messages)
        except OvertakenError:
            log.info("Message %s is edited while it is looked into.", message.id)
        except DeclinedError as error:
            if not (error.sentence == s.NO_PICTURE and await self._says_more(message)):
                await self._turn_down(message, locale, error)
        except (*DISCORD_ERRORS, sqlite3.Error) as error:
            log.warning("A mention cannot be looked into: %s", kind(error))
            await self._turn_down(message, locale, error)
        except Exception as error:
            log.exception("A mention cannot be looked into.")
            await self._turn_down(message, locale, error)

    async def _find(
        self, message: discord.Message, find: Callable[[], Awaitable[Subject]]
    ) -> Subject:
        """Find the subject of a message, unless that reads otherwise by then."""
        subject = await find()
        if self._is_overtaken(message):
            raise OvertakenError
        return subject

    def _is_overtaken(self, message: discord.Message) -> bool:
        return self._wordings.get(message.id) is not message

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Note who is at work, so that nobody outlives what the work needs."""
        task = asyncio.current_task()
        assert task is not None, "discord.py makes one for each event"
        self._at_work.add(task)
        try:
            yield
        finally:
            self._at_work.discard(task)

    async def _is_meant_for_us(self, message: discord.Message) -> bool:
        is_off = self._choices(message).mention is Mention.OFF
        return not is_off and await self._audience.are_we(message)

    def _choices(self, message: discord.Message) -> Choices:
        return self._desk.choices(message.guild.id if message.guild else None)

    @property
    def _me(self) -> discord.ClientUser:
        assert self._bot.user is not None, "known since log-in"
        return self._bot.user

    def _at_once(self, message: discord.Message) -> tuple[discord.Message, ...]:
        """Return what somebody says in one go: in a conversation that may be several messages."""
        if not goes_on(message.channel):
            return (message,)
        before = self._last_words.up_to(message)[:-1]
        return (*filter(self._is_open, before), message)

    def _is_open(self, message: discord.Message) -> bool:
        """Tell whether nothing has been said to a message yet."""
        return self._desk.is_waiting(message.id) or not self._store.has_heard(message.id)

    async def _leave_to_the_last(self, messages: Sequence[discord.Message]) -> None:
        """Let the last of several messages at once be answered alone: its question has them all."""
        *before, last = messages
        for message in before:
            await self._desk.withdraw(message.id)
        if goes_on(last.channel) and self._last_words.goes_on(last):
            await self._desk.withdraw(last.id)

    async def _says_more(self, message: discord.Message) -> bool:
        """Wait a moment for the picture that may follow; tell whether anything did."""
        if not goes_on(message.channel):
            return False
        await asyncio.sleep(TOGETHER.total_seconds())
        if says_more := self._last_words.goes_on(message):
            self._store.hear(message.id)
        return says_more

    async def _welcome(self, message: discord.Message) -> None:
        """Show that thanks have been heard, where that may be shown."""
        self._store.hear(message.id)
        may = permissions(message)
        if may.add_reactions and may.read_message_history:
            with suppress(discord.HTTPException):
                await message.add_reaction("👍")

    async def _turn_down(self, message: discord.Message, locale: str, error: Exception) -> None:
        """Decide against a message, and say so unless its author has heard it often enough."""
        if self._is_overtaken(message):
            return
        self._declined.append(message.id)
        self._store.hear(message.id)
        if self._desk.may_decline(message.author.id):
            await self._decline(message, sentence_for(error, locale))

    async def question_of(self, message: discord.Message) -> Question:
        """Tell what a message asks of us, with what its author said just before it."""
        messages = await self._said_at_once(message) if goes_on(message.channel) else (message,)
        return await self._question(messages)

    async def _said_at_once(self, message: discord.Message) -> tuple[discord.Message, ...]:
        """Return a message behind what its author said just before it, however long ago that was.

        What is not remembered any more is read from Discord.
        """
        if len(remembered := self._last_words.up_to(message)) > 1:
            return remembered
        earlier = await history(message.channel, MOST_MESSAGES, before=message)
        *before, _ = together(message, earlier)
        return (*[each for each in before if await self._audience.are_we(each)], message)

    async def _question(self, messages: Sequence[discord.Message]) -> Question:
        message = messages[-1]
        task, words = asks(words_of(messages, self._me))
        choices = self._choices(message)
        return Question(
            job=Job(
                id=message.id,
                asker_id=message.author.id,
                channel_id=message.channel.id,
                asked_in=message.channel.id,
                room_id=room_of(message.channel),
                task=task,
                question=words,
                locale=self._locale(message),
                detail=choices.detail,
                language=choices.language,
                guild_id=message.guild.id if message.guild else None,
                links=(),
                **_ways(message, choices.mention),
            ),
            find=partial(subject_of, messages, self._me, task, words),
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

    async def _decline(self, message: discord.Message, sentence: str) -> None:
        """Say why not in a reply, as far as we may speak there; else show that we do not."""
        ways, may_speak = _ways(message), _may_speak(message)
        try:
            if may_speak and ways["may_reply"]:
                reply = partial(message.reply, mention_author=False, nonce=message.id)
                await patiently(partial(reply, sentence))
            elif may_speak:
                await patiently(partial(message.channel.send, sentence, nonce=message.id))
            elif permissions(message).add_reactions and ways["may_reply"]:
                await message.add_reaction("⛔")
        except discord.HTTPException as error:
            log.info("A decline did not get through: %s", kind(error))

    def _locale(self, message: discord.Message) -> str:
        return str(message.guild.preferred_locale) if message.guild else self._settings.locale


def _may_speak(message: discord.Message) -> bool:
    may = permissions(message)
    is_thread = isinstance(message.channel, discord.Thread)
    return may.send_messages_in_threads if is_thread else may.send_messages


def _ways(message: discord.Message, chosen: Mention = Mention.THREAD) -> dict[str, Any]:
    """Decide from what the server has chosen and what we may do how an answer is given."""
    may = permissions(message)
    may_open = {
        Mention.THREAD: may.create_public_threads,
        Mention.PRIVATE_THREAD: may.create_private_threads,
    }
    wants_thread = (
        isinstance(message.channel, discord.TextChannel)
        and may_open.get(chosen, False)
        and may.send_messages_in_threads
    )
    is_apart = wants_thread and chosen is Mention.PRIVATE_THREAD  # from its question, too
    return {
        "wants_thread": wants_thread,
        "wants_private_thread": is_apart,
        "quotes": is_apart,
        "shows_pictures": is_apart and may.attach_files,
        "may_reply": may.read_message_history,
        "may_attach": may.attach_files,
    }
