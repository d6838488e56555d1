"""Whom a message is meant for."""

from collections import OrderedDict

import discord

from bot.conversation.recall import is_our_thread
from bot.conversation.words import our_role
from bot.pictures.find import replied_to

MOST_THREADS = 1000
"""Whose asker is remembered."""


class Audience:
    """Tells which messages are for us, as far as Discord lets us read them."""

    def __init__(self, bot: discord.Client, *, webhooks: bool) -> None:
        self._bot = bot
        self._webhooks = webhooks
        self._askers: OrderedDict[int, int | None] = OrderedDict()

    async def are_we(self, message: discord.Message) -> bool:
        """Tell whether a person means us: by a mention, in a DM, or by going on in our thread."""
        if message.type not in (discord.MessageType.default, discord.MessageType.reply):
            return False
        if not self._is_by_person(message):
            return False
        if message.guild is None:
            return True
        if self._bot.user in message.mentions:
            return _is_readable(message)
        return our_role(message) in message.role_mentions or await self._goes_on(message)

    def _is_by_person(self, message: discord.Message) -> bool:
        if message.webhook_id:
            is_ours = message.application_id == self._bot.application_id
            return self._webhooks and not is_ours
        return not message.author.bot

    async def _goes_on(self, message: discord.Message) -> bool:
        """Tell whether an asker writes on in the thread of an answer, or somebody replies to us.

        A private thread is its asker's alone, and whom they let in.
        """
        if not (self._bot.intents.message_content and is_our_thread(message)):
            return False
        original = replied_to(message)
        if original and original.author == self._bot.user:
            return True
        if message.mentions or (original and original.author != message.author):
            return False
        assert isinstance(message.channel, discord.Thread)
        is_private = message.channel.type is discord.ChannelType.private_thread
        return is_private or await self._asker(message.channel) == message.author.id

    def forget(self, person: int) -> None:
        """Forget which threads are somebody's."""
        for thread in [thread for thread, asker in self._askers.items() if asker == person]:
            del self._askers[thread]

    async def _asker(self, thread: discord.Thread) -> int | None:
        """Tell who has asked what a thread started from; None where that is gone or hidden."""
        if thread.id not in self._askers and isinstance(thread.parent, discord.TextChannel):
            starter = thread.parent.get_partial_message(thread.id)
            try:
                self._askers[thread.id] = (await starter.fetch()).author.id
            except discord.NotFound:
                self._askers[thread.id] = None
            except discord.HTTPException:
                return None
            if len(self._askers) > MOST_THREADS:
                self._askers.popitem(last=False)
        return self._askers.get(thread.id)


def _is_readable(message: discord.Message) -> bool:
    """Tell whether a message shows us anything.

    Without the message content intent those that do not mention us arrive empty, and so do
    replies to a command's answer that call us: what they ask is not to be guessed.
    """
    shown = (message.content, message.attachments, message.stickers, message.message_snapshots)
    return any(shown)
