"""What happens when a button under an answer is pressed; it works after a restart, too."""

import re
from typing import Any, Self

import discord
from discord.ext import commands

from bot.desk import Cancelling, Desk
from bot.locales import say
from bot.locales import sentences as s


class Buttons(commands.Cog):
    """Where the buttons, which discord.py makes by themselves, find the desk."""

    def __init__(self, bot: discord.Client, desk: Desk) -> None:
        self._bot = bot
        self.desk = desk

    async def cog_load(self) -> None:
        """Let presses be heard."""
        self._bot.add_dynamic_items(CancelButton)


class CancelButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"cancel:(?P<job>\d{1,20})"
):
    """Lets the asker take a question back, while it waits and while it is answered."""

    def __init__(self, job_id: int, desk: Desk) -> None:
        super().__init__(discord.ui.Button(label=s.CANCEL, custom_id=f"cancel:{job_id}"))
        self._job_id = job_id
        self._desk = desk

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
    ) -> Self:
        """Make the button again from what Discord kept of it."""
        return cls(int(match["job"]), _desk(interaction))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Cancel the job, if it is the presser's and not answered yet; acknowledge after that."""
        done = await self._desk.cancel(self._job_id, interaction.user.id)
        locale = str(interaction.locale)
        if done is Cancelling.DONE:
            await interaction.response.defer()
        elif done is Cancelling.NOT_YOURS:
            await interaction.response.send_message(say(locale, s.NOT_YOURS), ephemeral=True)
        else:
            await interaction.response.send_message(say(locale, s.ALREADY_ANSWERED), ephemeral=True)


def _desk(interaction: discord.Interaction[Any]) -> Desk:
    cog = interaction.client.get_cog(Buttons.__name__)
    assert isinstance(cog, Buttons), "a button is heard only where the cog is"
    return cog.desk
