"""What Discord says in a form that nobody expects costs itself alone."""

import asyncio
import logging

import pytest

from bot.locales import sentences as s
from tests.wire.conftest import StartBriefBot
from tests.wire.fault_rows import SEND
from tests.wire.faults import Reset
from tests.wire.model import Channel, Intent
from tests.wire.people import Person
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

ODD = {"type": "rich", "timestamp": "never"}
"""An embed that discord.py cannot read, nor the message that has it."""


async def test_an_event_that_cannot_be_read_does_not_end_the_bot(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        odd = alice.mentions(general, files=[RED], embeds=[ODD])
        thread = await alice.thread_on(alice.mentions(general, files=[RED]))
        await alice.reads(thread, brief_truth("describe", RED))
    assert odd.thread is None
    assert loopback.gateway.identified == 1


async def test_a_message_that_cannot_be_read_hides_no_picture_before_it(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    loopback.world.approved_intents = Intent.MESSAGE_CONTENT
    bob = loopback.member("bob")
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        bob.says(general, "my flag", files=[RED])
        bob.says(general, "odd", embeds=[ODD])
        thread = await alice.thread_on(alice.mentions(general))
        await alice.reads(thread, brief_truth("describe", RED))


async def test_nor_does_it_hide_from_us_what_we_have_said_ourselves(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    loopback.world.forbid(general, "create_public_threads")
    async with start_brief_bot():
        loopback.faults.place(SEND, Reset("after"))
        alice.mentions(general, files=[RED])
        alice.mentions(general, "odd", embeds=[ODD])
        answer = await alice.reads(general, brief_truth("describe", RED))
        await asyncio.sleep(60)
    assert [each for each in general.posted if each.author.is_logged_in] == [answer]


async def test_a_thread_in_which_it_stands_is_not_empty(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bob = loopback.member("bob")
    async with start_brief_bot():
        thread = await alice.thread_on(alice.mentions(general, files=[RED]))
        answer = await alice.reads(thread, brief_truth("describe", RED))
        odd = bob.mentions(thread, "odd", embeds=[ODD])
        alice.clicks(answer, s.DELETE)
        await asyncio.sleep(60)
    assert bob.sees(thread) == [odd]
    assert general.guild is not None
    assert general.guild.threads == {thread.id: thread}
    errors = [line.getMessage() for line in caplog.records if line.levelno >= logging.ERROR]
    assert all("cannot be read" in error for error in errors)


async def test_who_asks_about_it_is_told_that_something_went_wrong(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    bob = loopback.member("bob")
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        odd = alice.mentions(general, files=[RED], embeds=[ODD])
        thread = loopback.world.open_thread(general, "Flags", bob.user, odd)
        bob.mentions(thread, "what is it?")
        await bob.reads(thread, s.UNEXPECTED)
