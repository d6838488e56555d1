"""What the bot may do decides how it answers, before anything is sent."""

import asyncio

import pytest

from bot.locales import sentences as s
from tests.wire.conftest import StartBriefBot
from tests.wire.model import Channel, ChannelType, Message
from tests.wire.people import Person, until
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

MINUTE = 60.0


def private_messages(discord: Discord) -> list[Message]:
    return [
        message
        for channel in discord.world.channels.values()
        if channel.type is ChannelType.DM
        for message in channel.posted
    ]


@pytest.mark.parametrize("missing", ["send_messages_in_threads", "create_public_threads"])
async def test_where_no_thread_can_be_written_in_the_answer_is_a_reply(
    missing: str,
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    loopback.world.forbid(general, missing)
    async with start_brief_bot():
        question = alice.mentions(general, files=[RED])
        answer = await alice.reads(general, brief_truth("describe", RED))
        assert answer.reply_to is question
        assert question.thread is None
    assert private_messages(loopback) == []


async def test_where_it_may_not_reply_either_the_answer_stands_below(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    loopback.world.forbid(general, "create_public_threads", "read_message_history")
    async with start_brief_bot():
        alice.mentions(general, files=[RED])
        answer = await alice.reads(general, brief_truth("describe", RED))
        assert answer.reply_to is None
        await asyncio.sleep(MINUTE)
    assert [message for message in general.posted if message.author.is_logged_in] == [answer]
    assert private_messages(loopback) == []


async def test_where_it_may_not_write_it_shows_so_and_writes_to_nobody(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    loopback.world.forbid(general, "send_messages", "send_messages_in_threads")
    async with start_brief_bot():
        praise = alice.mentions(general, "is great, ask it")
        question = alice.mentions(general, files=[RED])
        await until(loopback.world, lambda: question.reactions, lambda: "no sign")
        await asyncio.sleep(MINUTE)
        assert list(praise.reactions) == list(question.reactions) == ["⛔"]
        assert general.guild is not None
        assert not general.guild.threads
    assert private_messages(loopback) == []
    refused = [seen for seen in loopback.requests if seen.status == 403]
    assert refused == []


async def test_a_right_that_is_lost_meanwhile_leaves_no_dead_button(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    async with start_brief_bot():
        thread = await alice.thread_on(alice.mentions(general, files=[RED]))
        await alice.reads(thread, s.LOOKING)
        loopback.world.forbid(general, "send_messages", "send_messages_in_threads")
        await asyncio.sleep(MINUTE)
        said = [message for message in thread.messages.values() if not message.is_by_system]
        buttons = [button["label"] for message in said for button in message.buttons]
        assert buttons
        assert s.CANCEL not in buttons
    assert private_messages(loopback) == []


async def test_what_auto_mod_refuses_is_said_to_be_refused_and_slips_by_it_nowhere(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    assert general.guild is not None
    general.guild.blocked_words = {brief_truth("describe", RED).split()[0]}
    async with start_brief_bot():
        thread = await alice.thread_on(alice.mentions(general, files=[RED]))
        last = await alice.reads(thread, s.BLOCKED_HERE)
        await asyncio.sleep(MINUTE)
        assert thread.posted == [last]
        assert last.buttons == []
    assert private_messages(loopback) == []
