"""What the connection to Discord goes through, and what is asked meanwhile."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from bot.locales import sentences as s
from bot.metrics import Metrics
from bot.vitals import Vitals
from tests.wire.conftest import StartBriefBot
from tests.wire.fault_rows import HISTORY
from tests.wire.faults import Refused, Slow
from tests.wire.gateway import Gateway
from tests.wire.model import Channel, Message
from tests.wire.people import Person, until
from tests.wire.pictures import BLUE, RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

MINUTE = 60.0
CONNECT = "GET /"
"""The gateway's own route."""


async def drop(gateway: Gateway) -> None:
    gateway.drop()


async def stall(gateway: Gateway) -> None:
    gateway.stall()


async def close_with_an_error(gateway: Gateway) -> None:
    await gateway.close(4000)


async def ask_to_reconnect(gateway: Gateway) -> None:
    gateway.reconnect()


async def invalidate_but_let_resume(gateway: Gateway) -> None:
    gateway.invalidate(resumable=True)


async def invalidate(gateway: Gateway) -> None:
    gateway.invalidate(resumable=False)


async def forget_and_drop(gateway: Gateway) -> None:
    gateway.forget_sessions()
    gateway.drop()


@pytest.mark.parametrize(
    "gap",
    [
        drop,
        stall,
        close_with_an_error,
        ask_to_reconnect,
        invalidate_but_let_resume,
        invalidate,
        forget_and_drop,
    ],
)
async def test_what_is_asked_in_a_gap_of_the_connection_is_answered_once(
    gap: Callable[[Gateway], Awaitable[None]],
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot():
        before = await answered(alice, alice.mentions(general, files=[RED]), brief_truth)
        await gap(loopback.gateway)
        in_channel = alice.mentions(general, files=[RED])
        in_thread = alice.mentions(before, files=[RED])
        await answered(alice, in_channel, brief_truth)
        await asyncio.sleep(10 * MINUTE)

    assert [message.content for message in answers_to(in_thread)] == [brief_truth("describe", RED)]
    assert in_channel.thread is not None
    assert len(in_channel.thread.posted) == 1
    assert len(before.posted) == 3


async def test_so_it_is_where_one_shard_of_several_cannot_go_on(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
) -> None:
    assert general.guild
    loopback.gateway.shards = 2
    async with start_brief_bot():
        await answered(alice, alice.mentions(general, files=[RED]), brief_truth)
        loopback.gateway.forget_session_of(general.guild)
        loopback.gateway.drop()
        missed = alice.mentions(general, files=[RED])
        await answered(alice, missed, brief_truth)
        await asyncio.sleep(MINUTE)
    assert missed.thread is not None
    assert len(missed.thread.posted) == 1


async def test_what_is_asked_while_the_bot_is_down_is_answered_once_when_it_is_back(
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot():
        await answered(alice, alice.mentions(general, files=[RED]), brief_truth)
        declined = alice.mentions(general, "it is great")
        await alice.reads(general, s.NO_PICTURE)
    missed = alice.mentions(general, files=[RED])
    alice.says(general, "is it down?")

    for _ in range(2):
        async with start_brief_bot():
            await answered(alice, missed, brief_truth)
            await asyncio.sleep(MINUTE)

    assert missed.thread is not None
    assert len(missed.thread.posted) == 1
    assert [message.content for message in answers_to(declined)] == [s.NO_PICTURE]


async def test_mentions_and_private_messages_are_found_however_quiet_it_was_before(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
) -> None:
    private = loopback.world.direct_channel(alice.user)
    async with start_brief_bot():
        alice.writes_to_bot(files=[RED])
        await alice.reads(private, brief_truth("describe", RED))
        await asyncio.sleep(61 * MINUTE)
    missed = alice.mentions(general, files=[BLUE])
    alice.writes_to_bot(files=[BLUE])
    async with start_brief_bot():
        await alice.reads(await alice.thread_on(missed), brief_truth("describe", BLUE))
        await until(alice.world, lambda: len(private.posted) == 4, lambda: "no private answer")
        await alice.reads(private, brief_truth("describe", BLUE))


async def test_only_channels_in_which_something_was_said_meanwhile_are_looked_through(
    loopback: Discord, start_brief_bot: StartBriefBot, general: Channel, alice: Person
) -> None:
    assert general.guild
    loopback.world.text_channel(general.guild, "quiet")
    async with start_brief_bot():
        await asyncio.sleep(10 * MINUTE)
    missed = alice.mentions(general, files=[RED])
    loopback.requests.clear()
    async with start_brief_bot():
        await alice.thread_on(missed)

    assert {seen.path.split("?")[0] for seen in loopback.seen(*HISTORY.split())} == {
        f"/channels/{general.id}/messages"
    }


async def test_what_nobody_could_wait_for_is_not_answered(
    start_brief_bot: StartBriefBot, general: Channel, alice: Person
) -> None:
    async with start_brief_bot():
        await asyncio.sleep(MINUTE)
    missed = alice.mentions(general, files=[RED])
    await asyncio.sleep(25 * 60 * MINUTE)
    async with start_brief_bot():
        await asyncio.sleep(MINUTE)

    assert missed.thread is None


async def test_what_was_dropped_while_running_is_not_answered_later(
    start_brief_bot: StartBriefBot, general: Channel, alice: Person
) -> None:
    async with start_brief_bot(pace=4):
        asked = [alice.mentions(general, files=[RED]) for _ in range(16)]
        await asyncio.sleep(42 * MINUTE)
    answered = [question for question in asked if question.thread]
    async with start_brief_bot():
        await asyncio.sleep(2 * MINUTE)

    assert len(answered) == 4
    assert [question for question in asked if question.thread] == answered


async def test_a_channel_that_cannot_be_looked_through_holds_up_no_other(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
) -> None:
    assert general.guild
    places = [loopback.world.text_channel(general.guild, name) for name in ("left", "right")]
    async with start_brief_bot():
        for place in places:
            await answered(alice, alice.mentions(place, files=[RED]), brief_truth)
    missed = [alice.mentions(place, files=[BLUE]) for place in places]
    loopback.world.forbid(places[1], "read_message_history")  # the newer, looked through first
    async with start_brief_bot():
        await asyncio.sleep(10 * MINUTE)

    assert [message.thread is not None for message in missed] == [True, False]


async def test_a_message_that_cannot_be_read_costs_itself_alone(
    start_brief_bot: StartBriefBot, general: Channel, alice: Person, brief_truth: Truth
) -> None:
    async with start_brief_bot():
        await asyncio.sleep(MINUTE)
    odd = alice.mentions(general, files=[RED], embeds=[{"type": "rich", "timestamp": "soon"}])
    missed = alice.mentions(general, files=[RED])
    async with start_brief_bot():
        await answered(alice, missed, brief_truth)
        await asyncio.sleep(MINUTE)
    assert odd.thread is None


async def test_a_bot_that_discord_has_hung_up_on_is_not_ready_until_it_is_back(
    loopback: Discord, start_brief_bot: StartBriefBot
) -> None:
    async with start_brief_bot() as bot:
        vitals = Vitals(bot, Metrics(), "brief")
        vitals.desk = bot.desk
        await bot.wait_until_ready()
        assert vitals.is_ready()
        loopback.faults.place(CONNECT, Refused(503), times=5)
        loopback.gateway.drop()
        await asyncio.sleep(1)
        assert not vitals.is_ready()
        while not loopback.faults.are_spent:
            await asyncio.sleep(1)
            assert not vitals.is_ready()
        await asyncio.sleep(5 * MINUTE)
        assert vitals.is_ready()


async def answered(person: Person, question: Message, truth: Truth) -> Channel:
    """Wait for the answer in the thread on a question; return the thread."""
    thread = await person.thread_on(question)
    await person.reads(thread, truth("describe", RED))
    return thread


def answers_to(question: Message) -> list[Message]:
    """List the bot's replies to a message."""
    return [message for message in question.channel.posted if message.reply_to is question]


async def test_a_bot_that_is_closed_while_it_looks_through_a_gap_does_so_after_its_next_start(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with start_brief_bot():
        await asyncio.sleep(MINUTE)
    missed = alice.mentions(general, files=[RED])
    loopback.faults.place(HISTORY, Slow(MINUTE))
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        await asyncio.sleep(1)
        assert loopback.faults.are_spent  # it looks
    assert missed.thread is None
    assert [line.getMessage() for line in caplog.records if line.levelno >= logging.ERROR] == []
    async with start_brief_bot():
        await alice.reads(await alice.thread_on(missed), brief_truth("describe", RED))
