"""What people find in a message's menu under Apps; the answer is for their eyes only."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _T

from bot.commands.asking import ask, everywhere
from bot.pictures.find import pictures_of

if TYPE_CHECKING:
    from bot.client import VisionBot


@app_commands.context_menu(name=_T("Describe picture"))
@everywhere
async def describe_picture(
    interaction: "discord.Interaction[VisionBot]", message: discord.Message
) -> None:
    """Describe the picture of anyone's message."""
    await ask(interaction, "describe", pictures_of(message), private=True)


@app_commands.context_menu(name=_T("Read text"))
@everywhere
async def read_text(
    interaction: "discord.Interaction[VisionBot]", message: discord.Message
) -> None:
    """Copy the text out of the picture of anyone's message."""
    await ask(interaction, "ocr", pictures_of(message), private=True)
