"""A job's messages in Discord: the interaction's own, and those that a crash made us forget."""

from typing import Any

import discord
from discord.http import handle_message_parameters
from discord.webhook.async_ import async_context

from bot.jobs.job import Job
from bot.reading import history
from bot.replies.buttons import is_under

_OURS = (discord.MessageType.default, discord.MessageType.reply)


def interaction_of(job: Job, client: discord.Client) -> discord.Webhook:
    """Reach an interaction by its token, which discord.py logs on no such way."""
    assert client.application_id is not None, "known since log-in"
    assert job.token is not None, "it lives"
    return discord.Webhook.partial(client.application_id, job.token, client=client)


async def original_of(job: Job, client: discord.Client) -> int:
    """Ask for an interaction's own message, 'thinking…' or more; 404 where there is none."""
    interaction = interaction_of(job, client)
    assert interaction.token is not None, "it lives"
    original = await async_context.get().get_original_interaction_response(
        interaction.id, interaction.token, session=interaction.session
    )
    return int(original["id"])


async def edit_original(job: Job, client: discord.Client, **message: Any) -> list[int]:
    """Edit an interaction's own message, or that of its button; returns the ids of its files."""
    interaction = interaction_of(job, client)
    assert interaction.token is not None, "it lives"
    quiet = client.allowed_mentions
    with handle_message_parameters(previous_allowed_mentions=quiet, **message) as parameters:
        edited = await async_context.get().edit_original_interaction_response(
            interaction.id,
            interaction.token,
            session=interaction.session,
            payload=parameters.payload,
            multipart=parameters.multipart,
            files=parameters.files,
        )
    return [int(file["id"]) for file in edited["attachments"]]


async def delete_original(job: Job, client: discord.Client) -> None:
    """Delete an interaction's own message, or that of its button."""
    interaction = interaction_of(job, client)
    assert interaction.token is not None, "it lives"
    await async_context.get().delete_original_interaction_response(
        interaction.id, interaction.token, session=interaction.session
    )


async def answers_to(job: Job, client: discord.Client) -> list[int]:
    """List our messages that answer a job, oldest first, without the placeholder that was left."""
    return [
        message.id
        for message in await _ours(job, client)
        if message.id != job.placeholder_id and _answers(message, job)
    ]


async def _ours(job: Job, client: discord.Client) -> list[discord.Message]:
    channel = client.get_partial_messageable(job.channel_id)
    try:
        said = await history(channel, 100, after=discord.Object(job.id))
    except (discord.Forbidden, discord.NotFound):  # a channel that we may not read, or no more
        return []
    # A thread's first words are the asker's.
    return [each for each in said if each.author == client.user and each.type in _OURS]


def _answers(message: discord.Message, job: Job) -> bool:
    origin, reference = message.interaction_metadata, message.reference
    if is_under(message, job.id):
        return True
    if origin is not None:  # what others ask more stands as a reply to our answer, too
        return origin.id == job.id
    if reference is not None:
        return reference.message_id in (job.id, job.message_id)
    return job.is_in_own_thread
