"""What one person asked for, once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import discord

TOKEN_LIFE = timedelta(minutes=15)
"""How long Discord takes an interaction's token, from its documentation."""


@dataclass(frozen=True, slots=True)
class Job:
    """A question about pictures, and where its answer goes."""

    id: int
    """The snowflake of the interaction or message that asked: one question, one job."""
    task: str
    question: str
    locale: str
    asker_id: int
    guild_id: int | None
    channel_id: int
    """Where the answer goes."""
    links: tuple[str, ...]
    """Where the pictures are fetched from, once."""
    token: str | None = None
    """The interaction's, also when its life is over; None where a message asked."""
    private: bool = False
    """Only the asker may see the answer."""
    wants_thread: bool = False
    spoiler: bool = False
    """The answer goes behind spoiler bars, and nowhere else than asked."""
    message_id: int | None = None
    """Our answer, once it stands in Discord."""

    @property
    def scope(self) -> str:
        """Name whom the model may share what it computed with: the asker alone, here alone."""
        visibility = "private" if self.private else "open"
        return f"{scopes_of(self.asker_id)}{self.channel_id}:{visibility}"

    def token_expires(self) -> datetime:
        """Tell when Discord forgets the interaction's token."""
        return discord.utils.snowflake_time(self.id) + TOKEN_LIFE


def scopes_of(person: int) -> str:
    """Return what all scopes of a person begin with, and nobody else's."""
    return f"{person}:"
