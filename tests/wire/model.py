"""What Discord is made of: people, servers, channels, messages, interactions."""

import functools
import io
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any

from PIL import Image, UnidentifiedImageError

EPHEMERAL = 1 << 6
LOADING = 1 << 7
HAS_THREAD = 1 << 5

DEFAULT, REPLY, COMMAND_ANSWER, MENU_ANSWER = 0, 19, 20, 23


class ChannelType(IntEnum):
    """Kinds of channel that the loopback has."""

    TEXT = 0
    DM = 1
    GROUP_DM = 3
    PUBLIC_THREAD = 11
    FORUM = 15


class InteractionType(IntEnum):
    """Kinds of interaction that the loopback has."""

    COMMAND = 2
    COMPONENT = 3


class Intent(IntFlag):
    """What a bot may ask the gateway for, as far as the loopback heeds it."""

    GUILDS = 1 << 0
    MEMBERS = 1 << 1
    PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_REACTIONS = 1 << 10
    GUILD_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED = Intent.MEMBERS | Intent.PRESENCES | Intent.MESSAGE_CONTENT


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on somebody's disk."""

    filename: str
    content: bytes

    @property
    def content_type(self) -> str:
        """Guess the type from the name, as Discord does."""
        return mimetypes.guess_type(self.filename)[0] or "application/octet-stream"

    @property
    def size(self) -> tuple[int, int] | None:
        """Measure a picture, in pixels; None for any other file."""
        return _size(self.content)


@functools.cache
def _size(content: bytes) -> tuple[int, int] | None:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.size
    except (UnidentifiedImageError, OSError):
        return None


@dataclass(eq=False, slots=True)
class User:
    """Somebody, or the bot."""

    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"

    @property
    def mention(self) -> str:
        """Write what people type to call this one."""
        return f"<@{self.id}>"


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Somebody of the team that owns the bot, or who is only asked to join it."""

    user: User
    role: str
    has_joined: bool = True


@dataclass(eq=False, repr=False, slots=True)
class Guild:
    """A server."""

    id: int
    name: str
    owner: User
    channels: dict[int, "Channel"] = field(default_factory=dict)
    threads: dict[int, "Channel"] = field(default_factory=dict)
    members: list[User] = field(default_factory=list)
    max_active_threads: int = 1000
    has_bot: bool = True
    """Where it is not a member, only those who installed it for themselves can use it."""

    def channel(self, name: str) -> "Channel":
        """Find a text channel by its name."""
        return next(each for each in self.channels.values() if each.name == name)


@dataclass(eq=False, repr=False, slots=True)
class Channel:
    """A text channel, a forum, a thread, a direct conversation or a group's without the bot."""

    id: int
    type: ChannelType
    name: str
    guild: Guild | None = None
    parent: "Channel | None" = None
    owner: User | None = None
    """Who opened the thread, or whom the bot talks to in private."""
    denied: set[str] = field(default_factory=set)
    """What the bot may not do here, by the names of `discord.Permissions`."""
    age_restricted: bool = False
    messages: dict[int, "Message"] = field(default_factory=dict)
    posted: list["Message"] = field(default_factory=list)
    """Each message that was ever posted here, those deleted since included."""
    typed_at: list[float] = field(default_factory=list)
    archived: bool = False
    auto_archive_minutes: int = 1440

    @property
    def is_thread(self) -> bool:
        """Tell whether this is a thread."""
        return self.type is ChannelType.PUBLIC_THREAD


@dataclass(eq=False, slots=True)
class Attachment:
    """A file that Discord keeps; each description of it has a newly signed address."""

    id: int
    upload: Upload
    path: str
    now: Callable[[], float]
    """Tells the wall-clock time, in seconds since 1970."""
    description: str | None = None
    ephemeral: bool = False


@dataclass(eq=False, slots=True)
class Message:
    """A message as it is now, and what it was before."""

    id: int
    channel: Channel
    author: User
    content: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    flags: int = 0
    type: int = 0
    nonce: str | None = None
    reply_to: "Message | None" = None
    forward_of: "Message | None" = None
    mentions: list[User] = field(default_factory=list)
    thread: Channel | None = None
    interaction: "Interaction | None" = None
    visible_to: User | None = None
    """Only this person sees it; None for everybody in the channel."""
    pings: set[str] = field(default_factory=set)
    """Whom posting it has pinged: names, and "everyone"."""
    past: list[str] = field(default_factory=list)
    """The texts that edits have replaced, oldest first."""
    edit_times: list[float] = field(default_factory=list)
    """When, in loop time."""
    reactions: dict[str, list[User]] = field(default_factory=dict)
    edited_at: float | None = None
    is_deleted: bool = False

    @property
    def is_loading(self) -> bool:
        """Tell whether people see 'thinking…'."""
        return bool(self.flags & LOADING)

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """List its buttons, wherever they sit."""
        return _buttons(self.components)

    @property
    def files(self) -> list[str]:
        """List the names of its files."""
        return [attachment.upload.filename for attachment in self.attachments]


@dataclass(eq=False, repr=False, slots=True)
class Interaction:
    """Something that a person did with a command, a menu or a button."""

    id: int
    token: str
    type: InteractionType
    user: User
    channel: Channel
    data: dict[str, Any]
    begun: float
    """Loop time, in seconds."""
    message: Message | None = None
    """The message whose button was clicked."""
    acknowledged_after: float | None = None
    original: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)

    @property
    def is_acknowledged(self) -> bool:
        """Tell whether the bot has answered or deferred."""
        return self.acknowledged_after is not None


def _buttons(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for component in components:
        if component["type"] == 2:
            found.append(component)
        inside = [*component.get("components", ()), component.get("accessory")]
        found += _buttons([part for part in inside if part])
    return found
