"""A person takes a question back while the bot is in the middle of it."""

import asyncio
import logging
from pathlib import Path

import pytest

from bot.locales import sentences as s
from tests.wire.conftest import StartBriefBot
from tests.wire.fault_rows import CALLBACK, EDIT_BY_TOKEN, PRIVATE_FILE
from tests.wire.faults import Fault, Refused, Reset, Slow
from tests.wire.model import Channel
from tests.wire.people import Person
from tests.wire.pictures import BLUE, RED
from tests.wire.server import Discord
from tests.wire.truth import Truth


async def test_a_cancellation_counts_from_the_press_however_slowly_it_is_acknowledged(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with start_brief_bot(pace=0.3):
        alice.slash(general, "describe", image=RED)
        growing = await alice.reads(general, " …")
        loopback.faults.place(CALLBACK, Slow(2.5))
        alice.clicks(growing, s.CANCEL)
        await asyncio.sleep(30)

    assert growing.content == s.CANCELLED
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


UNHEARD = [Refused(400, 50035), Refused(404, 10062), Reset("before"), Reset("after")]
"""What becomes of an acknowledgement."""


@pytest.mark.parametrize("fault", UNHEARD)
async def test_a_cancellation_holds_though_it_cannot_be_acknowledged(
    fault: Fault,
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
) -> None:
    async with start_brief_bot(pace=0.3):
        alice.slash(general, "describe", image=RED)
        growing = await alice.reads(general, " …")
        loopback.faults.place(CALLBACK, fault)
        alice.clicks(growing, s.CANCEL)
        await asyncio.sleep(30)

    assert loopback.faults.are_spent
    assert growing.content == s.CANCELLED


@pytest.mark.parametrize("fault", UNHEARD)
async def test_so_does_the_deletion_of_an_answer(
    fault: Fault,
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot():
        alice.slash(general, "describe", image=RED)
        answer = await alice.reads(general, brief_truth("describe", RED))
        loopback.faults.place(CALLBACK, fault)
        alice.clicks(answer, s.DELETE)
        await asyncio.sleep(30)

    assert loopback.faults.are_spent
    assert answer.is_deleted


@pytest.mark.parametrize("fault", UNHEARD)
async def test_so_does_the_wish_to_be_forgotten(
    fault: Fault,
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    tmp_path: Path,
) -> None:
    async with start_brief_bot(pace=0.5) as bot:
        alice.writes_to_bot("hello")
        alice.slash(general, "describe", image=RED)
        growing = await alice.reads(general, " …")
        loopback.faults.place(CALLBACK, fault)
        alice.slash(general, "forget-me")
        await asyncio.sleep(30)
        assert await bot.store.jobs() == []
        assert await bot.store.conversations(9) == []

    assert loopback.faults.are_spent
    assert growing.content == s.CANCELLED
    assert list((tmp_path / "spool").iterdir()) == []


@pytest.mark.parametrize("way", ["the button", "forget-me"])
async def test_what_is_taken_back_while_discord_is_out_of_order_is_gone_at_once_and_for_good(
    way: str,
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
    tmp_path: Path,
) -> None:
    async with start_brief_bot(pace=0.5) as bot:
        alice.slash(general, "describe", image=RED)
        growing = await alice.reads(general, " …")
        loopback.faults.place(EDIT_BY_TOKEN, Refused(503), times=40)
        if way == "the button":
            alice.clicks(growing, s.CANCEL)
        else:
            alice.slash(general, "forget-me")
        await asyncio.sleep(5)
        assert await bot.store.jobs() == []
        assert list((tmp_path / "spool").iterdir()) == []
    async with start_brief_bot():
        await asyncio.sleep(60)

    assert brief_truth("describe", RED) not in [message.content for message in general.posted]


async def test_no_picture_stays_of_a_question_that_is_taken_back_while_they_come(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    tmp_path: Path,
) -> None:
    async with start_brief_bot():
        for fault in (Slow(1), Slow(5)):
            loopback.faults.place(PRIVATE_FILE, fault)
        alice.slash(general, "compare", first=RED, second=BLUE, third=RED)
        await asyncio.sleep(3)
        alice.slash(general, "forget-me")
        await alice.reads(general, s.CANCELLED)
        await asyncio.sleep(30)
        assert list((tmp_path / "spool").iterdir()) == []
