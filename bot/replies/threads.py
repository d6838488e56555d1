"""The thread that an answer opens on its question: made, taken out of the archive, left."""

from typing import Any

import discord

from bot.jobs.job import Job
from bot.reading import kinds
from bot.replies.patience import is_passing

SPOKEN = (
    discord.MessageType.default,
    discord.MessageType.reply,
    discord.MessageType.chat_input_command,
    discord.MessageType.context_menu_command,
)
"""What people and bots say; the others tell of what was done."""
MOST_READ = 100
"""Messages, as many as Discord hands out at once."""


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


async def leave(thread: Any, me: discord.abc.User | None) -> None:
    """Leave no thread of ours behind in which nothing is said; put it away where we may no more.

    What is said is asked of Discord: the count that came with the thread is not kept up to date.
    """
    if not isinstance(thread, discord.Thread) or me is None or thread.owner_id != me.id:
        return
    # Without it, a history is empty whatever was said.
    may_read = thread.permissions_for(thread.guild.me).read_message_history
    if may_read and any(kind in SPOKEN for kind in await kinds(thread, MOST_READ)):
        return
    try:
        if may_read:
            await thread.delete()
            return
    except discord.Forbidden:
        pass
    await thread.edit(archived=True)
