"""The owner's commands: who is taken for the owner, and where they are offered."""

import pytest

from bot.locales import sentences as s
from tests.wire.conftest import StartBriefBot
from tests.wire.model import Channel, TeamMember
from tests.wire.people import Person, until
from tests.wire.server import Discord

OWNERS = {"pause", "resume", "status"}


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


async def test_the_owners_commands_are_offered_on_the_home_server_alone(
    loopback: Discord, general: Channel, start_brief_bot: StartBriefBot
) -> None:
    owner = Person(loopback.world, loopback.world.bot_owner)
    other = loopback.world.guild("Harbour").channel("general")
    async with start_brief_bot(home=None):
        assert offered_to_all(loopback) & OWNERS == set()
        with pytest.raises(LookupError):
            owner.slash(general, "pause")
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        assert general.guild is not None
        assert {command["name"] for command in general.guild.commands} == OWNERS
        assert offered_to_all(loopback) & OWNERS == set()
        with pytest.raises(LookupError):
            owner.slash(other, "pause")
        told = await owner.reply_to(owner.slash(general, "pause"))
        assert told.content == s.PAUSE_DONE


async def test_where_home_was_the_commands_go_when_one_of_them_is_used(
    loopback: Discord, general: Channel, start_brief_bot: StartBriefBot
) -> None:
    assert general.guild is not None
    owner = Person(loopback.world, loopback.world.bot_owner)
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
    async with start_brief_bot(home=None):
        told = await owner.reply_to(owner.slash(general, "pause"))
        assert told.content == s.COMMAND_CHANGED
        await until(loopback.world, lambda: not general.guild.commands, lambda: "they stay")
    assert offered_to_all(loopback)


def offered_to_all(loopback: Discord) -> set[str]:
    return {command["name"] for command in loopback.world.commands}
