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
COMPONENTS_V2 = 1 << 15

DEFAULT, THREAD_CREATED, REPLY, COMMAND_ANSWER, THREAD_STARTER, MENU_ANSWER = 0, 18, 19, 20, 21, 23


class ChannelType(IntEnum):
    """Kinds of channel that the loopback has."""

    TEXT = 0
    DM = 1
    GROUP_DM = 3
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


class InteractionType(IntEnum):
    """Kinds of interaction that the loopback has."""

    COMMAND = 2
    COMPONENT = 3
    MODAL_SUBMIT = 5


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
    stated_type: str | None = "by name"
    """What Discord says of its type: at times nothing."""

    @property
    def content_type(self) -> str | None:
        """Guess the type from the name, as Discord does."""
        if self.stated_type != "by name":
            return self.stated_type
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
    is_logged_in: bool = False
    """It is the bot that is tried here, and no other."""
    avatar: str | None = None
    """The hash under which Discord keeps its picture."""

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


@dataclass(eq=False, slots=True)
class Role:
    """What some members of a server are; a managed one came with a bot."""

    id: int
    name: str
    members: list[User] = field(default_factory=list)
    bot: User | None = None
    """The bot that it came with, and belongs to alone."""

    @property
    def mention(self) -> str:
        """Write what people type to call all who have it."""
        return f"<@&{self.id}>"


@dataclass(eq=False, repr=False, slots=True)
class Guild:
    """A server."""

    id: int
    name: str
    owner: User
    channels: dict[int, "Channel"] = field(default_factory=dict)
    threads: dict[int, "Channel"] = field(default_factory=dict)
    members: list[User] = field(default_factory=list)
    roles: dict[int, Role] = field(default_factory=dict)
    locale: str = "en-US"
    blocked_words: set[str] = field(default_factory=set)
    """What its AutoMod lets nobody write."""
    denied: set[str] = field(default_factory=set)
    """What nobody may do here, by the names of `discord.Permissions`."""
    hides_external_apps: bool = False
    """Whether only the asker sees what an app says that people have installed for themselves."""
    system_channel: "Channel | None" = None
    """Where newcomers are welcomed."""
    max_active_threads: int = 1000
    commands: list[dict[str, Any]] = field(default_factory=list)
    """What is offered here alone."""
    has_bot: bool = True
    """Where it is not a member, only those who installed it for themselves can use it."""

    def channel(self, name: str) -> "Channel":
        """Find a text channel by its name."""
        return next(each for each in self.channels.values() if each.name == name)

    def roles_of(self, user: User) -> list[Role]:
        """List the roles of a member."""
        return [role for role in self.roles.values() if user in role.members]


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
    """What the bot may not do here, by the names of `discord.Permissions`; a thread's parent's."""
    age_restricted: bool = False
    messages: dict[int, "Message"] = field(default_factory=dict)
    posted: list["Message"] = field(default_factory=list)
    """Each message that was ever posted here, those deleted since included."""
    typed_at: list[float] = field(default_factory=list)
    let_in: list[User] = field(default_factory=list)
    """Who was added to a thread by name: of a private one, nobody else reads it."""
    archived: bool = False
    auto_archive_minutes: int = 1440

    @property
    def of_the_bot(self) -> list["Message"]:
        """List what stands here of the bot, without what Discord tells in its name."""
        said = self.messages.values()
        return [each for each in said if each.author.is_logged_in and not each.is_by_system]

    @property
    def is_thread(self) -> bool:
        """Tell whether this is a thread."""
        return self.type in (ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD)

    @property
    def last_message_id(self) -> int | None:
        """Tell the id of what was last posted, whatever has become of it."""
        said = [*self.posted, *self.messages.values()]
        return max((each.id for each in said if not each.visible_to), default=None)


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
class Sticker:
    """A picture that people post out of a drawer."""

    id: int
    name: str
    kind: int = 1
    """1 PNG, 2 APNG, 3 Lottie, 4 GIF."""


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
    role_mentions: list[Role] = field(default_factory=list)
    stickers: list[Sticker] = field(default_factory=list)
    webhook: User | None = None
    """The webhook that has posted it in its author's name."""
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
    def is_by_system(self) -> bool:
        """Tell whether Discord itself wrote it, about a thread."""
        return self.type in (THREAD_CREATED, THREAD_STARTER)

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """List its buttons, wherever they sit."""
        return _of_kinds(self.components, _BUTTON)

    @property
    def selects(self) -> list[dict[str, Any]]:
        """List what can be picked from, wherever it sits."""
        return _of_kinds(self.components, *SELECTS)

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
    """The message whose button was clicked, for a form: under which it was opened."""
    modal: dict[str, Any] | None = None
    """The form that the bot has shown."""
    form: "Interaction | None" = None
    """What has shown the form that is sent off with this."""
    acknowledged_after: float | None = None
    original: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)

    @property
    def is_acknowledged(self) -> bool:
        """Tell whether the bot has answered or deferred."""
        return self.acknowledged_after is not None

    @property
    def is_by_user_install(self) -> bool:
        """Tell whether the bot can be used here only because the person has installed it."""
        guild = self.channel.guild
        return not guild.has_bot if guild else self.channel.type is ChannelType.GROUP_DM


_BUTTON = 2
SELECTS = (3, 5, 6, 7, 8)


def _of_kinds(components: list[dict[str, Any]], *kinds: int) -> list[dict[str, Any]]:
    found = []
    for component in components:
        if component["type"] in kinds:
            found.append(component)
        inside = [*component.get("components", ()), component.get("accessory")]
        found += _of_kinds([part for part in inside if part], *kinds)
    return found
