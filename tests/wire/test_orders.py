"""Deleting is an order: what people or moderators delete does not come back, anywhere."""

import asyncio
from collections.abc import Callable

import pytest

from tests.wire.conftest import StartBriefBot
from tests.wire.model import Channel, Message
from tests.wire.people import Person, until
from tests.wire.pictures import RED
from tests.wire.server import Discord

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
