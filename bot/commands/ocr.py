"""/ocr: the text in a picture."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _T

from bot.commands.asking import ask, everywhere

if TYPE_CHECKING:
    from bot.client import VisionBot


@app_commands.command(description=_T("Copy the text out of a picture"))
@app_commands.describe(image=_T("The picture"))
@everywhere
async def ocr(interaction: "discord.Interaction[VisionBot]", image: discord.Attachment) -> None:
    """Copy the text out of a picture."""
    await ask(interaction, "ocr", [image.url])
