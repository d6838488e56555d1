"""Buttons under an answer; they go on working after a restart."""

import re
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.locales import say
from bot.locales import sentences as s

if TYPE_CHECKING:
    from bot.client import VisionBot


class CancelButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"cancel:(?P<job>\d{1,20})"
):
    """Lets the asker take a question back, while it waits and while it is answered."""

    def __init__(self, job_id: int, label: str = s.CANCEL) -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=f"cancel:{job_id}"))
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls,
        interaction: "discord.Interaction[Any]",  # noqa: ARG003
        item: discord.ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
    ) -> Self:
        """Make the button again from what Discord kept of it."""
        return cls(int(match["job"]))

    async def callback(self, interaction: "discord.Interaction[VisionBot]") -> None:  # type: ignore[override]
        """Cancel the job, if it is the presser's and not answered yet."""
        worker = interaction.client.worker
        job = worker.job(self.job_id)
        locale = str(interaction.locale)
        if job is None:
            await interaction.response.send_message(say(locale, s.ALREADY_ANSWERED), ephemeral=True)
        elif job.asker_id != interaction.user.id:
            await interaction.response.send_message(say(locale, s.NOT_YOURS), ephemeral=True)
        else:
            await interaction.response.defer()
            await worker.cancel(self.job_id)


def cancel_view(job_id: int, locale: str) -> discord.ui.View:
    """Show the button that cancels a job."""
    view = discord.ui.View(timeout=None)
    view.add_item(CancelButton(job_id, say(locale, s.CANCEL)))
    return view
