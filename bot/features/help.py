"""/help: every way to ask, as the table of verbs has it."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _T
from discord.ext import commands

from bot.features.asking import everywhere
from bot.features.look import VERBS
from bot.locales import say
from bot.locales import sentences as s


class Help(commands.Cog):
    """Tells people what they can ask, and how."""

    @app_commands.command(description=_T("What I can do, and how to ask me"))
    @everywhere
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        """Say what can be asked, for the asker's eyes only."""
        await interaction.response.send_message(
            ways_to_ask(str(interaction.locale)), ephemeral=True
        )


def ways_to_ask(locale: str) -> str:
    """List every way to ask, a line each; what stands between words is the same in any language."""
    menus = " · ".join(f"*{say(locale, verb.menu.message)}*" for verb in VERBS if verb.menu)
    lines = [
        say(locale, s.HELP),
        *(f"- **/{verb.name}** – {say(locale, verb.description.message)}" for verb in VERBS),
        f"- {say(locale, s.HELP_MENU, menus=menus)}",
        f"- {say(locale, s.HELP_MENTION)}",
        f"- {say(locale, s.HELP_BUTTONS)}",
        f"- {say(locale, s.HELP_CONVERSATION)}",
        f"- {say(locale, s.HELP_PRIVACY)}",
    ]
    return "\n".join(lines)
