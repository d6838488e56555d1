"""Whom the bot answers, and where, as its operator decides."""

from collections.abc import Set as AbstractSet

import discord

from bot.errors import DeclinedError
from bot.locales import sentences as s
from bot.settings import BotSettings

Person = discord.User | discord.Member
Place = discord.abc.Snowflake | None
"""A channel, as much of it as Discord told us."""


def check_asker(settings: BotSettings, person: Person, guild_id: int | None, place: Place) -> None:
    """Raise DeclinedError where the operator's lists or the place's age limit say no."""
    servers = frozenset() if guild_id is None else {guild_id}
    if not _is_let_in(servers, settings.allowed_servers, settings.blocked_servers):
        raise DeclinedError(s.NOT_HERE)
    if not _is_let_in(_channels(place), settings.allowed_channels, settings.blocked_channels):
        raise DeclinedError(s.NOT_HERE)
    if not _is_let_in({person.id}, settings.allowed_people, settings.blocked_people):
        raise DeclinedError(s.NOT_YOU)
    if not _is_let_in(_roles(person), settings.allowed_roles, settings.blocked_roles):
        raise DeclinedError(s.NOT_YOU)
    if settings.age_restricted == "off" and _is_age_restricted(place):
        raise DeclinedError(s.NOT_IN_AGE_RESTRICTED)


def needs_spoiler(settings: BotSettings, place: Place) -> bool:
    """Tell whether an answer in this place goes behind spoiler bars."""
    return settings.age_restricted == "spoiler" and _is_age_restricted(place)


def _is_let_in(ids: AbstractSet[int], allowed: AbstractSet[int], blocked: AbstractSet[int]) -> bool:
    return not ids & blocked and (not allowed or bool(ids & allowed))


def _channels(place: Place) -> AbstractSet[int]:
    """A thread belongs to its channel."""
    if isinstance(place, discord.Thread):
        return {place.id, place.parent_id}
    return frozenset() if place is None else {place.id}


def _roles(person: Person) -> AbstractSet[int]:
    if isinstance(person, discord.Member):
        return {role.id for role in person.roles}
    return frozenset()


def _is_age_restricted(place: Place) -> bool:
    """Take it that a thread is, whose channel we cannot know: on a server that we are not on."""
    if isinstance(place, discord.Thread) and place.parent is None:
        return True
    kinds = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
    return isinstance(place, kinds) and place.is_nsfw()
