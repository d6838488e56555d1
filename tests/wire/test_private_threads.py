"""Where a server wants it, a mention is answered in a thread that the asker alone is let into."""

import asyncio

import pytest

from bot.choices import Choices, Mention
from bot.locales import sentences as s
from tests.furnished import FurnishedBot
from tests.wire.conftest import StartBriefBot
from tests.wire.fault_rows import EDIT
from tests.wire.faults import Refused, Reset
from tests.wire.model import Channel, ChannelType, Intent
from tests.wire.people import Person, until
from tests.wire.pictures import BLUE, RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

LET_IN = "PUT /channels/{channel_id}/thread-members/{user_id}"


async def choose(bot: FurnishedBot, channel: Channel) -> None:
    assert channel.guild is not None
    await bot.store.choose(channel.guild.id, Choices(mention=Mention.PRIVATE_THREAD))


async def thread_in(loopback: Discord, channel: Channel) -> Channel:
    """Wait for the one thread of a server."""
    assert channel.guild is not None
    threads = channel.guild.threads
    await until(loopback.world, lambda: threads, lambda: "no thread is opened")
    (thread,) = threads.values()
    return thread


async def test_the_asker_alone_is_let_in_and_nothing_is_said_in_the_channel(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot() as bot:
        await choose(bot, general)
        question = alice.mentions(general, files=[RED])
        thread = await thread_in(loopback, general)
        assert thread.type is ChannelType.PRIVATE_THREAD
        answer = await alice.reads(thread, brief_truth("describe", RED))
        assert thread.let_in == [alice.user]
        assert general.posted == [question]
        assert len(answer.files) == 1, "the picture stands in the channel, not in the thread"


async def test_who_writes_on_in_it_needs_to_mention_nobody(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    loopback.world.approved_intents = Intent.MESSAGE_CONTENT
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        await choose(bot, general)
        alice.mentions(general, files=[RED])
        thread = await thread_in(loopback, general)
        await alice.reads(thread, f"{brief_truth('describe', RED)}\n-# {s.JUST_WRITE}")
        asked = alice.says(thread, "and how large?")
        await until(
            loopback.world,
            lambda: any(each.reply_to is asked for each in thread.posted),
            lambda: "no answer",
        )


async def test_an_edit_while_the_last_word_is_on_its_way_takes_no_picture_from_the_answer(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot(pace=1) as bot:
        await choose(bot, general)
        question = alice.mentions(general, files=[RED])
        thread = await thread_in(loopback, general)
        await alice.reads(thread, " …")
        loopback.faults.place(EDIT, Reset("after"), times=100)
        answer = await alice.reads(thread, s.REPLY_TO_ASK)
        alice.edits(question, f"{loopback.world.bot.mention} read")
        await asyncio.sleep(1)
        loopback.faults.clear()
        await asyncio.sleep(60)
        assert bot.desk.open_jobs == 0
    assert answer.content.startswith(brief_truth("describe", RED))
    assert answer.files == ["1.webp"]


@pytest.mark.parametrize("seconds", [0, 5])
async def test_a_picture_that_an_edit_takes_away_goes_from_the_answer_too(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
    seconds: float,
) -> None:
    async with start_brief_bot(pace=2) as bot:
        await choose(bot, general)
        question = alice.mentions(general, files=[BLUE, RED])
        thread = await thread_in(loopback, general)
        await asyncio.sleep(seconds)
        alice.takes_files_away(question, BLUE.filename)
        answer = await alice.reads(thread, s.REPLY_TO_ASK)
        await asyncio.sleep(60)
        assert bot.desk.open_jobs == 0
    assert answer.content.startswith(brief_truth("describe", RED))
    assert answer.files == ["1.webp"]


async def test_while_discord_is_out_of_order_no_second_thread_is_opened(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    loopback.faults.place(LET_IN, Refused(503), times=2)
    async with start_brief_bot() as bot:
        await choose(bot, general)
        alice.mentions(general, files=[RED])
        thread = await thread_in(loopback, general)
        await alice.reads(thread, brief_truth("describe", RED))
        assert thread.let_in == [alice.user]
        assert await thread_in(loopback, general) is thread


async def test_a_thread_from_before_a_restart_is_gone_on_with(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    loopback.faults.place(LET_IN, Refused(503), times=1000)
    async with start_brief_bot() as bot:
        await choose(bot, general)
        alice.mentions(general, files=[RED])
        thread = await thread_in(loopback, general)
        await asyncio.sleep(60)
        assert thread.let_in == []
    loopback.faults.clear()
    async with start_brief_bot():
        answer = await alice.reads(thread, brief_truth("describe", RED))
        assert thread.let_in == [alice.user]
        assert await thread_in(loopback, general) is thread
        await until(
            loopback.world,
            lambda: (
                [each for each in thread.messages.values() if each.author.is_logged_in] == [answer]
            ),
            lambda: "what stood there while people waited is left behind",
        )


@pytest.mark.parametrize("missing", ["create_private_threads", "send_messages_in_threads"])
async def test_where_it_may_not_open_one_the_answer_is_a_reply(
    missing: str,
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    loopback.world.forbid(general, missing)
    async with start_brief_bot() as bot:
        await choose(bot, general)
        question = alice.mentions(general, files=[RED])
        answer = await alice.reads(general, brief_truth("describe", RED))
        assert answer.reply_to is question
    assert general.guild is not None
    assert general.guild.threads == {}
