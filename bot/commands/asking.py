"""From an interaction to an accepted job."""

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

import aiohttp
import discord
from discord import app_commands

from bot.errors import DeclinedError, sentence_for
from bot.jobs.job import Job
from bot.locales import sentences as s
from bot.questions import check_question
from bot.trust import check_asker, needs_spoiler
from inference import TASKS

if TYPE_CHECKING:
    from bot.client import VisionBot

C = TypeVar("C")
log = logging.getLogger(__name__)

Question = app_commands.Range[str, 1, 1000]


def everywhere(command: C) -> C:
    """Offer a command in servers, DMs and group DMs, installed by a server or by a person."""
    installs: Callable[[C], C] = app_commands.allowed_installs(guilds=True, users=True)
    contexts: Callable[[C], C] = app_commands.allowed_contexts(
        guilds=True, dms=True, private_channels=True
    )
    return installs(contexts(command))


async def ask(
    interaction: "discord.Interaction[VisionBot]",
    task: str,
    links: Iterable[str],
    question: str | None = None,
    *,
    private: bool = False,
) -> None:
    """Accept the question and acknowledge it, or say why not; either is the first thing done."""
    worker = interaction.client.worker
    job = Job(
        id=interaction.id,
        task="ask" if question and task == "describe" else task,
        question=question or "",
        locale=str(interaction.locale),
        asker_id=interaction.user.id,
        guild_id=interaction.guild_id,
        channel_id=interaction.channel_id or 0,
        links=tuple(links),
        token=interaction.token,
        private=private,
        spoiler=needs_spoiler(interaction.client.settings, interaction.channel),
    )
    try:
        check_asker(
            interaction.client.settings, interaction.user, job.guild_id, interaction.channel
        )
        check_question(job.question)
        check_pictures(job)
        is_new = await worker.accept(job)
    except DeclinedError as error:
        await interaction.response.send_message(sentence_for(error, job.locale), ephemeral=True)
        return
    if is_new:
        worker.acknowledged(job.id, await _acknowledge(interaction, private))
        worker.start(job.id)


async def _acknowledge(interaction: "discord.Interaction[VisionBot]", private: bool) -> int | None:
    """Show 'thinking…' and return its message's id; None where we do not hear of it.

    The job is accepted: without an acknowledgement its answer finds another way.
    """
    for _ in range(2):
        try:
            response = await interaction.response.defer(ephemeral=private, thinking=True)
        except discord.HTTPException as error:
            log.warning("Job %s cannot be acknowledged: %s", interaction.id, error)
            return None
        except (aiohttp.ClientError, OSError) as error:  # reset before or after its effect
            log.warning("Job %s is not acknowledged: %s", interaction.id, type(error).__name__)
        else:
            return response.message_id if response else None
    return None


def check_pictures(job: Job) -> None:
    """Raise DeclinedError where the task cannot be done with so many pictures."""
    if not job.links:
        raise DeclinedError(s.NO_PICTURE_IN_MESSAGE)
    if len(job.links) > (most := TASKS[job.task].max_pictures):
        raise DeclinedError(s.TOO_MANY_PICTURES, most=most)
