"""The world as JSON, in the shapes that Discord sends."""

import hashlib
from collections.abc import Sequence
from typing import Any

import discord

from tests.wire.model import (
    EPHEMERAL,
    Attachment,
    Channel,
    ChannelType,
    Guild,
    Intent,
    Interaction,
    Message,
    TeamMember,
    User,
)
from tests.wire.snowflakes import born, timestamp

FILE_SIZE_LIMIT = 10 * 2**20
LINK_LIFE = 24 * 3600.0
"""Seconds that a signed link to a file works."""
CDN = "https://cdn.discordapp.com"
IMAGE_PROXY = "https://images-ext-1.discordapp.net"
PROXY = "https://media.discordapp.net"

Payload = dict[str, Any]


def user(person: User) -> Payload:
    """Describe somebody."""
    return {
        "id": str(person.id),
        "username": person.name,
        "global_name": None,
        "discriminator": "0",
        "avatar": None,
        "bot": person.bot,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def bot_itself(bot: User) -> Payload:
    """Describe the bot to itself."""
    about = {"mfa_enabled": False, "locale": bot.locale, "verified": True, "email": None}
    return user(bot) | about


def application(
    bot: User, owner: User, approved: Intent, team: Sequence[TeamMember] = ()
) -> Payload:
    """Describe the bot's application."""
    flags = application_flags(approved)
    return {
        "id": str(bot.id),
        "name": bot.name,
        "type": None,
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": user(owner),
        "team": _team(owner, team) if team else None,
        "flags": flags,
        "flags_new": str(flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
        "integration_types_config": {"0": {}, "1": {}},
    }


def _team(owner: User, members: Sequence[TeamMember]) -> Payload:
    return {
        "id": str(owner.id),
        "name": "Keepers",
        "icon": None,
        "owner_user_id": str(owner.id),
        "members": [
            {
                "user": user(member.user),
                "team_id": str(owner.id),
                "membership_state": 2 if member.has_joined else 1,
                "role": member.role,
                "permissions": ["*"],
            }
            for member in members
        ],
    }


def member(person: User) -> Payload:
    """Describe somebody as a member of a server."""
    return {
        "user": user(person),
        "roles": [],
        "flags": 0,
        "joined_at": timestamp(born(person.id)),
        "deaf": False,
        "mute": False,
        "permissions": str(discord.Permissions.all().value),
    }


def guild(guild: Guild, bot: User) -> Payload:
    """Describe a server with its channels, as a bot learns of it."""
    everyone = {
        "id": str(guild.id),
        "name": "@everyone",
        "permissions": str(_ALL_BUT_ADMINISTRATOR.value),
        "position": 0,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner.id),
        "roles": [everyone],
        "channels": [channel(each) for each in guild.channels.values()],
        "threads": [channel(each) for each in guild.threads.values() if not each.archived],
        "members": [member(bot)],
        "member_count": len(guild.members),
        "large": False,
        "unavailable": False,
        "joined_at": timestamp(born(guild.id)),
        "preferred_locale": "en-US",
        "features": [],
        "premium_tier": 0,
        "verification_level": 0,
        "emojis": [],
        "stickers": [],
    }


def application_flags(approved: Intent) -> int:
    """Write the privileged intents that are switched on as the application's flags."""
    return sum(flag for intent, flag in _LIMITED_FLAGS.items() if intent & approved)


def channel(channel: Channel) -> Payload:
    """Describe a channel, a thread or a private conversation."""
    common: Payload = {"id": str(channel.id), "type": channel.type.value}
    last = next(reversed(channel.messages), None)
    common["last_message_id"] = str(last) if last else None
    if channel.type in (ChannelType.DM, ChannelType.GROUP_DM):
        assert channel.owner
        return {**common, "recipients": [user(channel.owner)], "flags": 0}
    assert channel.guild
    common |= {"name": channel.name, "guild_id": str(channel.guild.id), "flags": 0}
    if channel.is_thread:
        return {**common, **_thread(channel)}
    denied = _bits(channel.denied)
    everyone = {"id": str(channel.guild.id), "type": 0, "allow": "0", "deny": str(denied)}
    return {
        **common,
        "position": 0,
        "permission_overwrites": [everyone] if denied else [],
        "nsfw": channel.age_restricted,
        "rate_limit_per_user": 0,
        "parent_id": None,
        "topic": None,
    }


def message(message: Message, *, full: bool = True) -> Payload:
    """Describe a message; what a bot without the content intent may not read is left empty."""
    readable = full or _is_open_to_bot(message)
    payload = _bare_message(message, readable=readable)
    if message.channel.guild:
        payload["guild_id"] = str(message.channel.guild.id)
        about = member(message.author)
        del about["user"]
        payload["member"] = about
    if message.reply_to:
        payload["message_reference"] = {
            "type": 0,
            "message_id": str(message.reply_to.id),
            "channel_id": str(message.reply_to.channel.id),
        }
        gone = message.reply_to.is_deleted
        payload["referenced_message"] = (
            None
            if gone
            else _bare_message(message.reply_to, readable=full or _is_open_to_bot(message.reply_to))
        )
    if message.forward_of:
        payload["message_reference"] = {
            "type": 1,
            "message_id": str(message.forward_of.id),
            "channel_id": str(message.forward_of.channel.id),
        }
        snapshot = _bare_message(message.forward_of, readable=readable)
        payload["message_snapshots"] = [{"message": {key: snapshot[key] for key in _SNAPSHOT}}]
    if message.interaction:
        payload |= _origin(message.interaction, message.author)
    if message.thread:
        payload["thread"] = channel(message.thread)
    return payload


def message_deletion(message: Message) -> Payload:
    """Say which message is gone."""
    payload = {"id": str(message.id), "channel_id": str(message.channel.id)}
    if message.channel.guild:
        payload["guild_id"] = str(message.channel.guild.id)
    return payload


def attachment(attachment: Attachment) -> Payload:
    """Describe a file with its signed addresses."""
    until = f"{int(attachment.now() + LINK_LIFE):x}"
    signed = f"{attachment.path}?ex={until}&is={until}&hm={seal(attachment.path, until)}&"
    payload: Payload = {
        "id": str(attachment.id),
        "filename": attachment.upload.filename,
        "size": len(attachment.upload.content),
        "url": CDN + signed,
        "proxy_url": PROXY + signed,
        "content_type": attachment.upload.content_type,
    }
    if attachment.upload.size:
        payload["width"], payload["height"] = attachment.upload.size
    if attachment.description:
        payload["description"] = attachment.description
    if attachment.ephemeral:
        payload["ephemeral"] = True
    return payload


def picture_embed(link: str, copy: Attachment) -> Payload:
    """Describe a stranger's picture of which Discord keeps a copy."""
    width, height = copy.upload.size or (0, 0)
    thumbnail = {
        "url": link,
        "proxy_url": IMAGE_PROXY + copy.path,
        "width": width,
        "height": height,
    }
    return {"type": "image", "url": link, "thumbnail": thumbnail}


def seal(path: str, until: str) -> str:
    """Sign a file's address until a time, which is written in hexadecimal."""
    return hashlib.sha256(f"{path} {until}".encode()).hexdigest()


def reaction(message: Message, emoji: str, person: User) -> Payload:
    """Say who has put what under which message."""
    payload = {
        "user_id": str(person.id),
        "channel_id": str(message.channel.id),
        "message_id": str(message.id),
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
    }
    if message.channel.guild:
        payload["guild_id"] = str(message.channel.guild.id)
    return payload


def interaction(interaction: Interaction, bot: User) -> Payload:
    """Describe what a person did."""
    where = channel(interaction.channel)
    rights = _ALL_BUT_ADMINISTRATOR.value & ~_bits(interaction.channel.denied)
    payload: Payload = {
        "id": str(interaction.id),
        "application_id": str(bot.id),
        "type": interaction.type.value,
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel": {**where, "permissions": str(discord.Permissions.all().value)},
        "channel_id": where["id"],
        "locale": interaction.user.locale,
        "app_permissions": str(rights),
        "attachment_size_limit": FILE_SIZE_LIMIT,
        "entitlements": [],
    }
    if interaction.message:
        payload["message"] = message(interaction.message)
    if guild := interaction.channel.guild:
        return payload | {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "member": member(interaction.user),
            "context": 0,
            "authorizing_integration_owners": (
                {"0": str(guild.id)} if guild.has_bot else {"1": str(interaction.user.id)}
            ),
        }
    return payload | {
        "user": user(interaction.user),
        "context": 2 if interaction.channel.type is ChannelType.GROUP_DM else 1,
        "authorizing_integration_owners": {"0": "0"},
    }


_LIMITED_FLAGS = {
    Intent.PRESENCES: 1 << 13,
    Intent.MEMBERS: 1 << 15,
    Intent.MESSAGE_CONTENT: 1 << 19,
}
_ALL_BUT_ADMINISTRATOR = discord.Permissions(
    discord.Permissions.all().value & ~discord.Permissions(administrator=True).value
)
_SNAPSHOT = (
    "type", "content", "embeds", "attachments", "timestamp", "edited_timestamp", "flags",
    "mentions", "mention_roles", "components",
)  # fmt: skip


def _bits(names: set[str]) -> int:
    return discord.Permissions(**dict.fromkeys(names, True)).value


def _thread(thread: Channel) -> Payload:
    assert thread.parent
    assert thread.owner
    return {
        "parent_id": str(thread.parent.id),
        "owner_id": str(thread.owner.id),
        "message_count": len(thread.messages),
        "total_message_sent": len(thread.posted),
        "member_count": 1,
        "rate_limit_per_user": 0,
        "thread_metadata": {
            "archived": thread.archived,
            "auto_archive_duration": thread.auto_archive_minutes,
            "archive_timestamp": timestamp(born(thread.id)),
            "create_timestamp": timestamp(born(thread.id)),
            "locked": False,
        },
    }


def _bare_message(message: Message, *, readable: bool) -> Payload:
    payload: Payload = {
        "id": str(message.id),
        "channel_id": str(message.channel.id),
        "author": user(message.author),
        "type": message.type,
        "content": message.content if readable else "",
        "attachments": [attachment(each) for each in message.attachments] if readable else [],
        "embeds": message.embeds if readable else [],
        "components": message.components if readable else [],
        "mentions": [user(each) for each in message.mentions],
        "mention_roles": [],
        "mention_everyone": "everyone" in message.pings,
        "timestamp": timestamp(born(message.id)),
        "edited_timestamp": timestamp(message.edited_at) if message.edited_at else None,
        "flags": message.flags | (EPHEMERAL if message.visible_to else 0),
        "pinned": False,
        "tts": False,
    }
    if message.nonce:
        payload["nonce"] = message.nonce
    if message.reactions:
        payload["reactions"] = [_tally(*each) for each in message.reactions.items()]
    return payload


def _tally(emoji: str, users: list[User]) -> Payload:
    return {
        "emoji": {"id": None, "name": emoji},
        "count": len(users),
        "count_details": {"normal": len(users), "burst": 0},
        "burst_colors": [],
        "me_burst": False,
        "burst_me": False,
        "burst_count": 0,
        "me": any(user.bot for user in users),
    }


def _origin(interaction: Interaction, bot: User) -> Payload:
    metadata: Payload = {
        "id": str(interaction.id),
        "type": interaction.type.value,
        "user": user(interaction.user),
        "authorizing_integration_owners": {},
    }
    if interaction.message:
        metadata["interacted_message_id"] = str(interaction.message.id)
    return {
        "application_id": str(bot.id),
        "webhook_id": str(bot.id),
        "interaction_metadata": metadata,
    }


def _is_open_to_bot(message: Message) -> bool:
    """Without the content intent a bot reads its own, direct, and messages that mention it."""
    return (
        message.author.bot
        or message.channel.type is ChannelType.DM
        or any(user.bot for user in message.mentions)
    )
