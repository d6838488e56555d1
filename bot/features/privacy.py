"""/privacy and /forget-me: what is kept about people, and its end."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _T
from discord.ext import commands

from bot.desk import Desk
from bot.features.asking import everywhere
from bot.locales import say
from bot.locales import sentences as s

KEPT = (
    s.KEPT_QUESTION,
    s.KEPT_PICTURES,
    s.KEPT_DAMAGED,
    s.KEPT_HEARD,
    s.KEPT_CONVERSATION,
    s.KEPT_COUNTS,
    s.KEPT_FACTS,
    s.KEPT_MODEL,
    s.KEPT_TIMES,
    s.KEPT_LOG,
)
"""What is kept, where and for how long, a sentence each."""


class Privacy(commands.Cog):
    """What everybody may know and end."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @app_commands.command(description=_T("What I keep about you, where and for how long"))
    @everywhere
    async def privacy(self, interaction: discord.Interaction[Any]) -> None:
        """Say what is kept."""
        locale = str(interaction.locale)
        lines = [say(locale, s.PRIVACY), *(f"- {say(locale, sentence)}" for sentence in KEPT)]
        await interaction.response.send_message("\n".join(lines), ephemeral=True)

    @app_commands.command(name="forget-me", description=_T("Delete what I keep about you"))
    @everywhere
    async def forget_me(self, interaction: discord.Interaction[Any]) -> None:
        """Delete what is kept about a person, open questions included, and say what it was.

        How often one may ask is not lifted by it: the times of the last questions go by themselves.
        """
        await interaction.response.defer(ephemeral=True, thinking=True)
        questions = await self._desk.forget(interaction.user.id)
        sentence = say(str(interaction.locale), s.FORGOTTEN, questions=questions)
        await interaction.followup.send(sentence, ephemeral=True)
