"""/describe: what is shown in a picture, or a question about it."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _T

from bot.commands.asking import Question, ask, everywhere

if TYPE_CHECKING:
    from bot.client import VisionBot


@app_commands.command(description=_T("Tell what is in a picture, or answer a question about it"))
@app_commands.describe(image=_T("The picture"), question=_T("What you would like to know about it"))
@everywhere
async def describe(
    interaction: "discord.Interaction[VisionBot]",
    image: discord.Attachment,
    question: Question | None = None,
) -> None:
    """Describe a picture, or answer a question about it."""
    await ask(interaction, "describe", [image.url], question)
