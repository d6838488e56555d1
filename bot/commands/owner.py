"""/pause and /resume, for the person who runs the bot."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _T

from bot.commands.asking import everywhere
from bot.locales import say
from bot.locales import sentences as s

if TYPE_CHECKING:
    from bot.client import VisionBot


@app_commands.command(description=_T("Take no new questions (owner only)"))
@app_commands.default_permissions(administrator=True)
@everywhere
async def pause(interaction: "discord.Interaction[VisionBot]") -> None:
    """Take no new questions; what waits is still answered."""
    await _close(interaction, s.PAUSED, s.PAUSE_DONE)


@app_commands.command(description=_T("Take questions again (owner only)"))
@app_commands.default_permissions(administrator=True)
@everywhere
async def resume(interaction: "discord.Interaction[VisionBot]") -> None:
    """Take questions again."""
    await _close(interaction, None, s.RESUME_DONE)


async def _close(
    interaction: "discord.Interaction[VisionBot]", closed: str | None, done: str
) -> None:
    allowed = interaction.client.is_owned_by(interaction.user)
    if allowed:
        interaction.client.admission.closed = closed
    await interaction.response.send_message(
        say(str(interaction.locale), done if allowed else s.OWNER_ONLY), ephemeral=True
    )
