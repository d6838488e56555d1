"""/privacy and /forget-me: what is kept about people, and its end."""

from contextlib import suppress
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _T
from discord.ext import commands

from bot.desk import Desk
from bot.features.asking import everywhere
from bot.features.pressed import Pressed
from bot.jobs.store import Store
from bot.locales import say
from bot.locales import sentences as s
from bot.replies.patience import DISCORD_ERRORS

KEPT = (
    s.KEPT_QUESTION,
    s.KEPT_PICTURES,
    s.KEPT_DAMAGED,
    s.KEPT_HEARD,
    s.KEPT_CONVERSATION,
    s.KEPT_CHOICES,
    s.KEPT_LEFT_ALONE,
    s.KEPT_COUNTS,
    s.KEPT_FACTS,
    s.KEPT_MODEL,
    s.KEPT_TIMES,
    s.KEPT_LOG,
)
"""What is kept, where and for how long, a sentence each."""


class Privacy(commands.Cog):
    """What everybody may know and end."""

    def __init__(self, bot: discord.Client, desk: Desk, store: Store) -> None:
        self._bot = bot
        self._desk = desk
        self._store = store

    async def cog_load(self) -> None:
        """Let presses be heard."""
        self._bot.add_dynamic_items(WishButton)

    @app_commands.command(description=_T("What I keep about you, where and for how long"))
    @everywhere
    async def privacy(self, interaction: discord.Interaction[Any]) -> None:
        """Say what is kept, and let people keep us from describing their pictures unasked."""
        locale = str(interaction.locale)
        lines = [say(locale, s.PRIVACY), *(f"- {say(locale, sentence)}" for sentence in KEPT)]
        lines.append(f"\n{say(locale, s.IN_DISCORD)}")
        view = self._wish(interaction)
        await interaction.response.send_message("\n".join(lines), view=view, ephemeral=True)

    async def take_wish(self, interaction: discord.Interaction[Any], *, wished: bool) -> None:
        """Leave somebody's pictures alone, or no more."""
        person = interaction.user.id
        if await self._store.leave_alone(person, wished=wished):  # the disk does not take it
            self._store.leave_alone(person, wished=not wished)
            sentence = say(str(interaction.locale), s.UNEXPECTED)
            await interaction.response.send_message(sentence, ephemeral=True)
            return
        sentence = s.ABOUT_LEFT_ALONE if wished else s.ABOUT_PICTURES
        content = say(str(interaction.locale), sentence)
        await interaction.response.edit_message(content=content, view=self._wish(interaction))

    def _wish(self, interaction: discord.Interaction[Any]) -> discord.ui.View:
        """Show the button for the other of both wishes than the one that holds."""
        is_wished = self._store.leaves_alone(interaction.user.id)
        label = s.DESCRIBE_MY_PICTURES if is_wished else s.LEAVE_MY_PICTURES
        custom_id = f"pictures:{'describe' if is_wished else 'leave'}"
        view = discord.ui.View(timeout=None)
        view.add_item(
            discord.ui.Button(label=say(str(interaction.locale), label), custom_id=custom_id)
        )
        view.stop()
        return view

    @app_commands.command(name="forget-me", description=_T("Delete what I keep about you"))
    @everywhere
    async def forget_me(self, interaction: discord.Interaction[Any]) -> None:
        """Delete what is kept about a person, open questions included, and say what it was.

        How often one may ask is not lifted by it: the times of the last questions go by themselves.
        It holds whatever becomes of its acknowledgement.
        """
        with suppress(*DISCORD_ERRORS):
            await interaction.response.defer(ephemeral=True, thinking=True)
        questions = await self._desk.forget(interaction.user.id)
        self._bot.dispatch("forget", interaction.user.id)
        sentences = [say(str(interaction.locale), s.FORGOTTEN, questions=questions)]
        if self._store.leaves_alone(interaction.user.id):
            sentences.append(say(str(interaction.locale), s.WISH_STAYS))
        sentences.append(say(str(interaction.locale), s.HOW_TO_DELETE))
        with suppress(*DISCORD_ERRORS):
            await interaction.followup.send(" ".join(sentences), ephemeral=True)


class WishButton(Pressed, template=r"pictures:(?P<wish>leave|describe)"):
    """Says whether somebody's pictures may be described unasked."""

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand on the wish."""
        await self.cog(Privacy).take_wish(interaction, wished=self._match["wish"] == "leave")
