"""What people do with commands, buttons and forms."""

import discord

from tests.wire.model import ChannelType, Interaction, User
from tests.wire.payloads.files import FILE_SIZE_LIMIT
from tests.wire.payloads.messages import message
from tests.wire.payloads.people import Payload, member, user
from tests.wire.payloads.places import ALL_BUT_ADMINISTRATOR, bits, channel


def interaction(interaction: Interaction, bot: User) -> Payload:
    """Describe what a person did."""
    where = channel(interaction.channel)
    rights = ALL_BUT_ADMINISTRATOR.value & ~bits(interaction.channel.denied)
    payload: Payload = {
        "id": str(interaction.id),
        "application_id": str(bot.id),
        "type": interaction.type.value,
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel": where,
        "channel_id": where["id"],
        "locale": interaction.user.locale,
        "app_permissions": str(rights),
        "attachment_size_limit": FILE_SIZE_LIMIT,
        "entitlements": [],
        "authorizing_integration_owners": _owners(interaction),
    }
    if interaction.message:
        payload["message"] = message(interaction.message)
    if guild := interaction.channel.guild:
        permissions = str(discord.Permissions.all().value)
        return payload | {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
            "guild_locale": guild.locale,
            "member": member(interaction.user, guild) | {"permissions": permissions},
            "context": 0,
        }
    is_group = interaction.channel.type is ChannelType.GROUP_DM
    return payload | {"user": user(interaction.user), "context": 2 if is_group else 1}


def _owners(interaction: Interaction) -> Payload:
    """Tell whose installation lets the bot be used here."""
    if interaction.is_by_user_install:
        return {"1": str(interaction.user.id)}
    guild = interaction.channel.guild
    return {"0": str(guild.id) if guild else "0"}
