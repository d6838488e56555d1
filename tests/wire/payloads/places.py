"""Servers, channels and threads."""

from typing import Any

import discord

from tests.wire.model import Channel, ChannelType, Guild, Role, User
from tests.wire.payloads.people import Payload, member, user
from tests.wire.snowflakes import born, timestamp

ALL_BUT_ADMINISTRATOR = discord.Permissions(
    discord.Permissions.all().value & ~discord.Permissions(administrator=True).value
)
_NOTHING_OF: dict[str, Any] = {
    **dict.fromkeys(
        (
            "afk_channel_id",
            "application_id",
            "banner",
            "description",
            "discovery_splash",
            "hub_type",
            "icon",
            "incidents_data",
            "public_updates_channel_id",
            "rules_channel_id",
            "safety_alerts_channel_id",
            "splash",
            "system_channel_id",
            "vanity_url_code",
        )
    ),
    **{
        name: []
        for name in (
            "emojis",
            "features",
            "guild_scheduled_events",
            "presences",
            "soundboard_sounds",
            "stage_instances",
            "stickers",
            "voice_states",
        )
    },
    **dict.fromkeys(
        (
            "default_message_notifications",
            "explicit_content_filter",
            "mfa_level",
            "nsfw_level",
            "premium_tier",
            "system_channel_flags",
            "verification_level",
        ),
        0,
    ),
    "afk_timeout": 300,
    "premium_progress_bar_enabled": False,
}


_ONLY_TOLD_BY_EVENT = (
    "guild_scheduled_events",
    "hub_type",
    "presences",
    "soundboard_sounds",
    "stage_instances",
    "voice_states",
)


def guild(guild: Guild, bot: User) -> Payload:
    """Describe a server with its channels, as a bot learns of it."""
    everyone = _everyone(guild)
    return {
        **_NOTHING_OF,
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner.id),
        "roles": [everyone, *map(role, guild.roles.values())],
        "channels": [channel(each) for each in guild.channels.values()],
        "threads": [channel(each) for each in guild.threads.values() if not each.archived],
        "members": [member(bot, guild)],
        "member_count": len(guild.members),
        "large": False,
        "unavailable": False,
        "joined_at": timestamp(born(guild.id)),
        "preferred_locale": guild.locale,
        "system_channel_id": str(guild.system_channel.id) if guild.system_channel else None,
    }


def fetched_guild(guild: Guild) -> Payload:
    """Describe a server as REST does: without its channels and members."""
    return {
        **{name: value for name, value in _NOTHING_OF.items() if name not in _ONLY_TOLD_BY_EVENT},
        **dict.fromkeys(("home_header", "max_presences", "widget_channel_id")),
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner.id),
        "roles": [
            {**each, "icon": None, "unicode_emoji": None}
            for each in (_everyone(guild), *map(role, guild.roles.values()))
        ],
        "preferred_locale": guild.locale,
        "region": "deprecated",
        "max_members": 25_000_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "nsfw": False,
        "premium_subscription_count": 0,
        "widget_enabled": False,
    }


def own_guild(guild: Guild) -> Payload:
    """Describe a server in the list of the bot's own."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "banner": None,
        "owner": False,
        "permissions": str(_permitted(guild)),
        "features": [],
    }


def _everyone(guild: Guild) -> Payload:
    return _role(guild.id, "@everyone", _permitted(guild))


def _permitted(guild: Guild) -> int:
    return ALL_BUT_ADMINISTRATOR.value & ~bits(guild.denied)


def role(described: Role) -> Payload:
    """Describe a role."""
    payload = _role(described.id, described.name, 0)
    if described.bot:
        payload |= {"managed": True, "tags": {"bot_id": str(described.bot.id)}}
    return payload


def role_event(new: Role, guild: Guild) -> Payload:
    """Say which role is new in a server."""
    return {"guild_id": str(guild.id), "role": role(new)}


def channel(channel: Channel) -> Payload:
    """Describe a channel, a thread or a private conversation."""
    last = channel.last_message_id
    common: Payload = {
        "id": str(channel.id),
        "type": channel.type.value,
        "last_message_id": str(last) if last else None,
        "flags": 0,
    }
    if channel.type in (ChannelType.DM, ChannelType.GROUP_DM):
        assert channel.owner
        return {**common, "recipients": [user(channel.owner)]}
    assert channel.guild
    common |= {"name": channel.name, "guild_id": str(channel.guild.id)}
    if channel.is_thread:
        return {**common, **_thread(channel)}
    denied = bits(channel.denied)
    everyone = {"id": str(channel.guild.id), "type": 0, "allow": "0", "deny": str(denied)}
    if channel.type is ChannelType.FORUM:
        common |= {"available_tags": [], "default_forum_layout": 0}
        common |= dict.fromkeys(("default_reaction_emoji", "default_sort_order"))
    return {
        **common,
        "position": 0,
        "permission_overwrites": [everyone] if denied else [],
        "nsfw": channel.age_restricted,
        "rate_limit_per_user": 0,
        "topic": None,
    }


def thread_deletion(thread: Channel) -> Payload:
    """Say which thread is gone."""
    described = channel(thread)
    return {name: described[name] for name in ("id", "guild_id", "parent_id", "type")}


def bits(names: set[str]) -> int:
    """Write permissions, named as in `discord.Permissions`, as Discord does."""
    return discord.Permissions(**dict.fromkeys(names, True)).value


def _role(number: int, name: str, permissions: int) -> Payload:
    return {
        "id": str(number),
        "name": name,
        "permissions": str(permissions),
        "position": 0,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def _thread(thread: Channel) -> Payload:
    assert thread.parent
    assert thread.owner
    said = [message for message in thread.posted if not message.is_by_system]
    return {
        "parent_id": str(thread.parent.id),
        "owner_id": str(thread.owner.id),
        "message_count": sum(not message.is_deleted for message in said),
        "total_message_sent": len(said),
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
