"""A person takes a question back while the bot is in the middle of it."""

import asyncio
import logging
from pathlib import Path

import pytest

from bot.locales import sentences as s
from tests.wire.conftest import StartBriefBot
from tests.wire.fault_rows import CALLBACK, PRIVATE_FILE
from tests.wire.faults import Refused, Slow
from tests.wire.model import Channel
from tests.wire.people import Person
from tests.wire.pictures import BLUE, RED
from tests.wire.server import Discord
from tests.wire.truth import Truth


async def test_whoever_cancels_as_the_answer_comes_has_the_answer(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with start_brief_bot(pace=0.3):
        alice.slash(general, "describe", image=RED)
        growing = await alice.reads(general, " …")
        loopback.faults.place(CALLBACK, Slow(2.5))
        pressed = alice.clicks(growing, s.CANCEL)
        await asyncio.sleep(30)

    assert pressed.acknowledged_after == 2.5
    assert growing.content == brief_truth("describe", RED)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_no_picture_stays_of_a_question_that_is_taken_back_while_they_come(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    tmp_path: Path,
) -> None:
    async with start_brief_bot():
        for fault in (Slow(1), Slow(5), Refused(404)):
            loopback.faults.place(PRIVATE_FILE, fault)
        alice.slash(general, "compare", first=RED, second=BLUE, third=RED)
        await asyncio.sleep(3)
        alice.slash(general, "forget-me")
        await alice.reads(general, s.CANCELLED)
        await asyncio.sleep(30)
        assert list((tmp_path / "spool").iterdir()) == []

    assert loopback.faults.are_spent
