"""/table: the table or chart in a picture, as CSV."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _T

from bot.commands.asking import ask, everywhere

if TYPE_CHECKING:
    from bot.client import VisionBot


@app_commands.command(description=_T("Copy a table or chart out of a picture, as CSV"))
@app_commands.describe(image=_T("The picture"))
@everywhere
async def table(interaction: "discord.Interaction[VisionBot]", image: discord.Attachment) -> None:
    """Copy a table, or the values of a chart, out of a picture."""
    await ask(interaction, "table", [image.url])
