"""/compare: the differences between two to six pictures."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _T

from bot.commands.asking import Question, ask, everywhere

if TYPE_CHECKING:
    from bot.client import VisionBot


@app_commands.command(description=_T("Tell the differences between pictures"))
@app_commands.describe(
    first=_T("The first picture"),
    second=_T("The second picture"),
    third=_T("One more picture"),
    fourth=_T("One more picture"),
    fifth=_T("One more picture"),
    sixth=_T("One more picture"),
    question=_T("What you would like to know about them"),
)
@everywhere
async def compare(
    interaction: "discord.Interaction[VisionBot]",
    first: discord.Attachment,
    second: discord.Attachment,
    third: discord.Attachment | None = None,
    fourth: discord.Attachment | None = None,
    fifth: discord.Attachment | None = None,
    sixth: discord.Attachment | None = None,
    question: Question | None = None,
) -> None:
    """Compare two to six pictures."""
    pictures = (first, second, third, fourth, fifth, sixth)
    await ask(interaction, "compare", [picture.url for picture in pictures if picture], question)
