"""What people have just said: several messages in quick succession are one."""

from collections import OrderedDict
from datetime import timedelta

import discord

from bot.conversation.recall import TOGETHER, together

MOST_PEOPLE = 1000
MOST_MESSAGES = 10
KEPT_FOR = timedelta(seconds=30)
"""So long somebody may go on editing what they have just said."""


class LastWords:
    """Remembers the last messages of each person in each place."""

    def __init__(self) -> None:
        self._said: OrderedDict[tuple[int, int], tuple[discord.Message, ...]] = OrderedDict()

    def hear(self, message: discord.Message) -> None:
        """Take note of a message, or of how it reads now."""
        key = (message.channel.id, message.author.id)
        others = (each for each in self._said.pop(key, ()) if each.id != message.id)
        self._said[key] = (*others, message)[-MOST_MESSAGES:]
        if len(self._said) > MOST_PEOPLE:
            self._said.popitem(last=False)

    def up_to(self, message: discord.Message) -> tuple[discord.Message, ...]:
        """Return a message behind what its author said just before it, the oldest first."""
        return together(message, self._by_author(message))

    def goes_on(self, message: discord.Message) -> bool:
        """Tell whether its author has said more just after it."""
        return any(
            later.id > message.id and later.created_at - message.created_at <= TOGETHER
            for later in self._by_author(message)
        )

    def tidy(self) -> None:
        """Forget whoever has said nothing for a while."""
        oldest = discord.utils.utcnow() - KEPT_FOR
        for key, said in tuple(self._said.items()):
            if said[-1].created_at < oldest:
                del self._said[key]

    def forget(self, person: int) -> None:
        """Forget what somebody has said."""
        for key in [key for key in self._said if key[1] == person]:
            del self._said[key]

    def _by_author(self, message: discord.Message) -> tuple[discord.Message, ...]:
        return self._said.get((message.channel.id, message.author.id), ())
