"""What happens when a button under an answer is pressed; it works after a restart, too."""

from typing import Any

import discord
from discord.ext import commands

from bot.desk import Cancelling, Desk
from bot.features.answers import Answers
from bot.features.forms import Forms
from bot.features.pressed import Pressed
from bot.locales import say
from bot.locales import sentences as s
from bot.replies.buttons import PRESSED, Button


class Buttons(commands.Cog):
    """Where the buttons, which discord.py makes by themselves, find what they need."""

    def __init__(self, bot: discord.Client, desk: Desk, forms: Forms, answers: Answers) -> None:
        self._bot = bot
        self.desk = desk
        self.forms = forms
        self.answers = answers

    async def cog_load(self) -> None:
        """Let presses be heard."""
        self._bot.add_dynamic_items(CancelButton, AnswerButton, OldButton)


class CancelButton(Pressed, template=r"cancel:(?P<job>\d{1,20})"):
    """Lets the asker take a question back, while it waits and while it is answered."""

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Cancel the job, if it is the presser's and not answered yet; acknowledge after that."""
        done = await self.cog(Buttons).desk.cancel(int(self._match["job"]), interaction.user.id)
        if done is Cancelling.DONE:
            await interaction.response.defer()
        elif done is Cancelling.NOT_YOURS:
            await _tell(interaction, s.NOT_YOURS)
        else:
            await _tell(interaction, s.ALREADY_ANSWERED)


class AnswerButton(Pressed, template=PRESSED):
    """Asks again, shorter or longer, or more; makes a file of an answer; deletes it."""

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the button says, for whom it may be done."""
        button, cog = Button.read(self._match), self.cog(Buttons)
        is_asker = interaction.user.id == button.asker_id
        if button.action == "more":
            await cog.forms.show(interaction)
        elif button.action == "file":
            await cog.answers.give_as_file(interaction)
        elif button.action == "delete":
            if is_asker or interaction.permissions.manage_messages:
                await cog.answers.delete(interaction)
            else:
                await _tell(interaction, s.MAY_NOT_DELETE)
        elif is_asker:
            await cog.answers.ask_again(interaction, button)
        else:
            await _tell(interaction, s.NOT_YOUR_ANSWER)


class OldButton(Pressed, template=rf"(?!{PRESSED.pattern}\Z)v\d+:.*"):
    """A button of another version, under an answer that is still there."""

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Say what to do instead."""
        await _tell(interaction, s.BUTTON_TOO_OLD)


async def _tell(interaction: discord.Interaction[Any], sentence: str) -> None:
    await interaction.response.send_message(say(str(interaction.locale), sentence), ephemeral=True)
