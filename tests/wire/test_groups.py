"""The bot in a group's private conversation, which it can reach by interactions only."""

import asyncio

from tests.wire.conftest import StartBriefBot
from tests.wire.fault_rows import EDIT_BY_TOKEN
from tests.wire.faults import Refused
from tests.wire.people import Person
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.truth import Truth


async def test_alice_is_answered_in_a_group(
    loopback: Discord, start_brief_bot: StartBriefBot, alice: Person, brief_truth: Truth
) -> None:
    group = loopback.world.group_channel(alice.user)
    async with start_brief_bot():
        alice.slash(group, "describe", image=RED)
        await alice.reads(group, brief_truth("describe", RED))


async def test_where_the_groups_way_is_closed_alice_is_answered_in_private(
    loopback: Discord, start_brief_bot: StartBriefBot, alice: Person, brief_truth: Truth
) -> None:
    group = loopback.world.group_channel(alice.user)
    async with start_brief_bot(pace=0.01):
        loopback.faults.place(EDIT_BY_TOKEN, Refused(401, 50027))
        alice.slash(group, "describe", image=RED)
        await alice.reads(loopback.world.direct_channel(alice.user), brief_truth("describe", RED))


async def test_where_a_server_hides_external_apps_nothing_becomes_public_however_long_it_takes(
    loopback: Discord, start_brief_bot: StartBriefBot, alice: Person, brief_truth: Truth
) -> None:
    guild = loopback.world.guild("Harbour", has_bot=False)
    guild.hides_external_apps = True
    elsewhere = guild.channel("general")
    async with start_brief_bot(pace=120):
        asked = alice.slash(elsewhere, "describe", image=RED)
        await asyncio.sleep(40 * 60)
        assert asked.original is not None
        assert asked.original.visible_to is alice.user
        await alice.reads(loopback.world.direct_channel(alice.user), brief_truth("describe", RED))
    assert loopback.member("bob").sees(elsewhere) == []
