"""The button that tells a server's moderators about an answer."""

import re
from typing import TYPE_CHECKING, Any, Self

import aiohttp
import discord

from bot.jobs.job import Job
from bot.jobs.store import Store
from bot.locales import say
from bot.locales import sentences as s

if TYPE_CHECKING:
    from bot.client import VisionBot


def moderators_of(store: Store, guild_id: int | None) -> int | None:
    """Return the channel that a server chose for reports."""
    channel = store.recall(f"moderators:{guild_id}")
    return int(channel) if channel else None


def choose_moderators(store: Store, guild_id: int, channel_id: int | None) -> None:
    """Keep a server's choice; None is no reports."""
    store.remember(f"moderators:{guild_id}", str(channel_id or ""))


def report_view(job: Job, store: Store) -> discord.ui.View | None:
    """Show the button under an answer that others can see, where somebody would hear of it."""
    if job.private or moderators_of(store, job.guild_id) is None:
        return None
    view = discord.ui.View(timeout=None)
    view.add_item(ReportButton(job.task, job.asker_id, say(job.locale, s.REPORT)))
    return view


class ReportButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"report:(?P<task>\w{1,20}):(?P<asker>\d{1,20})",
):
    """Sends the answer's link, its task and its asker; neither picture nor text."""

    def __init__(self, task: str, asker_id: int, label: str = s.REPORT) -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=f"report:{task}:{asker_id}"))
        self.task = task
        self.asker_id = asker_id

    @classmethod
    async def from_custom_id(
        cls,
        interaction: "discord.Interaction[Any]",  # noqa: ARG003
        item: discord.ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
    ) -> Self:
        """Make the button again from what Discord kept of it."""
        return cls(match["task"], int(match["asker"]))

    async def callback(self, interaction: "discord.Interaction[VisionBot]") -> None:  # type: ignore[override]
        """Tell the moderators once, and the presser that they know."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        sentence = await self._report(interaction)
        await interaction.followup.send(say(str(interaction.locale), sentence), ephemeral=True)

    async def _report(self, interaction: "discord.Interaction[VisionBot]") -> str:
        bot, answer = interaction.client, interaction.message
        channel_id = moderators_of(bot.store, interaction.guild_id)
        if answer is None or channel_id is None:
            return s.NO_MODERATORS
        if answer.id in bot.reported:
            return s.REPORTED
        bot.reported.append(answer.id)
        report = say(
            str(interaction.guild_locale or interaction.locale),
            s.REPORT_TO_MODERATORS,
            link=answer.jump_url,
            task=self.task,
            asker=f"<@{self.asker_id}>",
        )
        try:
            await bot.get_partial_messageable(channel_id).send(report)
        except (discord.HTTPException, aiohttp.ClientError, OSError):
            bot.reported.remove(answer.id)
            return s.NO_MODERATORS
        return s.REPORTED
