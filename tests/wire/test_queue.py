"""Who is taken, who waits, and what each is told."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.locales import sentences as s
from inference import Limits
from inference.engine.local import LocalEngine
from tests.wire.conftest import StartBriefBot
from tests.wire.model import Channel, Message
from tests.wire.people import Person
from tests.wire.pictures import BLUE, RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

HOUR = 3600.0
LONGER_THAN_ANYBODY_WAITS = 400.0


@pytest.fixture
async def narrow_engine(brief_model: tuple[Any, Any]) -> AsyncIterator[LocalEngine]:
    """The brief model, one at a time: one question runs, one stands by, the rest wait."""
    engine = LocalEngine(*brief_model, "brief", Limits(most_at_once=1))
    yield engine
    await engine.close()


async def test_slow_answers_lock_nobody_out_who_would_be_served_at_once(
    start_brief_bot: StartBriefBot, general: Channel, alice: Person, brief_truth: Truth
) -> None:
    answer = f"{brief_truth('describe', RED)}\n-# {alice.user.mention} {s.REPLY_TO_ASK}"
    for _ in range(2):  # how long answers take is remembered over a restart
        async with start_brief_bot(pace=LONGER_THAN_ANYBODY_WAITS):
            for _ in range(2):
                question = alice.mentions(general, files=[RED])
                await asyncio.sleep(2 * HOUR)
                assert question.thread is not None
                assert said(question) == [answer]


async def test_who_would_have_to_wait_for_slow_answers_is_told_so(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    narrow_engine: LocalEngine,
    general: Channel,
    alice: Person,
) -> None:
    bob, carol = loopback.member("bob"), loopback.member("carol")
    async with start_brief_bot(narrow_engine, pace=LONGER_THAN_ANYBODY_WAITS):
        alice.mentions(general, files=[RED])
        await asyncio.sleep(2 * HOUR)
        for person in (alice, bob):
            await person.thread_on(person.mentions(general, files=[RED]))
        carol.mentions(general, files=[RED])
        await carol.reads(general, s.BUSY.split("{")[0])


async def test_who_is_taken_before_anothers_second_question_is_told_no_place(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    narrow_engine: LocalEngine,
    general: Channel,
    alice: Person,
) -> None:
    bob = loopback.member("bob")
    async with start_brief_bot(narrow_engine, pace=1.5):
        alice.mentions(general, files=[RED])
        waits = await alice.thread_on(alice.mentions(general, files=[RED]))
        await alice.reads(waits, "You are number 1 in the queue.")
        thread = await bob.thread_on(bob.mentions(general, files=[RED]))
        await bob.reads(thread, s.LOOKING)

    (told,) = thread.posted
    assert [told.content, *told.past] == [s.LOOKING]


def said(question: Message) -> list[str]:
    """List what stands in the thread on a question."""
    posted = question.thread.posted if question.thread else []
    return [message.content for message in posted if not message.is_deleted]


async def test_ten_pictures_in_half_a_minute_lock_nobody_out(
    general: Channel, alice: Person, start_brief_bot: StartBriefBot, brief_truth: Truth
) -> None:
    async with start_brief_bot(pace=4):
        for _ in range(10):
            alice.slash(general, "describe", image=RED)
            await asyncio.sleep(3)
        await asyncio.sleep(10 * 60)
        later = await alice.reply_to(alice.slash(general, "describe", image=BLUE))
        assert later.visible_to is None
        await alice.reads(general, brief_truth("describe", BLUE))
