"""What is said for the time being: it comes before the answer, and never takes its place."""

import asyncio
import gc
import logging

import pytest

from bot.locales import sentences as s
from tests.wire.conftest import StartBriefBot
from tests.wire.fault_rows import EDIT_BY_TOKEN, SEND
from tests.wire.faults import Reset, Slow
from tests.wire.model import Channel
from tests.wire.people import Person
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.truth import Truth


async def test_an_answer_that_has_begun_to_show_is_not_said_to_be_looked_for(
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot(pace=1.5):
        alice.slash(general, "describe", image=RED)
        answer = await alice.reads(general, brief_truth("describe", RED))

    assert any(text.endswith(" …") for text in answer.past)
    assert s.LOOKING not in answer.past


async def test_a_note_that_is_slow_on_its_way_does_not_land_on_top_of_the_answer(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot(pace=3.1):
        loopback.faults.place(EDIT_BY_TOKEN, Slow(30))
        interaction = alice.slash(general, "describe", image=RED, private=True)
        await asyncio.sleep(60)  # a private answer stays where it is, however late

    assert loopback.faults.are_spent
    assert interaction.original is not None
    assert interaction.original.past[1:] == [s.LOOKING]
    assert interaction.original.content == brief_truth("describe", RED)


async def test_a_note_that_finds_its_message_gone_ends_the_question(
    start_brief_bot: StartBriefBot,
    loopback: Discord,
    general: Channel,
    alice: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with start_brief_bot(pace=60) as bot:
        asked = alice.slash(general, "describe", image=RED, private=True)
        await asyncio.sleep(1)
        assert bot.desk.open_jobs == 1
        assert asked.original is not None
        loopback.world.delete_message(asked.original)  # dismissed: no event tells of it
        await asyncio.sleep(10)
        assert bot.desk.open_jobs == 0
    gc.collect()  # asyncio tells of an error that nobody has heard
    assert [line.getMessage() for line in caplog.records if line.levelno >= logging.ERROR] == []


async def test_a_draft_that_is_slow_on_its_way_does_not_land_on_top_of_a_cancellation(
    loopback: Discord, start_brief_bot: StartBriefBot, general: Channel, alice: Person
) -> None:
    async with start_brief_bot(pace=1.5):
        alice.slash(general, "describe", image=RED)
        growing = await alice.reads(general, " …")
        loopback.faults.place(EDIT_BY_TOKEN, Slow(10))
        await asyncio.sleep(2)
        alice.clicks(growing, s.CANCEL)
        await asyncio.sleep(30)

    assert loopback.faults.are_spent
    assert growing.content == s.CANCELLED


async def test_the_last_word_replaces_a_note_that_was_sent_without_our_hearing_of_it(
    loopback: Discord, start_brief_bot: StartBriefBot, general: Channel, alice: Person
) -> None:
    loopback.world.forbid(general, "read_message_history")
    async with start_brief_bot():
        loopback.faults.place(SEND, Reset("after"))
        thread = await alice.thread_on(alice.mentions(general, files=[RED]))
        note = await alice.reads(thread, s.LOOKING)
        alice.clicks(note, s.CANCEL)
        await asyncio.sleep(30)

    assert loopback.faults.are_spent
    assert [message.content for message in thread.posted] == [s.CANCELLED]
    assert note.buttons == []
