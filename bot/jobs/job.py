"""What one person asked for, once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.jobs.subject import Exchange
from bot.pictures.links import name_of, path_of
from inference import Detail, Source

SEEN_ANEW: dict[str, Any] = {
    "missing": (),
    "one_left": False,
    "copies": (),
    "seen": None,
    "file_ids": (),
}
"""What was found out about the pictures of a question that has others now."""
TOKEN_LIFE = timedelta(minutes=15)
"""How long Discord takes an interaction's token, from its documentation."""
UPLOAD_LIMIT = 10 * 1024 * 1024
"""Bytes of a file that Discord takes anywhere, from its documentation."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Which frames or pages of the one file are looked at."""

    source: Source
    numbers: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A question about pictures, and where its answer goes.

    It is stored whole: a field with a default can be added here and nowhere else.
    """

    id: int
    """The snowflake of the interaction or message that asked: one question, one job."""
    asker_id: int
    channel_id: int
    """Where the answer goes."""
    message_id: int | None = None
    """Our answer, once it stands in Discord."""
    attempts: int = 0
    """What the last deaths of processes weigh, one after another, that it was alone in hand at."""
    in_hand: int = 0
    """What the death of the process would weigh now; 0 where the model does not have it."""
    is_suspect: bool = False
    """A process may have died of it: it is looked at alone."""
    task: str
    question: str
    locale: str
    detail: Detail = Detail.NORMAL
    language: str | None = None
    """Chosen by the asker or the server; None is that of the locale."""
    seed: int | None = None
    """For another answer than the usual one."""
    guild_id: int | None = None
    asked_in: int | None = None
    """The channel of the question, where the answer goes elsewhere."""
    room_id: int | None = None
    """The channel of the question, or that of its thread: where somebody may ask on."""
    links: tuple[str, ...]
    """Where the pictures are fetched from, once."""
    earlier: tuple[Exchange, ...] = ()
    """What was said before, the oldest first; the pictures are those of its first question."""
    sees_one_step: bool = False
    """No more of it could be read than the message replied to."""
    alts: tuple[str | None, ...] = ()
    """What whoever posted the pictures says is on them, for who cannot see them."""
    left_out: int = 0
    """Pictures beyond the most that the task takes."""
    unusable: tuple[str, ...] = ()
    """Names of files beside the pictures that are none."""
    missing: tuple[int, ...] = ()
    """Numbers of the links, counted from 0, where nothing could be had that can be looked at."""
    one_left: bool = False
    """It was to be compared with others, which are missing."""
    jump_url: str | None = None
    """Of the message that the pictures were taken from, where the asker pointed to none."""
    token: str | None = None
    """The interaction's, also when its life is over; None where a message asked."""
    private: bool = False
    """Only the asker may see the answer."""
    wants_thread: bool = False
    wants_private_thread: bool = False
    """That only the asker is let into."""
    is_unasked: bool = False
    """Nobody has asked: the server wants each picture described."""
    may_send: bool = True
    """We are where the answer stands, and may say more there than the interaction's one message."""
    may_reply: bool = True
    """The answer may name the question as what it replies to."""
    may_attach: bool = True
    upload_limit: int = UPLOAD_LIMIT
    before: str = ""
    """What our message said, which is answered anew."""
    buttons_before: tuple[str, ...] = ()
    """The ids of the buttons that stood under it."""
    quotes: bool = False
    """The answer says what was asked: in Discord nothing else does."""
    shows_pictures: bool = False
    """The answer carries copies of what it is about: in Discord nothing else does."""
    copies: tuple[str, ...] = ()
    """The names of the copies, once they are made."""
    seen: Seen | None = None
    """Of a file with several frames or pages that was copied, which the copies are."""
    file_ids: tuple[int, ...] = ()
    """The copies in Discord, once they stand under our answer."""
    spoiler: bool = False
    """The answer goes behind spoiler bars."""
    age_restricted: bool = False
    """The answer goes nowhere else than asked."""
    more_ids: tuple[int, ...] = ()
    """Our further messages, in order."""
    placeholder_id: int | None = None
    """What the asker saw while waiting, from when the answer becomes a message of its own."""

    @property
    def scope(self) -> str:
        """Name whom the model may share what it computed with: the asker alone, here alone."""
        visibility = "private" if self.private else "open"
        return f"{scopes_of(self.asker_id)}{self.room_id or self.channel_id}:{visibility}"

    @property
    def counts_for(self) -> int:
        """Tell whose questions it is one of: what nobody has asked is the server's."""
        return self.guild_id if self.is_unasked and self.guild_id else self.asker_id

    @property
    def is_in_own_thread(self) -> bool:
        """Tell whether the answer goes into a thread that we have opened for the question."""
        return self.token is None and self.asked_in not in (None, self.channel_id)

    @property
    def present(self) -> list[int]:
        """List the numbers of the links behind which there are pictures, as far as is known."""
        return [number for number in range(len(self.links)) if number not in self.missing]

    @property
    def unseen(self) -> tuple[str, ...]:
        """Name the files that are not looked at, those apart that are too many."""
        return (*self.unusable, *(name_of(self.links[number]) for number in self.missing))

    def shows_more_than(self, links: Iterable[str]) -> bool:
        """Tell whether it is about pictures that are not among these; links are signed anew."""
        there = set(map(path_of, links))
        return any(path_of(link) not in there for link in self.links)

    def hangs_on(self, message_id: int) -> bool:
        """Tell whether the job has no sense without this message: its question or its answer."""
        ours = (self.message_id, *self.more_ids)
        return message_id in ours or (self.token is None and message_id == self.id)

    def hangs_in(self, place_id: int) -> bool:
        """Tell whether the job has no sense without this thread, channel or server."""
        return place_id in (self.channel_id, self.asked_in, self.guild_id)

    def token_expires(self) -> datetime:
        """Tell when Discord forgets the interaction's token."""
        return discord.utils.snowflake_time(self.id) + TOKEN_LIFE


def scopes_of(person: int) -> str:
    """Return what all scopes of a person begin with, and nobody else's."""
    return f"{person}:"
