"""What can be done with an answer that stands in Discord, by what Discord shows of it."""

import io
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import discord

from bot.conversation.answers import has_words, pointed_to, said
from bot.conversation.read import pictures_at, starter
from bot.conversation.recall import further_of, is_our_thread
from bot.desk import Desk, Question
from bot.errors import DeclinedError
from bot.features.acknowledgement import Acknowledgement
from bot.features.asking import ask_by_interaction, may_send
from bot.jobs.subject import Exchange, Subject
from bot.locales import say
from bot.locales import sentences as s
from bot.pictures.find import Finding, own_pictures, replied_to
from bot.reading import history
from bot.replies.buttons import Button, ids_under, task_of
from bot.replies.patience import DISCORD_ERRORS
from bot.replies.text import LIMIT, unquote
from bot.replies.threads import MOST_READ, leave

QuestionOf = Callable[[discord.Message], Awaitable[Question]]
"""Tells what somebody's message asks of us."""
CANNOT_TELL = (DeclinedError, *DISCORD_ERRORS)
"""Why it may stay unknown what an answer is about."""
MOST_STEPS = 4
"""From answer to answer, back to the picture."""
_MADE = (".csv", ".txt")
"""Files that are made of an answer's words; the others are its pictures."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer was asked."""

    question: str
    subject: Subject
    locale: str | None = None
    """In which a message is answered; a command is in the language of who uses it."""


class Answers:
    """Does what the buttons under an answer say."""

    def __init__(self, bot: discord.Client, desk: Desk, question_of: QuestionOf) -> None:
        self._bot = bot
        self._desk = desk
        self._question_of = question_of

    async def ask_again(self, interaction: discord.Interaction[Any], button: Button) -> None:
        """Ask the same once more; the new answer takes the place of the old one."""
        message = _pressed(interaction)
        private = message.flags.ephemeral
        acknowledgement = Acknowledgement(interaction, private=private, thinking=False)
        try:
            asked, further = await acknowledgement.before_long(self._whole(message, button))
        except CANNOT_TELL as error:
            await acknowledgement.decline(error)
            return
        if self._desk.is_answering(message.id):  # pressed twice
            await acknowledgement.give()
            return
        kept = [file for file in message.attachments if not file.filename.endswith(_MADE)]
        await ask_by_interaction(
            self._desk,
            interaction,
            button.task,
            asked.subject,
            asked.question,
            locale=asked.locale,
            detail=button.detail,
            language=button.language,
            acknowledgement=acknowledgement,
            seed=interaction.id if button.action == "again" else None,
            message_id=message.id,
            more_ids=tuple(each.id for each in further),
            before=message.content,
            buttons_before=ids_under(message),
            file_ids=tuple(file.id for file in kept),
            quotes=message.content.startswith("> "),
            shows_pictures=False,
        )

    async def ask_more(self, interaction: discord.Interaction[Any], question: str) -> None:
        """Ask something else about what an answer is about, in an answer of its own."""
        message = _pressed(interaction)
        private = message.flags.ephemeral
        acknowledgement = Acknowledgement(interaction, private=private)
        try:
            subject = await acknowledgement.before_long(self._subject_after(message))
        except CANNOT_TELL as error:
            await acknowledgement.decline(error)
            return
        await ask_by_interaction(
            self._desk,
            interaction,
            "ask",
            subject,
            question,
            acknowledgement=acknowledgement,
            # Where we cannot fetch what it replies to, it has to show the pictures once more.
            shows_pictures=private or not may_send(interaction),
        )

    async def give_as_file(self, interaction: discord.Interaction[Any]) -> None:
        """Give the words of an answer as a file, to whoever has pressed."""
        message = _pressed(interaction)
        acknowledgement = Acknowledgement(interaction, private=True)
        try:
            further = await acknowledgement.before_long(_further(message))
        except DISCORD_ERRORS as error:
            await acknowledgement.decline(error)
            return
        if text := said([message, *further]):
            data, covered = io.BytesIO(text.encode()), _is_covered(message)
            await acknowledgement.tell(file=discord.File(data, "answer.txt", spoiler=covered))
        else:
            await acknowledgement.tell(content=say(str(interaction.locale), s.NO_WORDS_HERE))

    async def delete(self, interaction: discord.Interaction[Any]) -> None:
        """Delete an answer, and our thread where nobody else has spoken in it.

        It holds whatever becomes of its acknowledgement.
        """
        message = _pressed(interaction)
        with suppress(*DISCORD_ERRORS):
            await interaction.response.defer()
        further = await _further(message)
        try:
            await interaction.delete_original_response()
        except discord.NotFound:  # so it is where Discord knows of no acknowledgement
            further = [message, *further]
        for each in further:
            with suppress(discord.NotFound, discord.Forbidden):
                await each.delete()
        if not message.flags.ephemeral:
            with suppress(discord.NotFound, discord.Forbidden):
                await leave(message.channel, self._bot.user)

    async def _whole(
        self, answer: discord.Message, button: Button
    ) -> tuple[Asked, list[discord.Message]]:
        """Tell of a whole answer what it was asked, and where it goes on.

        Raises DeclinedError.
        """
        await self._desk.settle(button.job_id)
        return await self._asked(answer), await _further(answer)

    async def _asked(self, answer: discord.Message, steps: int = MOST_STEPS) -> Asked:
        """Tell what an answer was asked. Raises DeclinedError."""
        question, _ = unquote(answer.content)
        pictures = Finding(own_pictures(answer).pictures)
        original = replied_to(answer) or (None if pictures else await self._original(answer))
        if original is None or not steps:
            if not pictures:
                raise DeclinedError(s.PICTURE_GONE)
            return Asked(question, Subject(pictures), _locale_of_thread(answer))
        if original.author == self._bot.user:
            subject = await self._subject_after(original, steps - 1)
            return Asked(question, replace(subject, pictures=pictures or subject.pictures))
        asked = await self._question_of(original)
        if where := pointed_to(answer):  # by now another picture may be the newest
            subject = Subject(await pictures_at(where, answer))
        else:
            subject = await asked.find()
        return Asked(asked.job.question, subject, asked.job.locale)

    async def _subject_after(self, answer: discord.Message, steps: int = MOST_STEPS) -> Subject:
        """Tell what a question is about that goes on from an answer. Raises DeclinedError."""
        asked = await self._asked(answer, steps)
        if not has_words([answer]):
            return asked.subject
        words = said([answer, *await _further(answer)])
        task = task_of(answer) or ("ask" if asked.question else "describe")
        exchange = Exchange(task, asked.question, words)
        earlier = (*asked.subject.earlier, exchange)
        return replace(asked.subject, earlier=earlier) if words else asked.subject

    async def _original(self, answer: discord.Message) -> discord.Message | None:
        """Fetch the message that an answer replies to, or on which its thread was opened."""
        if answer.reference and answer.reference.message_id:
            with suppress(discord.NotFound, discord.Forbidden):
                return await answer.channel.fetch_message(answer.reference.message_id)
            return None
        if isinstance(answer.channel, discord.Thread) and is_our_thread(answer):
            return await starter(answer.channel)
        return None


