"""Pictures described, in the channels that a server chooses, for members who do not see them."""

import logging
from collections import deque
from contextlib import suppress
from functools import partial
from typing import Any

import discord
from discord.ext import commands

from bot.conversation.recall import is_our_thread
from bot.conversation.words import our_role
from bot.desk import Desk, Question
from bot.errors import DeclinedError
from bot.features.acknowledgement import Acknowledgement
from bot.features.asking import ask_by_interaction, place_of, roles_of
from bot.features.pressed import Pressed
from bot.jobs.job import Job
from bot.jobs.store import Store
from bot.jobs.subject import Subject
from bot.locales import sentences as s
from bot.pictures.find import Finding, pictures_among
from bot.replies.captions import caption, captions_of, remove_captions
from bot.replies.patience import DISCORD_ERRORS, kind, patiently
from inference import Detail

log = logging.getLogger(__name__)

MOST_WATCHED = 1000
_POSTED = (discord.MessageType.default, discord.MessageType.reply)


class Accessible(commands.Cog):
    """Looks at each message of these channels, and at the end of each."""

    def __init__(self, bot: discord.Client, desk: Desk, store: Store) -> None:
        self._bot = bot
        self._store = store
        self._captioned: deque[int] = deque(maxlen=MOST_WATCHED)
        """Messages whose edits may take their pictures away."""
        self.desk = desk

    async def cog_load(self) -> None:
        """Let presses be heard."""
        self._bot.add_dynamic_items(DescribeButton)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Describe the pictures of a message that say nothing to who does not see them."""
        if not self._is_wanted(message) or not (finding := undescribed(message)):
            return
        self._captioned.append(message.id)
        try:
            if not await self._describe(message, finding):
                place, locale = message.channel.id, _locale(message)
                await patiently(partial(caption, self._bot, place, message.id, locale))
        except DISCORD_ERRORS as error:
            log.info("A picture stays without a caption: %s", kind(error))

    async def catch_up(self, message: discord.Message) -> None:
        """Do so with a message from a while ago, unless that is done or under way."""
        if not self._is_wanted(message) or self.desk.is_waiting(message.id):
            return
        if not undescribed(message):
            return
        look = partial(captions_of, self._bot, message.channel.id, {message.id})
        if not await patiently(look):
            await self.on_message(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Say nothing of pictures that have gone, or are described by now."""
        message = payload.message
        if message.id not in self._captioned or message.edited_at is None:
            return
        finding, is_unasked = undescribed(message), not self._is_for_us(message)
        if finding and is_unasked and self.desk.is_waiting(message.id):
            with suppress(DeclinedError):  # the question stays as it was
                await self.desk.change(self._question(message, finding))
        elif not finding:
            if is_unasked:
                await self.desk.withdraw(message.id)
            await self._remove(payload.channel_id, {message.id})

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Take the caption away with its picture."""
        await self._remove(payload.channel_id, {payload.message_id})

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Do the same for many at once."""
        await self._remove(payload.channel_id, payload.message_ids)

    async def _remove(self, channel_id: int, pictures: set[int]) -> None:
        channel = self._bot.get_channel(channel_id)
        if isinstance(channel, discord.abc.GuildChannel | discord.Thread) and self._is_open(
            channel
        ):
            await remove_captions(self._bot, channel_id, pictures)

    def _is_wanted(self, message: discord.Message) -> bool:
        """Tell whether a message is another's, in such a channel, and may be answered to."""
        channel: Any = message.channel
        return (
            message.guild is not None
            and message.type in _POSTED
            and message.author != self._bot.user
            and not self._store.leaves_alone(message.author.id)
            and self._is_open(channel)
            and _may_reply(channel)
        )

    def _is_open(self, channel: discord.abc.GuildChannel | discord.Thread) -> bool:
        """Tell whether a server wants the pictures of a channel described, and may have it."""
        place = place_of(channel, channel.guild.id)
        accessible = self._store.choices(channel.guild.id).accessible
        return bool(place.channels & accessible) and self.desk.serves(place)

    async def _describe(self, message: discord.Message, finding: Finding) -> bool:
        """Have a sentence or two said, where the server wants that and the limits allow it.

        Who speaks to us there gets another answer, and under the picture no more than a button.
        """
        assert message.guild is not None, "such channels are a server's"
        at_once = self._store.choices(message.guild.id).describes_at_once
        if not at_once or self._is_for_us(message):
            return False
        try:
            await self.desk.ask(self._question(message, finding))
        except DeclinedError:
            return False
        return True

    def _question(self, message: discord.Message, finding: Finding) -> Question:
        """Ask what the server wants to have said about these pictures."""
        assert message.guild is not None, "such channels are a server's"

        async def find() -> Subject:
            return Subject(finding)

        return Question(
            job=Job(
                id=message.id,
                asker_id=message.author.id,
                channel_id=message.channel.id,
                asked_in=message.channel.id,
                guild_id=message.guild.id,
                task="alt" if len(finding.pictures) == 1 else "describe",
                question="",
                locale=_locale(message),
                detail=Detail.SHORT,
                language=self._store.choices(message.guild.id).language,
                links=(),
                is_unasked=True,
            ),
            find=find,
            place=place_of(message.channel, message.guild.id),
            roles=roles_of(message.author),
        )

    def _is_for_us(self, message: discord.Message) -> bool:
        assert message.guild is not None, "such channels are a server's"
        is_called = message.guild.me in message.mentions
        return is_our_thread(message) or is_called or our_role(message) in message.role_mentions


class DescribeButton(Pressed, template=r"describe:(?P<picture>\d{1,20})"):
    """Describes the pictures above it, for the presser's eyes only."""

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Look at the message again, and ask about its pictures."""
        acknowledgement = Acknowledgement(interaction, private=True)
        try:
            finding = await acknowledgement.before_long(self._find(interaction))
        except DeclinedError as error:
            await acknowledgement.decline(error)
            return
        await ask_by_interaction(
            self.cog(Accessible).desk,
            interaction,
            "describe",
            Subject(finding),
            acknowledgement=acknowledgement,
        )

    async def _find(self, interaction: discord.Interaction[Any]) -> Finding:
        """Find the pictures of the message above. Raises DeclinedError where it is gone."""
        channel = interaction.client.get_partial_messageable(interaction.channel_id)
        try:
            message = await channel.fetch_message(int(self._match["picture"]))
        except discord.NotFound as error:
            raise DeclinedError(s.PICTURE_GONE) from error
        except DISCORD_ERRORS as error:
            raise DeclinedError(s.PICTURE_UNREACHABLE) from error
        if finding := undescribed(message):
            return finding
        raise DeclinedError(s.PICTURE_GONE)


def undescribed(message: discord.Message) -> Finding:
    """Find the pictures of a message, or of what it forwards, that have no alt text."""
    files = [
        *message.attachments,
        *(f for part in message.message_snapshots for f in part.attachments),
    ]
    return pictures_among(file for file in files if not file.description)


def _may_reply(channel: Any) -> bool:
    may = channel.permissions_for(channel.guild.me)
    is_thread = isinstance(channel, discord.Thread)
    may_speak = may.send_messages_in_threads if is_thread else may.send_messages
    return bool(may_speak and may.read_message_history)


def _locale(message: discord.Message) -> str:
    return str(message.guild.preferred_locale) if message.guild else "en-US"
