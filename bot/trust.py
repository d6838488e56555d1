"""Whom the bot answers, and where, as its operator decides."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.errors import DeclinedError
from bot.locales import sentences as s
from bot.settings import BotSettings


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody asks, as much of it as Discord told us."""

    guild_id: int | None
    channels: frozenset[int]
    """The channel; with a thread, the channel that it belongs to, too."""
    age_restricted: bool = False


def check_asker(settings: BotSettings, person: int, roles: AbstractSet[int], place: Place) -> None:
    """Raise DeclinedError where the operator's lists or the place's age limit say no."""
    servers = frozenset() if place.guild_id is None else {place.guild_id}
    if not _is_let_in(servers, settings.allowed_servers, settings.blocked_servers):
        raise DeclinedError(s.NOT_HERE)
    if not _is_let_in(place.channels, settings.allowed_channels, settings.blocked_channels):
        raise DeclinedError(s.NOT_HERE)
    if not _is_let_in({person}, settings.allowed_people, settings.blocked_people):
        raise DeclinedError(s.NOT_YOU)
    if not _is_let_in(roles, settings.allowed_roles, settings.blocked_roles):
        raise DeclinedError(s.NOT_YOU)
    if settings.age_restricted == "off" and place.age_restricted:
        raise DeclinedError(s.NOT_IN_AGE_RESTRICTED)


def needs_spoiler(settings: BotSettings, place: Place) -> bool:
    """Tell whether an answer in this place goes behind spoiler bars."""
    return settings.age_restricted == "spoiler" and place.age_restricted


def _is_let_in(ids: AbstractSet[int], allowed: AbstractSet[int], blocked: AbstractSet[int]) -> bool:
    return not ids & blocked and (not allowed or bool(ids & allowed))
