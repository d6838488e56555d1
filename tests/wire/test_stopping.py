"""The operator stops the bot: what fits into the grace time is answered, the rest is kept."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.locales import say
from bot.locales import sentences as s
from inference.engine.local import LocalEngine
from tests.furnished import serve_until_a_signal
from tests.wire.conftest import StartBriefBot
from tests.wire.fault_rows import FETCH
from tests.wire.faults import Reset
from tests.wire.model import Channel
from tests.wire.people import Person, until
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.truth import Truth


async def stop_while_alice_waits(
    grace: float, loopback: Discord, start: StartBriefBot, engine: LocalEngine, channel: Channel
) -> None:
    """Let Alice ask, stop the bot, and let Bob ask before it has stopped."""
    alice, bob = loopback.member("alice"), loopback.member("bob")
    async with start(running=False) as bot:
        service = asyncio.create_task(
            serve_until_a_signal(bot, engine, loopback.world.token, grace)
        )
        await until(loopback.world, lambda: loopback.gateway.is_connected, lambda: "no bot")
        alice.slash(channel, "describe", image=RED)
        await asyncio.sleep(1)  # of virtual time: the model speaks
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0)
        bob.slash(channel, "describe", image=RED)
        await service


async def test_a_bot_that_is_stopped_ends_its_answers_and_answers_the_next_after_its_start(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    brief_engine: LocalEngine,
    general: Channel,
    brief_truth: Truth,
) -> None:
    await stop_while_alice_waits(20, loopback, start_brief_bot, brief_engine, general)

    answer = brief_truth("describe", RED)
    assert [message.content for message in general.posted] == [answer, s.RESTARTING]

    async with start_brief_bot():
        await asyncio.sleep(60)
    assert [message.content for message in general.posted] == [answer, answer]


async def test_a_mention_while_the_bot_stops_is_answered_after_its_start(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    brief_truth: Truth,
) -> None:
    alice, bob = loopback.member("alice"), loopback.member("bob")
    async with start_brief_bot() as bot:
        alice.slash(general, "describe", image=RED)
        await asyncio.sleep(1)
        stopping = asyncio.create_task(bot.desk.drain(20))
        question = bob.mentions(general, files=[RED])
        thread = await bob.thread_on(question)
        await bob.reads(thread, s.RESTARTING)
        await stopping
    async with start_brief_bot():
        await bob.reads(thread, brief_truth("describe", RED))
    assert len(thread.posted) == 1


async def test_what_is_looked_into_when_the_bot_ends_is_answered_after_its_start(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
    caplog: pytest.LogCaptureFixture,
) -> None:
    link = "https://pics.example/flag.png"
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        question = alice.mentions(general, link)
        await asyncio.sleep(0.5)  # the bot waits for what Discord makes of the link
    loopback.world.unfurl(question, loopback.world.embed(link, RED))
    await asyncio.sleep(10)
    assert general.posted == [question]
    assert [line.getMessage() for line in caplog.records if line.levelno >= logging.ERROR] == []
    async with start_brief_bot():
        await alice.reads(await alice.thread_on(question), brief_truth("describe", RED))


async def test_a_connection_that_breaks_after_the_start_costs_no_question_that_was_kept(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot(pace=60):
        thread = await alice.thread_on(alice.mentions(general, files=[RED]))
        await alice.reads(thread, s.LOOKING)
    loopback.faults.place(FETCH, Reset("before"), times=2)  # aiohttp itself bridges one
    async with start_brief_bot():
        await asyncio.sleep(60)
    assert loopback.faults.are_spent
    (answer,) = thread.posted
    assert brief_truth("describe", RED) in answer.content


async def test_a_bot_that_stops_is_not_reopened_by_its_owner(
    loopback: Discord, start_brief_bot: StartBriefBot, general: Channel, brief_truth: Truth
) -> None:
    owner, alice = Person(loopback.world, loopback.world.bot_owner), loopback.member("alice")
    async with start_brief_bot() as bot:
        await bot.desk.drain(1)
        owner.slash(general, "resume")
        asked = alice.slash(general, "describe", image=RED)
        assert (await alice.reply_to(asked)).content == s.RESTARTING
    async with start_brief_bot():
        await alice.reads(general, brief_truth("describe", RED))


async def test_a_pause_lasts_over_a_restart(
    loopback: Discord, start_brief_bot: StartBriefBot, general: Channel, brief_truth: Truth
) -> None:
    owner, alice = Person(loopback.world, loopback.world.bot_owner), loopback.member("alice")
    async with start_brief_bot():
        await owner.reply_to(owner.slash(general, "pause"))
    async with start_brief_bot():
        asked = alice.slash(general, "describe", image=RED)
        assert (await alice.reply_to(asked)).content == s.PAUSED
        await owner.reply_to(owner.slash(general, "resume"))
    async with start_brief_bot():
        alice.slash(general, "describe", image=RED)
        await alice.reads(general, brief_truth("describe", RED))


async def test_what_does_not_fit_into_the_grace_time_is_answered_after_the_next_start(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    brief_engine: LocalEngine,
    general: Channel,
    brief_truth: Truth,
) -> None:
    await stop_while_alice_waits(0.1, loopback, start_brief_bot, brief_engine, general)
    assert all(message.content != brief_truth("describe", RED) for message in general.posted)

    async with start_brief_bot():
        await asyncio.sleep(60)
    assert [each.content for each in general.posted] == [brief_truth("describe", RED)] * 2


async def test_how_long_an_answer_takes_is_remembered_over_a_restart(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    general: Channel,
) -> None:
    alice = loopback.member("alice")

    async def told_while_the_first_is_answered() -> str:
        with held(brief_model) as is_held:
            alice.slash(general, "describe", image=RED)
            await asyncio.to_thread(is_held.wait)
            told = (await alice.reply_to(alice.slash(general, "describe", image=RED))).content
        await asyncio.sleep(60)  # of virtual time: both are answered
        return told

    async with start_brief_bot():
        assert await told_while_the_first_is_answered() == say("en-US", s.WAITING, position=1)
        told_before = await told_while_the_first_is_answered()
    async with start_brief_bot():
        told_after = await told_while_the_first_is_answered()

    assert told_before.startswith("You are number 1 in the queue: about ")
    assert told_after == told_before


@contextmanager
def held(model: tuple[Any, Any]) -> Iterator[threading.Event]:
    """Hold a model in its next step; the event is set as soon as it is held."""
    is_held, goes_on = threading.Event(), threading.Event()

    def hold(*_: Any) -> None:
        is_held.set()
        goes_on.wait()

    hook = model[0].lm_head.register_forward_hook(hold)
    try:
        yield is_held
    finally:
        goes_on.set()
        hook.remove()
