"""All that is in the loopback Discord, and what can be done in it."""

import asyncio
import itertools
import re
import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from tests.wire import payloads
from tests.wire.clock import wall
from tests.wire.model import (
    HAS_THREAD,
    THREAD_CREATED,
    THREAD_STARTER,
    Attachment,
    Channel,
    ChannelType,
    Guild,
    Intent,
    Interaction,
    InteractionType,
    Message,
    Role,
    Sticker,
    TeamMember,
    Upload,
    User,
)
from tests.wire.snowflakes import born, snowflake

GIF_STICKER = 4
NONCE_LIFE = 180.0
"""Seconds for which Discord remembers a nonce ("a few minutes")."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the gateway tells a bot."""

    name: str
    intent: Intent
    guild: Guild | None
    describe: Callable[[bool], dict[str, Any]]
    """Makes the payload, given whether the receiver may read message content."""


class World:
    """People, servers and messages; tells its listeners of each change."""

    def __init__(self, *, token: str = "loopback.bot.token") -> None:
        self.token = token
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.users: dict[int, User] = {}
        self.attachments: dict[str, Attachment] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: list[dict[str, Any]] = []
        self.command_syncs = 0
        self.approved_intents = Intent(0)
        """Privileged intents that are switched on in the developer portal."""
        self.lets_itself_be_edited = True
        """Whether the application's token may change the application."""
        self.says_where = True
        """Whether an interaction names its channel, which Discord need not."""
        self.listeners: list[Callable[[Event], None]] = []
        self.changed = asyncio.Event()
        self._counter = itertools.count(1)
        self.bot = self.user("Phi", bot=True)
        self.bot.is_logged_in = True
        self.bot_owner = self.user("operator")
        self.team: list[TeamMember] = []
        """Who owns the bot together with its owner."""

    def now(self) -> float:
        """Tell the wall-clock time in this world, in seconds since 1970."""
        return wall()

    def snowflake(self) -> int:
        """Make a new id."""
        return snowflake(self.now(), next(self._counter))

    def user(self, name: str, *, bot: bool = False, locale: str = "en-US") -> User:
        """Let somebody join Discord."""
        user = User(self.snowflake(), name, bot, locale)
        self.users[user.id] = user
        return user

    def guild(
        self,
        name: str,
        *channels: str,
        has_bot: bool = True,
        locale: str = "en-US",
        welcomes: bool = False,
        denied: Collection[str] = (),
    ) -> Guild:
        """Found a server with text channels; where it welcomes newcomers, it does so in the first.

        What is denied there is named as in `discord.Permissions`.
        """
        members = [self.bot_owner, self.bot] if has_bot else [self.bot_owner]
        guild = Guild(self.snowflake(), name, self.bot_owner, members=members, locale=locale)
        guild.has_bot = has_bot
        guild.denied |= {*denied}
        self.guilds[guild.id] = guild
        if has_bot:
            self._role(guild, self.bot.name, self.bot)
        for channel in channels or ("general",):
            self.text_channel(guild, channel)
        if welcomes:
            guild.system_channel = next(iter(guild.channels.values()))
        joined = payloads.guild(guild, self.bot)
        del joined["unavailable"]  # by that, discord.py tells a server that is new
        self._tell("GUILD_CREATE", Intent.GUILDS, guild, joined)
        return guild

    def role(self, guild: Guild, name: str, *members: User) -> Role:
        """Add a role to a server, and give it to some."""
        role = self._role(guild, name, None, *members)
        self._tell("GUILD_ROLE_CREATE", Intent.GUILDS, guild, payloads.role_event(role, guild))
        return role

    def _role(self, guild: Guild, name: str, bot: User | None, *members: User) -> Role:
        role = Role(self.snowflake(), name, [bot] if bot else list(members), bot)
        guild.roles[role.id] = role
        return role

    def text_channel(self, guild: Guild, name: str) -> Channel:
        """Add a text channel to a server."""
        return self._channel(guild, name, ChannelType.TEXT)

    def forum(self, guild: Guild, name: str) -> Channel:
        """Add a forum to a server, each post of which is a thread."""
        return self._channel(guild, name, ChannelType.FORUM)

    def _channel(self, guild: Guild, name: str, kind: ChannelType) -> Channel:
        channel = Channel(self.snowflake(), kind, name, guild)
        self.channels[channel.id] = guild.channels[channel.id] = channel
        self._tell("CHANNEL_CREATE", Intent.GUILDS, guild, payloads.channel(channel))
        return channel

    def direct_channel(self, user: User) -> Channel:
        """Find or open the private conversation between the bot and a person."""
        for channel in self.channels.values():
            if channel.type is ChannelType.DM and channel.owner is user:
                return channel
        channel = Channel(self.snowflake(), ChannelType.DM, user.name, owner=user)
        self.channels[channel.id] = channel
        return channel

    def group_channel(self, owner: User) -> Channel:
        """Open a group's private conversation: whoever has installed the bot can use it there."""
        channel = Channel(self.snowflake(), ChannelType.GROUP_DM, "group", owner=owner)
        channel.denied.add("view_channel")
        self.channels[channel.id] = channel
        return channel

    def open_thread(
        self,
        parent: Channel,
        name: str,
        owner: User,
        message: Message | None = None,
        kind: ChannelType = ChannelType.PUBLIC_THREAD,
    ) -> Channel:
        """Open a thread, on a message where one is given."""
        number = message.id if message else self.snowflake()
        thread = Channel(number, kind, name, parent.guild, parent, owner, parent.denied)
        assert parent.guild is not None
        self.channels[thread.id] = parent.guild.threads[thread.id] = thread
        newly_created = payloads.channel(thread) | {"newly_created": True}
        self._tell("THREAD_CREATE", Intent.GUILDS, parent.guild, newly_created)
        if message:
            message.thread = thread
            message.flags |= HAS_THREAD
            self._tell_of_message("MESSAGE_UPDATE", message)
        if parent.type is not ChannelType.FORUM and kind is ChannelType.PUBLIC_THREAD:
            self._note_thread(thread, message)
        return thread

    def _note_thread(self, thread: Channel, message: Message | None) -> None:
        """Let Discord itself say that there is a thread: in it, or where it hangs on nothing."""
        assert thread.owner is not None
        assert thread.parent is not None
        place = thread if message else thread.parent
        note = Message(
            self.snowflake(),
            place,
            thread.owner,
            "" if message else thread.name,
            type=THREAD_STARTER if message else THREAD_CREATED,
            reply_to=message,
            thread=thread,
        )
        place.messages[note.id] = note
        self._tell_of_message("MESSAGE_CREATE", note)

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel with its threads, or a thread, with all that was said in it."""
        guild = channel.guild
        assert guild is not None
        if channel.is_thread:
            gone, payload = [channel], payloads.thread_deletion(channel)
            self._tell("THREAD_DELETE", Intent.GUILDS, guild, payload)
        else:
            gone = [channel, *(each for each in guild.threads.values() if each.parent is channel)]
            self._tell("CHANNEL_DELETE", Intent.GUILDS, guild, payloads.channel(channel))
        for place in gone:
            self._forget(place)
            (guild.threads if place.is_thread else guild.channels).pop(place.id)

    def delete_guild(self, guild: Guild) -> None:
        """Delete a server, or throw the bot out of it."""
        for channel in [*guild.channels.values(), *guild.threads.values()]:
            self._forget(channel)
        del self.guilds[guild.id]
        self._tell("GUILD_DELETE", Intent.GUILDS, guild, {"id": str(guild.id)})

    def _forget(self, channel: Channel) -> None:
        del self.channels[channel.id]
        for message in channel.messages.values():
            self._lose(message)

    def update_channel(self, channel: Channel) -> None:
        """Tell that a channel's name, rights or archive state have changed."""
        name = "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE"
        self._tell(name, Intent.GUILDS, channel.guild, payloads.channel(channel))

    def forbid(self, channel: Channel, *permissions: str) -> None:
        """Take rights from the bot in a channel, by the names of `discord.Permissions`."""
        channel.denied |= set(permissions)
        self.update_channel(channel)

    def restrict(self, guild: Guild, *permissions: str) -> None:
        """Take rights from everybody in a server and each of its channels."""
        guild.denied |= set(permissions)
        for channel in guild.channels.values():
            self.forbid(channel, *permissions)

    def allow(self, channel: Channel, *permissions: str) -> None:
        """Give rights back to the bot in a channel."""
        channel.denied -= set(permissions)
        self.update_channel(channel)

    def keep(self, upload: Upload, channel: Channel, *, ephemeral: bool = False) -> Attachment:
        """Take a file into Discord's store."""
        number = self.snowflake()
        folder = "ephemeral-attachments" if ephemeral else "attachments"
        path = f"/{folder}/{channel.id}/{number}/{upload.filename}"
        attachment = Attachment(number, upload, path, self.now, ephemeral=ephemeral)
        self.attachments[path] = attachment
        return attachment

    def sticker(self, name: str, upload: Upload, *, kind: int = 1) -> Sticker:
        """Put a picture into the drawer of stickers."""
        sticker = Sticker(self.snowflake(), name, kind)
        path = f"/stickers/{sticker.id}.{'gif' if kind == GIF_STICKER else 'png'}"
        self.attachments[path] = Attachment(sticker.id, upload, path, self.now)
        return sticker

    def portray(self, user: User, upload: Upload) -> None:
        """Give somebody a picture by which others know them."""
        user.avatar = f"{self.snowflake():032x}"
        path = f"/avatars/{user.id}/{user.avatar}.png"
        self.attachments[path] = Attachment(self.snowflake(), upload, path, self.now)

    def embed(self, link: str, upload: Upload) -> dict[str, Any]:
        """Embed the picture at a stranger's link, as Discord does through its own proxy."""
        path = f"/external/{self.snowflake()}/{link.replace('://', '/')}"
        self.attachments[path] = Attachment(self.snowflake(), upload, path, self.now)
        return payloads.picture_embed(link, self.attachments[path])

    def gallery(self, channel: Channel, *uploads: Upload, spoiler: bool = False) -> dict[str, Any]:
        """Show pictures in a component, as messages of the newer kind do instead of files."""
        return payloads.gallery(*(self.keep(each, channel) for each in uploads), spoiler=spoiler)

    def section(self, channel: Channel, upload: Upload) -> dict[str, Any]:
        """Show a picture beside some words, in a component."""
        return payloads.thumbnail(self.keep(upload, channel))

    def file(self, channel: Channel, upload: Upload) -> dict[str, Any]:
        """Show a file in a component."""
        return payloads.file_shown(self.keep(upload, channel))

    def preview(self, link: str, upload: Upload) -> dict[str, Any]:
        """Embed a stranger's page together with the picture that it shows of itself."""
        path = f"/external/{self.snowflake()}/{link.replace('://', '/')}/preview.png"
        self.attachments[path] = Attachment(self.snowflake(), upload, path, self.now)
        return payloads.preview_embed(link, self.attachments[path])

    def post(self, message: Message) -> Message:
        """Put a message into its channel."""
        channel = message.channel
        channel.messages[message.id] = message
        channel.posted.append(message)
        if channel.archived:
            channel.archived = False
            self.update_channel(channel)
        self._tell_of_message("MESSAGE_CREATE", message)
        return message

    def edited(self, message: Message, content_before: str) -> None:
        """Tell that a message has changed."""
        message.past.append(content_before)
        message.edited_at = self.now()
        message.edit_times.append(asyncio.get_running_loop().time())
        self._tell_of_message("MESSAGE_UPDATE", message)

    def unfurl(self, message: Message, *embeds: dict[str, Any]) -> None:
        """Embed what a message links to, some time after it was posted."""
        message.embeds += embeds
        self._tell_of_message("MESSAGE_UPDATE", message, embedded=False)

    def delete_message(self, message: Message) -> None:
        """Delete a message."""
        del message.channel.messages[message.id]
        self._lose(message)
        if message.visible_to:
            self.notify()
            return
        payload = payloads.message_deletion(message)
        self._tell("MESSAGE_DELETE", *_audience(message.channel), payload)

    def delete_messages(self, *messages: Message) -> None:
        """Delete several messages of a channel at once, as moderators do."""
        for message in messages:
            del message.channel.messages[message.id]
            self._lose(message)
        payload = payloads.messages_deletion(messages)
        self._tell("MESSAGE_DELETE_BULK", *_audience(messages[0].channel), payload)

    def _lose(self, message: Message) -> None:
        """Delete a message's files, too."""
        message.is_deleted = True
        self.lose(message.attachments)

    def lose(self, attachments: Iterable[Attachment]) -> None:
        """Delete files that no message has any more."""
        for attachment in attachments:
            self.attachments.pop(attachment.path, None)

    def message_with_nonce(self, channel: Channel, author: User, nonce: str) -> Message | None:
        """Find what the same author has posted under a nonce in the last minutes."""
        earliest = self.now() - NONCE_LIFE
        for message in reversed(channel.posted):
            if born(message.id) < earliest:
                return None
            if message.author is author and message.nonce == nonce:
                return message
        return None

    def react(self, message: Message, emoji: str, user: User) -> None:
        """Put a reaction under a message."""
        users = message.reactions.setdefault(emoji, [])
        if user not in users:
            users.append(user)
        self._tell(
            "MESSAGE_REACTION_ADD",
            Intent.GUILD_REACTIONS,
            message.channel.guild,
            payloads.reaction(message, emoji, user),
        )

    def types(self, channel: Channel) -> None:
        """Note that the bot is typing."""
        channel.typed_at.append(asyncio.get_running_loop().time())
        self.notify()

    def interact(
        self,
        kind: InteractionType,
        user: User,
        channel: Channel,
        data: dict[str, Any],
        message: Message | None = None,
        form: Interaction | None = None,
    ) -> Interaction:
        """Let a person use a command, a menu, a button or a form."""
        interaction = Interaction(
            self.snowflake(),
            secrets.token_urlsafe(48),
            kind,
            user,
            channel,
            data,
            asyncio.get_running_loop().time(),
            message,
            form=form,
        )
        self.interactions[interaction.token] = interaction
        payload = payloads.interaction(interaction, self.bot)
        if not self.says_where:
            del payload["channel"], payload["channel_id"]
        self._tell("INTERACTION_CREATE", Intent(0), channel.guild, payload)
        return interaction

    def mentioned(self, content: str) -> list[User]:
        """List whom a text mentions."""
        numbers = dict.fromkeys(int(number) for number in re.findall(r"<@!?(\d+)>", content))
        return [self.users[number] for number in numbers if number in self.users]

    def mentioned_roles(self, guild: Guild | None, content: str) -> list[Role]:
        """List which of a server's roles a text mentions."""
        numbers = dict.fromkeys(int(number) for number in re.findall(r"<@&(\d+)>", content))
        return [guild.roles[number] for number in numbers if guild and number in guild.roles]

    def notify(self) -> None:
        """Wake those who wait for a change."""
        self.changed.set()
        self.changed = asyncio.Event()

    def _tell(
        self, name: str, intent: Intent, guild: Guild | None, payload: dict[str, Any]
    ) -> None:
        self._emit(Event(name, intent, guild, lambda _: payload))

    def _tell_of_message(self, name: str, message: Message, *, embedded: bool = True) -> None:
        if message.visible_to:
            self.notify()
            return
        intent, guild = _audience(message.channel)

        def describe(full: bool) -> dict[str, Any]:
            return payloads.message_event(message, full=full, embedded=embedded)

        self._emit(Event(name, intent, guild, describe))

    def _emit(self, event: Event) -> None:
        if event.name == "INTERACTION_CREATE" or not event.guild or event.guild.has_bot:
            for listener in self.listeners:
                listener(event)
        self.notify()


def _audience(channel: Channel) -> tuple[Intent, Guild | None]:
    """Tell who hears of a channel's messages."""
    return Intent.GUILD_MESSAGES if channel.guild else Intent.DIRECT_MESSAGES, channel.guild