def _pressed(interaction: discord.Interaction[Any]) -> discord.Message:
    assert interaction.message is not None, "a button stands under a message"
    return interaction.message


def _locale_of_thread(answer: discord.Message) -> str | None:
    """Tell the language of a mention's answer in a private thread: there it shows the pictures."""
    is_private = answer.channel.type is discord.ChannelType.private_thread
    if answer.guild is None or not (is_private and is_our_thread(answer)):
        return None
    return None if answer.interaction_metadata else str(answer.guild.preferred_locale)


async def _further(answer: discord.Message) -> list[discord.Message]:
    """List the messages in which a long answer goes on, as far as we may read them."""
    if len(answer.content) < LIMIT // 3 or answer.flags.ephemeral:
        return []
    with suppress(discord.NotFound, discord.Forbidden):
        return further_of(answer, await _later(answer))
    return []


async def _later(answer: discord.Message) -> list[discord.Message]:
    """List what was said just after an answer, just after its last word, and last.

    What goes on with it stands there, however many speak meanwhile and since.
    """
    later = await history(answer.channel, MOST_READ, after=answer)
    if len(later) == MOST_READ:
        said_at = discord.utils.time_snowflake(answer.edited_at or answer.created_at)
        later += await history(answer.channel, MOST_READ, after=discord.Object(said_at))
        later += await history(answer.channel, MOST_READ)
    once = {each.id: each for each in later}
    return [once[number] for number in sorted(once) if number > answer.id]


def _is_covered(message: discord.Message) -> bool:
    _, words = unquote(message.content)
    return words.startswith("||") or any(file.is_spoiler() for file in message.attachments)
