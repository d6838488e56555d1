"""Deleting is an order: what people or moderators delete does not come back, anywhere."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.choices import Choices
from bot.locales import sentences as s
from inference import Detail
from tests.wire.conftest import StartBriefBot
from tests.wire.fault_rows import FILE
from tests.wire.faults import Slow
from tests.wire.model import Channel, Intent, Message
from tests.wire.people import Person, until
from tests.wire.pictures import BLUE, RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

MINUTE = 60.0


def said(discord: Discord) -> list[Message]:
    """List what the bot shows anywhere, in private conversations, too."""
    return [
        message
        for channel in discord.world.channels.values()
        for message in channel.messages.values()
        if message.author.is_logged_in and not message.is_by_system
    ]


async def growing(alice: Person, question: Message) -> Message:
    """Wait until the answer to a mention has begun to show."""
    thread = await alice.thread_on(question)
    return await until(alice.world, lambda: next(iter(thread.posted), None), lambda: "nothing")


async def test_who_deletes_the_question_gets_no_answer_and_sees_nothing_left(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    async with start_brief_bot(pace=1):
        question = alice.mentions(general, files=[RED])
        await growing(alice, question)
        alice.deletes(question)
        await asyncio.sleep(MINUTE)
        assert said(loopback) == []


async def test_neither_does_who_deletes_it_before_there_is_a_thread(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    async with start_brief_bot(pace=1):
        alice.deletes(alice.mentions(general, files=[RED]))
        await asyncio.sleep(MINUTE)
        assert said(loopback) == []
        assert general.guild is not None
        assert not general.guild.threads


@pytest.mark.parametrize("when", ["at once", "while it is looked at"])
async def test_nor_does_who_edits_the_picture_away(
    when: str, loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    async with start_brief_bot(pace=1) as bot:
        question = alice.mentions(general, "what is it?", files=[RED])
        if when == "while it is looked at":
            await growing(alice, question)
        alice.takes_files_away(question)
        await asyncio.sleep(MINUTE)
        assert said(loopback) == []
        assert bot.desk.open_jobs == 0


@pytest.mark.parametrize("when", ["at once", "while they are fetched", "while they are looked at"])
async def test_who_edits_one_of_the_pictures_away_is_answered_about_the_others(
    when: str,
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
    tmp_path: Path,
) -> None:
    async with start_brief_bot(pace=2) as bot:
        if when == "while they are fetched":
            loopback.faults.place(FILE, Slow(5))
        question = alice.mentions(general, files=[BLUE, RED])
        await asyncio.sleep(0 if when == "at once" else 1)
        if when == "while they are looked at":
            thread = await alice.thread_on(question)
            await alice.reads(thread, " …")
        alice.takes_files_away(question, BLUE.filename)
        thread = await alice.thread_on(question)
        answer = await alice.reads(thread, brief_truth("describe", RED))
        await asyncio.sleep(MINUTE)
        assert bot.desk.open_jobs == 0
    assert said(loopback) == [answer]
    assert answer.content == f"{brief_truth('describe', RED)}\n-# {s.REPLY_TO_ASK}"
    assert list((tmp_path / "spool").iterdir()) == []


async def test_nothing_is_said_unasked_of_pictures_that_an_edit_takes_away(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    loopback.world.approved_intents = Intent.MESSAGE_CONTENT
    bob, guild = loopback.member("bob"), general.guild
    assert guild is not None
    async with start_brief_bot(pace=5) as bot:
        await bot.wait_until_ready()
        here = Choices(accessible=frozenset({general.id}), describes_at_once=True)
        bot.store.choose(guild.id, here)
        all_gone, one_gone = (each.says(general, files=[BLUE, RED]) for each in (alice, bob))
        await asyncio.sleep(3)
        alice.takes_files_away(all_gone)
        bob.takes_files_away(one_gone, BLUE.filename)
        await asyncio.sleep(5 * MINUTE)
        assert bot.desk.open_jobs == 0
    (caption,) = said(loopback)
    assert caption.reply_to is one_gone
    assert caption.content == brief_truth("alt", RED, Detail.SHORT)


async def test_a_cleared_channel_stays_clear(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    async with start_brief_bot(pace=1):
        questions = [alice.mentions(general, files=[RED]) for _ in range(2)]
        for question in questions:
            await growing(alice, question)
        loopback.world.delete_messages(*questions)
        await asyncio.sleep(MINUTE)
        assert said(loopback) == []


async def test_a_deleted_answer_is_not_posted_again(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    async with start_brief_bot(pace=1):
        in_thread = await growing(alice, alice.mentions(general, files=[RED]))
        loopback.world.delete_message(in_thread)
        asked = alice.slash(general, "describe", image=RED)
        loopback.world.delete_message(await alice.reply_to(asked))
        await asyncio.sleep(MINUTE)
        assert said(loopback) == []


@pytest.mark.parametrize("what", ["thread", "channel", "server"])
async def test_a_place_that_is_gone_is_not_replaced_by_a_private_message(
    what: str, loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    world, guild = loopback.world, general.guild
    assert guild is not None
    async with start_brief_bot(pace=1) as bot:
        answer = await growing(alice, alice.mentions(general, files=[RED]))
        end: dict[str, Callable[[], None]] = {
            "thread": lambda: world.delete_channel(answer.channel),
            "channel": lambda: world.delete_channel(general),
            "server": lambda: world.delete_guild(guild),
        }
        end[what]()
        await asyncio.sleep(MINUTE)
        assert said(loopback) == []
        assert bot.desk.open_jobs == 0


async def test_what_was_deleted_while_the_bot_was_away_is_given_up_at_its_start(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    async with start_brief_bot(pace=60, grace=0):
        question = alice.mentions(general, files=[RED])
        await growing(alice, question)
    alice.deletes(question)
    async with start_brief_bot() as bot:
        await asyncio.sleep(5 * MINUTE)
        assert said(loopback) == []
        assert bot.desk.open_jobs == 0
