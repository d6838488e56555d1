"""People, and the bot to itself."""

from collections.abc import Sequence
from typing import Any

from tests.wire.model import Guild, Intent, TeamMember, User
from tests.wire.snowflakes import born, timestamp

Payload = dict[str, Any]

_LIMITED_FLAGS = {
    Intent.PRESENCES: 1 << 13,
    Intent.MEMBERS: 1 << 15,
    Intent.MESSAGE_CONTENT: 1 << 19,
}


def user(person: User) -> Payload:
    """Describe somebody."""
    return {
        "id": str(person.id),
        "username": person.name,
        "global_name": None,
        "discriminator": "0",
        "avatar": person.avatar,
        "bot": person.bot,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def bot_itself(bot: User) -> Payload:
    """Describe the bot to itself."""
    about = {"mfa_enabled": False, "locale": bot.locale, "verified": True, "email": None}
    return user(bot) | about


def application(
    bot: User, owner: User, approved: Intent, team: Sequence[TeamMember] = ()
) -> Payload:
    """Describe the bot's application."""
    flags = application_flags(approved)
    return {
        "id": str(bot.id),
        "name": bot.name,
        "type": None,
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": user(owner),
        "team": _team(owner, team) if team else None,
        "flags": flags,
        "flags_new": str(flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
        "integration_types_config": {"0": {}, "1": {}},
    }


def application_flags(approved: Intent) -> int:
    """Write the privileged intents that are switched on as the application's flags."""
    return sum(flag for intent, flag in _LIMITED_FLAGS.items() if intent & approved)


def intents_of_flags(flags: int) -> Intent:
    """Read the privileged intents out of the application's flags."""
    return Intent(sum(intent for intent, flag in _LIMITED_FLAGS.items() if flags & flag))


def member(person: User, guild: Guild) -> Payload:
    """Describe somebody as a member of a server, as events do."""
    return {
        "user": user(person),
        "roles": [str(role.id) for role in guild.roles_of(person)],
        "flags": 0,
        "joined_at": timestamp(born(person.id)),
        "deaf": False,
        "mute": False,
    }


def fetched_member(person: User, guild: Guild) -> Payload:
    """Describe somebody as a member of a server, as REST does."""
    absent = ("avatar", "banner", "communication_disabled_until", "nick", "premium_since")
    return member(person, guild) | dict.fromkeys(absent) | {"pending": False}


def _team(owner: User, members: Sequence[TeamMember]) -> Payload:
    return {
        "id": str(owner.id),
        "name": "Keepers",
        "icon": None,
        "owner_user_id": str(owner.id),
        "members": [
            {
                "user": user(member.user),
                "team_id": str(owner.id),
                "membership_state": 2 if member.has_joined else 1,
                "role": member.role,
                "permissions": ["*"],
            }
            for member in members
        ],
    }
