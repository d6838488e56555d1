"""/moderators: where reports about answers go, as each server chooses."""

from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import app_commands
from discord.app_commands import locale_str as _T

from bot.locales import say
from bot.locales import sentences as s
from bot.replies.report import choose_moderators

if TYPE_CHECKING:
    from bot.client import VisionBot


@app_commands.command(description=_T("Choose the channel that hears about reported answers"))
@app_commands.describe(channel=_T("The moderators' channel; leave it out for no reports"))
@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def moderators(
    interaction: "discord.Interaction[VisionBot]", channel: discord.TextChannel | None = None
) -> None:
    """Choose the moderators' channel of a server, if one may manage it."""
    await interaction.response.defer(ephemeral=True)
    sentence = await _choose(interaction, channel)
    await interaction.followup.send(say(str(interaction.locale), sentence), ephemeral=True)


async def _choose(
    interaction: "discord.Interaction[VisionBot]", channel: discord.TextChannel | None
) -> str:
    assert interaction.guild_id is not None, "offered in servers only"
    if not interaction.permissions.manage_guild:
        return s.MANAGERS_ONLY
    if channel is None:
        choose_moderators(interaction.client.store, interaction.guild_id, None)
        return s.REPORTS_OFF
    try:
        await channel.send(
            say(str(interaction.guild_locale or interaction.locale), s.REPORTS_ARRIVE_HERE)
        )
    except (discord.HTTPException, aiohttp.ClientError, OSError):
        return s.CANNOT_WRITE_THERE
    choose_moderators(interaction.client.store, interaction.guild_id, channel.id)
    return s.REPORTS_ON
