"""The commands that Discord offers stay ours, whatever somebody else's program does to them."""

import asyncio

from bot.locales import sentences as s
from tests.wire.conftest import StartBriefBot
from tests.wire.faults import Refused
from tests.wire.model import Channel
from tests.wire.people import Person, until
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

SYNC = "PUT /applications/{application_id}/commands"
MINUTE = 60.0


async def test_commands_that_another_program_has_overwritten_come_back_at_the_start(
    loopback: Discord, general: Channel, start_brief_bot: StartBriefBot
) -> None:
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
    names = {command["name"] for command in loopback.world.commands}
    assert "describe" in names
    loopback.world.commands = []
    for _ in range(2):
        async with start_brief_bot() as bot:
            await bot.wait_until_ready()
        assert {command["name"] for command in loopback.world.commands} == names
    assert loopback.world.command_syncs == 2
    assert general.posted == []


async def test_who_uses_a_command_that_is_no_longer_ours_is_asked_to_try_again_and_finds_ours(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        theirs = dict(loopback.world.commands[0], name="paint", options=[])
        loopback.world.commands = [theirs]
        told = await alice.reply_to(alice.slash(general, "paint"))
        assert told.content == s.COMMAND_CHANGED
        assert told.visible_to is alice.user
        await until(loopback.world, lambda: len(loopback.world.commands) > 1, lambda: "not ours")
        alice.slash(general, "describe", image=RED)
        await alice.reads(general, brief_truth("describe", RED))


async def test_where_discord_refuses_the_commands_all_else_works(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    loopback.faults.place(SYNC, Refused(400, 50035))
    async with start_brief_bot():
        thread = await alice.thread_on(alice.mentions(general, files=[RED]))
        await alice.reads(thread, brief_truth("describe", RED))
    assert loopback.faults.are_spent
    assert loopback.world.commands == []
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        await asyncio.sleep(MINUTE)
    assert loopback.world.commands
