"""/pause, /resume and /status, for the person who runs the bot."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _T

from bot.commands.asking import everywhere
from bot.jobs.store import Count
from bot.locales import say
from bot.locales import sentences as s
from bot.replies.escape import fence

if TYPE_CHECKING:
    from bot.client import VisionBot

MOST_LINES = 30
"""As many fit into a message."""


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


@app_commands.command(description=_T("How many ask for what, and how it ends (owner only)"))
@app_commands.default_permissions(administrator=True)
@everywhere
async def status(interaction: "discord.Interaction[VisionBot]") -> None:
    """Show the open questions and the counts of those that have ended."""
    bot, locale = interaction.client, str(interaction.locale)
    counts = bot.store.counts()
    sentence = say(locale, s.STATUS if counts else s.NOTHING_COUNTED, open=bot.worker.open_jobs)
    allowed = bot.is_owned_by(interaction.user)
    await interaction.response.send_message(
        f"{sentence}\n{_table(counts)}" if allowed else say(locale, s.OWNER_ONLY), ephemeral=True
    )


def _table(counts: list[Count]) -> str:
    lines = [
        f"{count.task:<9}{count.outcome:<22}{count.today:>7,}{count.week:>9,}{count.quarter:>10,}"
        for count in counts[:MOST_LINES]
    ]
    return fence("\n".join(lines)) if lines else ""


async def _close(
    interaction: "discord.Interaction[VisionBot]", closed: str | None, done: str
) -> None:
    allowed = interaction.client.is_owned_by(interaction.user)
    if allowed:
        interaction.client.admission.closed = closed
    await interaction.response.send_message(
        say(str(interaction.locale), done if allowed else s.OWNER_ONLY), ephemeral=True
    )
