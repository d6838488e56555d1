"""What stands under an answer to be pressed; what a press does, `features.buttons` knows."""

import discord

from bot.jobs.job import Job
from bot.locales import say
from bot.locales import sentences as s


def cancel_view(job: Job) -> discord.ui.View:
    """Show the button that cancels a job."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label=say(job.locale, s.CANCEL), custom_id=f"cancel:{job.id}"))
    view.stop()  # its presses are told by their ids: discord.py need not remember it
    return view
