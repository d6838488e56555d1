"""Whom the bot answers, and where: as its operator decides, and within that each server."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.choices import AgeRule, Choices, stricter
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


def check_asker(
    settings: BotSettings,
    choices: Choices,
    person: int,
    roles: AbstractSet[int],
    place: Place,
) -> None:
    """Raise DeclinedError where the operator's lists, the server or the age limit say no."""
    check_place(settings, choices, place)
    if not _is_let_in({person}, settings.allowed_people, settings.blocked_people):
        raise DeclinedError(s.NOT_YOU)
    if not _is_let_in(roles, settings.allowed_roles, settings.blocked_roles):
        raise DeclinedError(s.NOT_YOU)
    if not _is_let_in(roles, choices.roles, frozenset()):
        raise DeclinedError(s.OTHER_ROLES)


def check_place(settings: BotSettings, choices: Choices, place: Place) -> None:
    """Raise DeclinedError where nobody is answered in a place."""
    servers = frozenset() if place.guild_id is None else {place.guild_id}
    if not _is_let_in(servers, settings.allowed_servers, settings.blocked_servers):
        raise DeclinedError(s.NOT_HERE)
    if not _is_let_in(place.channels, settings.allowed_channels, settings.blocked_channels):
        raise DeclinedError(s.NOT_HERE)
    if not _is_let_in(place.channels, choices.channels, frozenset()):
        raise DeclinedError(s.OTHER_CHANNELS)
    if place.age_restricted and _age_rule(settings, choices) == "off":
        raise DeclinedError(s.NOT_IN_AGE_RESTRICTED)


def needs_spoiler(settings: BotSettings, choices: Choices, place: Place) -> bool:
    """Tell whether an answer in this place goes behind spoiler bars."""
    return place.age_restricted and _age_rule(settings, choices) == "spoiler"


def _age_rule(settings: BotSettings, choices: Choices) -> AgeRule:
    return stricter(settings.age_restricted, choices.age_restricted)


def _is_let_in(ids: AbstractSet[int], allowed: AbstractSet[int], blocked: AbstractSet[int]) -> bool:
    return not ids & blocked and (not allowed or bool(ids & allowed))
