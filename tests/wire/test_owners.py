"""Whom the bot takes for its owner, where a team of Discord's developers owns it."""

import pytest

from bot.locales import sentences as s
from tests.wire.conftest import StartBriefBot
from tests.wire.model import Channel, TeamMember
from tests.wire.people import Person
from tests.wire.server import Discord


@pytest.mark.parametrize(
    ("role", "has_joined", "owns"),
    [
        ("admin", True, True),
        ("developer", True, True),
        ("read_only", True, False),
        ("admin", False, False),
    ],
)
async def test_a_member_of_the_team_owns_the_bot_who_has_joined_to_develop(
    role: str,
    has_joined: bool,
    owns: bool,
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
) -> None:
    loopback.world.team = [TeamMember(alice.user, role, has_joined)]
    async with start_brief_bot():
        told = await alice.reply_to(alice.slash(general, "resume"))
        assert told.content == (s.RESUME_DONE if owns else s.OWNER_ONLY)


async def test_who_owns_the_team_owns_the_bot_and_a_stranger_does_not(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    bob = loopback.member("bob")
    loopback.world.team = [TeamMember(bob.user, "developer")]
    owner = Person(loopback.world, loopback.world.bot_owner)
    async with start_brief_bot():
        told = await owner.reply_to(owner.slash(general, "resume"))
        assert told.content == s.RESUME_DONE
        told = await alice.reply_to(alice.slash(general, "resume"))
        assert told.content == s.OWNER_ONLY
