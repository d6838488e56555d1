"""/privacy and /forget-me: what is kept about people, and its end."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _T

from bot.commands.asking import everywhere
from bot.locales import say
from bot.locales import sentences as s
from bot.privacy import KEPT

if TYPE_CHECKING:
    from bot.client import VisionBot


@app_commands.command(description=_T("What I keep about you, where and for how long"))
@everywhere
async def privacy(interaction: "discord.Interaction[VisionBot]") -> None:
    """Say what is kept."""
    locale, days = str(interaction.locale), interaction.client.settings.audit_days
    kept = [each.sentence for each in KEPT if days or each.sentence != s.KEPT_AUDIT]
    text = "\n".join(
        [say(locale, s.PRIVACY), *(f"- {say(locale, sentence, days=days)}" for sentence in kept)]
    )
    await interaction.response.send_message(text, ephemeral=True)


@app_commands.command(name="forget-me", description=_T("Delete what I keep about you"))
@everywhere
async def forget_me(interaction: "discord.Interaction[VisionBot]") -> None:
    """Delete what is kept about a person, open questions included, and say what it was.

    How often one may ask is not lifted by it: the times of the last questions go by themselves.
    """
    await interaction.response.defer(ephemeral=True, thinking=True)
    bot, person = interaction.client, interaction.user.id
    questions = await bot.worker.forget(person)
    lines = bot.store.forget(person)
    await interaction.followup.send(
        say(str(interaction.locale), s.FORGOTTEN, questions=questions, lines=lines),
        ephemeral=True,
    )
