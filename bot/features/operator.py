"""/pause, /resume and /status, for the person who runs the bot, on one server alone."""

from collections.abc import Callable
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _T
from discord.ext import commands

from bot.desk import Desk
from bot.jobs.store import Count, Store
from bot.locales import say
from bot.locales import sentences as s
from bot.replies.text import fence

MOST_LINES = 30
"""As many fit into a message."""
_for_administrators = app_commands.default_permissions(administrator=True)


class Operator(commands.Cog):
    """What the application's owner alone may do."""

    def __init__(self, bot: commands.AutoShardedBot, desk: Desk, store: Store) -> None:
        self._bot = bot
        self._desk = desk
        self._store = store

    async def cog_load(self) -> None:
        """Know the owner, alone or in a team, by what Discord said at log-in."""
        if self._bot.application:
            self._bot.owner_ids = _owners(self._bot.application)

    @app_commands.command(description=_T("Take no new questions (owner only)"))
    @_for_administrators
    async def pause(self, interaction: discord.Interaction[Any]) -> None:
        """Take no new questions, over restarts, too; what waits is still answered."""
        await self._do(interaction, self._desk.pause, s.PAUSE_DONE)

    @app_commands.command(description=_T("Take questions again (owner only)"))
    @_for_administrators
    async def resume(self, interaction: discord.Interaction[Any]) -> None:
        """Take questions again."""
        await self._do(interaction, self._desk.resume, s.RESUME_DONE)

    @app_commands.command(description=_T("How many ask for what, and how it ends (owner only)"))
    @_for_administrators
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Show the open questions and the counts of those that have ended."""
        locale = str(interaction.locale)
        if not await self._bot.is_owner(interaction.user):
            await interaction.response.send_message(say(locale, s.OWNER_ONLY), ephemeral=True)
            return
        counts = await self._store.counts()
        sentence = s.STATUS if counts else s.NOTHING_COUNTED
        text = f"{say(locale, sentence, open=self._desk.open_jobs)}\n{_table(counts)}"
        await interaction.response.send_message(text, ephemeral=True)

    async def _do(
        self, interaction: discord.Interaction[Any], what: Callable[[], None], done: str
    ) -> None:
        allowed = await self._bot.is_owner(interaction.user)
        if allowed:
            what()
        sentence = say(str(interaction.locale), done if allowed else s.OWNER_ONLY)
        await interaction.response.send_message(sentence, ephemeral=True)


def _owners(application: discord.AppInfo) -> set[int]:
    """List who owns an application: of a team, who has joined it for more than to read."""
    if (team := application.team) is None:
        return {application.owner.id}
    developing = (discord.TeamMemberRole.admin, discord.TeamMemberRole.developer)
    accepted = discord.TeamMembershipState.accepted
    members = {
        member.id
        for member in team.members
        if member.role in developing and member.membership_state is accepted
    }
    return members if team.owner_id is None else {team.owner_id, *members}


def _table(counts: list[Count]) -> str:
    lines = [
        f"{count.task:<9}{count.outcome:<22}{count.today:>7,}{count.week:>9,}{count.quarter:>10,}"
        for count in counts[:MOST_LINES]
    ]
    return fence("\n".join(lines)) if lines else ""
