"""The form in which people ask a question about a picture that is in Discord already."""

import re
from datetime import timedelta
from typing import Any

import discord
from discord.ext import commands

from bot.desk import Desk
from bot.features.answers import Answers
from bot.features.asking import ask_by_interaction
from bot.jobs.subject import Subject
from bot.locales import say
from bot.locales import sentences as s
from bot.pictures.find import Finding

MOST_LETTERS = 1000
"""Of a question."""
OPEN_FOR = timedelta(hours=1)
"""For which it is known what a menu's form is about; few people leave one open for long."""
_SENT = "more:"
_FORM = re.compile(rf"{_SENT}(?P<form>\d{{1,20}})")


class Forms(commands.Cog):
    """Shows forms, and hears of those that are sent, even if an earlier process has shown them."""

    def __init__(self, desk: Desk, answers: Answers) -> None:
        self._desk = desk
        self._answers = answers
        self._about: dict[int, Finding] = {}
        """What the forms of menus are about, which Discord does not tell once they are sent."""

    async def show(
        self, interaction: discord.Interaction[Any], about: Finding | None = None
    ) -> None:
        """Let somebody ask about pictures, or about the answer under which a button is pressed."""
        if about is not None:
            oldest = discord.utils.time_snowflake(discord.utils.utcnow() - OPEN_FOR)
            self._about = {form: each for form, each in self._about.items() if form > oldest}
            self._about[interaction.id] = about
        locale, name = str(interaction.locale), f"{_SENT}{interaction.id}"
        form = discord.ui.Modal(title=say(locale, s.FORM_TITLE), custom_id=name)
        question: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, custom_id="question", max_length=MOST_LETTERS
        )
        form.add_item(discord.ui.Label(text=say(locale, s.FORM_QUESTION), component=question))
        form.stop()  # what is sent is told by its id: discord.py need not remember it
        await interaction.response.send_modal(form)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Ask what a form asks, which is sent."""
        data: Any = interaction.data
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        if not (form := _FORM.fullmatch(data["custom_id"])):
            return
        question = data["components"][0]["component"]["value"]
        if interaction.message:
            await self._answers.ask_more(interaction, question)
        elif about := self._about.pop(int(form["form"]), None):
            subject = Subject(about)
            await ask_by_interaction(
                self._desk, interaction, "ask", subject, question, private=True
            )
        else:
            too_old = say(str(interaction.locale), s.FORM_TOO_OLD)
            await interaction.response.send_message(too_old, ephemeral=True)
