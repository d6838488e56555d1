"""The thread that an answer opens on its question: made, taken out of the archive, left."""

import discord

from bot.jobs.job import Job
from bot.replies.patience import is_passing


async def create(job: Job, client: discord.Client, name: str) -> None:
    """Open a thread on the question, where it stands in a channel that has threads."""
    channel = client.get_channel(job.channel_id) or await client.fetch_channel(job.channel_id)
    if isinstance(channel, discord.TextChannel):
        await channel.get_partial_message(job.id).create_thread(name=name)


async def create_private(job: Job, client: discord.Client, name: str) -> int:
    """Open a thread that only those are let into who are named; returns where the answer goes."""
    channel = client.get_channel(job.channel_id) or await client.fetch_channel(job.channel_id)
    if not isinstance(channel, discord.TextChannel):
        return job.channel_id
    private = discord.ChannelType.private_thread
    thread = await channel.create_thread(name=name, type=private, invitable=False)
    return thread.id


async def reopen(job: Job, client: discord.Client) -> bool:
    """Take the answer's thread out of the archive; False where we may not."""
    try:
        thread = await client.fetch_channel(job.channel_id)
        if isinstance(thread, discord.Thread):
            await thread.edit(archived=False)
    except discord.HTTPException as error:
        if is_passing(error):
            raise
        return False
    return True


async def leave(job: Job, client: discord.Client) -> None:
    """Leave no thread behind in which nobody else has spoken."""
    thread = client.get_channel(job.channel_id)
    if isinstance(thread, discord.Thread) and thread.message_count <= 1:
        try:
            await thread.delete()
        except discord.Forbidden:
            await thread.edit(archived=True)
