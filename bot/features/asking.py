"""From what Discord tells of a person and a place to what the desk must know of them."""

from collections.abc import Callable
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.conversation.words import as_read
from bot.desk import Desk, Question
from bot.errors import DeclinedError
from bot.features.acknowledgement import Acknowledgement
from bot.jobs.job import Job
from bot.jobs.subject import Subject
from bot.trust import Place
from inference import Detail

C = TypeVar("C")


def everywhere(command: C) -> C:
    """Offer a command in servers, DMs and group DMs, installed by a server or by a person."""
    installs: Callable[[C], C] = app_commands.allowed_installs(guilds=True, users=True)
    contexts: Callable[[C], C] = app_commands.allowed_contexts(
        guilds=True, dms=True, private_channels=True
    )
    return installs(contexts(command))


async def ask_by_interaction(
    desk: Desk,
    interaction: discord.Interaction[Any],
    task: str,
    subject: Subject,
    question: str = "",
    *,
    private: bool | None = None,
    detail: Detail | None = None,
    language: str | None = None,
    locale: str | None = None,
    acknowledgement: Acknowledgement | None = None,
    **more: Any,
) -> None:
    """Ask what a command, menu, button or form asks; why not is for the asker's eyes only.

    What the asker does not choose, the server has chosen; an acknowledgement that may be given
    already says who sees the answer. `more` is what else is known of the job.
    """
    choices = desk.choices(interaction.guild_id)
    if acknowledgement is None:
        private = choices.private if private is None else private
        acknowledgement = Acknowledgement(interaction, private=private)
    question = as_read(question, interaction.guild)
    may = interaction.app_permissions
    may_attach = may.attach_files or interaction.guild_id is None

    async def find() -> Subject:
        return subject

    asked = Question(
        job=Job(
            id=interaction.id,
            asker_id=interaction.user.id,
            channel_id=interaction.channel_id or interaction.id,
            task="ask" if question and task == "describe" else task,
            question=question,
            locale=locale or str(interaction.locale),
            detail=detail or choices.detail,
            language=language or choices.language,
            guild_id=interaction.guild_id,
            asked_in=interaction.channel_id,
            room_id=room_of(interaction.channel),
            links=(),
            token=interaction.token,
            private=acknowledgement.private,
            may_send=not acknowledgement.private and may_send(interaction),
            may_reply=may.read_message_history or interaction.guild_id is None,
            may_attach=may_attach,
            upload_limit=interaction.filesize_limit,
            **{"quotes": True, "shows_pictures": may_attach, **more},
        ),
        find=find,
        place=place_of(interaction.channel, interaction.guild_id),
        roles=roles_of(interaction.user),
    )
    try:
        await desk.ask(asked, acknowledgement.give)
    except DeclinedError as error:
        await acknowledgement.decline(error)


def place_of(channel: Any, guild_id: int | None) -> Place:
    """Tell what is known of a channel; a thread belongs to its channel, too."""
    if channel is None:
        channels = frozenset[int]()
    elif isinstance(channel, discord.Thread):
        channels = frozenset({channel.id, channel.parent_id})
    else:
        channels = frozenset({channel.id})
    return Place(guild_id, channels, guild_id is not None and is_age_restricted(channel))


def room_of(channel: Any) -> int | None:
    """Tell the channel that a place is in: its own, or the one that a thread belongs to."""
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    return channel.id if channel else None


def roles_of(person: discord.abc.User) -> frozenset[int]:
    """List a member's roles; others have none."""
    if isinstance(person, discord.Member):
        # `roles` leaves out those of a server that we are not on.
        return frozenset({person.guild.id, *person._roles})
    return frozenset()


def is_age_restricted(channel: Any) -> bool:
    """Take it that a server's channel is where that is not told.

    So it is of a thread's channel on a server that we are not on, and of kinds newer than we are.
    """
    if isinstance(channel, discord.Thread):
        return channel.parent is None or channel.parent.is_nsfw()
    kinds = discord.TextChannel | discord.VoiceChannel | discord.StageChannel
    return channel.is_nsfw() if isinstance(channel, kinds) else True


def may_send(interaction: discord.Interaction[Any]) -> bool:
    """Tell whether we are where somebody asks, and may speak there of ourselves."""
    if interaction.guild_id is None:
        return interaction.context.dm_channel
    may = interaction.app_permissions
    is_thread = isinstance(interaction.channel, discord.Thread)
    may_speak = may.send_messages_in_threads if is_thread else may.send_messages
    is_member = interaction.client.get_guild(interaction.guild_id) is not None
    return is_member and may.read_messages and may_speak
