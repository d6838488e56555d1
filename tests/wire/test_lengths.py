"""Text that is long takes a few messages where the bot may post them, and the rest is a file."""

import asyncio
import random
from typing import Any

import pytest

from bot.locales import sentences as s
from tests.wire.conftest import StartBriefBot
from tests.wire.fault_rows import HISTORY, SEND
from tests.wire.faults import Slow
from tests.wire.model import Channel, Message
from tests.wire.people import Person, until
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.test_once import EARLIER, saying

QUESTION = "what colour is it?"
NO_THREADS = "a mention where there are no threads"


def page(words: int) -> str:
    """Write a text that does not go round in a circle."""
    return " ".join(random.Random(1).choices(EARLIER, k=words))


async def read_text(
    start: StartBriefBot, model: tuple[Any, Any], alice: Person, place: Channel, text: str
) -> list[Message]:
    """Let Alice have a page read out; returns what stands of the bot."""
    async with start(pace=0.001):
        with saying(model, text):
            alice.slash(place, "ocr", image=RED)
            await alice.reads(place, "-# ")
            await asyncio.sleep(30)
    return [message for message in place.messages.values() if message.author.is_logged_in]


async def asked(way: str, loopback: Discord, place: Channel, alice: Person) -> Channel:
    """Let Alice ask for the text of a picture; returns where the answer will stand."""
    if way == "a command":
        alice.slash(place, "ocr", image=RED)
        return place
    if way == NO_THREADS:
        loopback.world.forbid(place, "create_public_threads")
    question = alice.mentions(place, "ocr", files=[RED])
    return place if way == NO_THREADS else await alice.thread_on(question)


def has(message: Message, label: str) -> bool:
    return label in [button["label"] for button in message.buttons]


def said(messages: list[Message]) -> str:
    lines = "\n".join(message.content for message in messages).split("\n")
    return " ".join(line for line in lines if not line.startswith(("```", "-# ")))


async def test_three_messages_and_the_rest_in_a_file(
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    general: Channel,
    alice: Person,
) -> None:
    text = page(700)
    shown = await read_text(start_brief_bot, brief_model, alice, general, text)
    first, second, third = shown
    assert (second.reply_to, third.reply_to) == (first, first)
    assert first.files == ["1.webp", "answer.txt"]
    assert first.attachments[1].upload.content.decode().split() == text.split()
    assert text.startswith(said(shown))
    assert third.content.rsplit("\n", 1)[1].startswith(f"-# {s.FULL_ANSWER}")
    assert [bool(message.buttons) for message in shown] == [True, False, False]


async def test_its_end_is_where_another_is_awaited(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    general: Channel,
    alice: Person,
) -> None:
    first, *_ = await read_text(start_brief_bot, brief_model, alice, general, page(120))
    bob = loopback.member("bob")
    async with start_brief_bot(pace=100):
        awaited = await bob.reply_to(bob.slash(general, "describe", image=RED))
        alice.clicks(first, s.DELETE)
        await asyncio.sleep(30)
        assert first.is_deleted
        assert not awaited.is_deleted


async def test_asked_for_again_it_takes_no_more_messages_than_it_needs(
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    general: Channel,
    alice: Person,
) -> None:
    shown = await read_text(start_brief_bot, brief_model, alice, general, page(700))
    async with start_brief_bot(pace=0.001):
        with saying(brief_model, page(20)):
            alice.clicks(shown[0], s.AGAIN)
            await asyncio.sleep(30)
    assert said([shown[0]]) == page(20)
    assert shown[0].files == ["1.webp"]
    assert [message.is_deleted for message in shown] == [False, True, True]


async def test_where_the_bot_is_a_guest_one_message_and_the_file(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    alice: Person,
) -> None:
    elsewhere = loopback.world.guild("Harbour", has_bot=False).channel("general")
    shown = await read_text(start_brief_bot, brief_model, alice, elsewhere, page(700))
    assert [message.files for message in shown] == [["1.webp", "answer.txt"]]


@pytest.mark.parametrize("when", ["from the start", "meanwhile"])
async def test_where_no_file_may_be_attached_the_messages_have_to_do(
    when: str,
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    general: Channel,
    alice: Person,
) -> None:
    text = page(700)
    if when == "from the start":
        loopback.world.forbid(general, "attach_files")
    async with start_brief_bot(pace=0.001):
        with saying(brief_model, text):
            thread = await alice.thread_on(alice.mentions(general, "ocr", files=[RED]))
            loopback.world.forbid(general, "attach_files")
            last = await alice.reads(thread, s.NO_FILES_HERE)
            await asyncio.sleep(30)
    shown = alice.sees(thread)
    assert text.startswith(said(shown))
    assert shown[2:] == [last]
    assert [message.files for message in shown] == [[], [], []]
    assert s.CANCEL not in [button["label"] for message in shown for button in message.buttons]


async def test_all_of_it_is_deleted_together(
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    general: Channel,
    alice: Person,
) -> None:
    shown = await read_text(start_brief_bot, brief_model, alice, general, page(400))
    assert len(shown) > 1
    async with start_brief_bot():
        alice.clicks(shown[0], s.DELETE)
        await asyncio.sleep(10)
    assert all(message.is_deleted for message in shown)


@pytest.mark.parametrize("way", ["a command", "a mention", NO_THREADS])
async def test_it_is_one_answer_whatever_is_said_in_its_midst(
    way: str,
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    general: Channel,
    alice: Person,
) -> None:
    text = page(250)
    async with start_brief_bot(pace=0.01):
        with saying(brief_model, text):
            place = await asked(way, loopback, general, alice)
            first = await alice.reads(place, "")
            loopback.faults.place(SEND, Slow(10))  # the second part: the first is an edit
            await until(alice.world, lambda: has(first, s.DELETE), lambda: first.content)
            remark = loopback.member("bob").says(place, "Wow")
            await asyncio.sleep(30)
        _, second = place.of_the_bot
        assert second.id > remark.id
        file = await alice.reply_to(alice.clicks(first, s.AS_FILE))
        assert file.attachments[0].upload.content.decode().split() == text.split()
        alice.clicks(first, s.DELETE)
        await asyncio.sleep(10)
    assert [message.is_deleted for message in (first, remark, second)] == [True, False, True]


async def test_an_old_answer_that_becomes_long_is_one_with_its_end_far_below(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    general: Channel,
    alice: Person,
) -> None:
    bob = loopback.member("bob")
    (first,) = await read_text(start_brief_bot, brief_model, alice, general, page(20))
    for number in range(250):
        bob.says(general, f"{number} people like it")
    async with start_brief_bot(pace=0.001):
        for words, parts in ((250, 2), (20, 1)):
            with saying(brief_model, page(words)):
                alice.clicks(first, s.AGAIN)
                await asyncio.sleep(60)
            assert said(general.of_the_bot) == page(words)
            assert len(general.of_the_bot) == parts


async def test_it_is_one_answer_also_where_a_crowd_speaks_in_its_midst_and_after_it(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    general: Channel,
    alice: Person,
) -> None:
    bob, text = loopback.member("bob"), page(250)
    async with start_brief_bot(pace=0.01):
        with saying(brief_model, text):
            alice.slash(general, "ocr", image=RED)
            first = await alice.reads(general, "")
            for number in range(120):
                bob.says(general, f"{number} people wait")
            await alice.reads(general, "-# ")
            await asyncio.sleep(30)
        for number in range(120):
            bob.says(general, f"{number} people like it")
        _, second = general.of_the_bot
        file = await alice.reply_to(alice.clicks(first, s.AS_FILE))
        assert file.attachments[0].upload.content.decode().split() == text.split()
        alice.clicks(first, s.DELETE)
        await asyncio.sleep(10)
    assert (first.is_deleted, second.is_deleted) == (True, True)


async def test_what_bob_asks_more_is_no_part_of_it_nor_it_of_that(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    general: Channel,
    alice: Person,
) -> None:
    bob = loopback.member("bob")
    (first,) = await read_text(start_brief_bot, brief_model, alice, general, page(20))
    async with start_brief_bot(pace=0.001):
        form = bob.clicks(first, s.ASK_MORE)
        await asyncio.sleep(1)
        with saying(brief_model, page(250)):
            more = await bob.reply_to(bob.submits(form, question=QUESTION))
            await asyncio.sleep(30)
        _, _, end_of_more = general.of_the_bot
        with saying(brief_model, page(250)):
            alice.clicks(first, s.AGAIN)
            await asyncio.sleep(30)
        *_, end = general.of_the_bot
        assert general.of_the_bot == [first, more, end_of_more, end]
        bob.clicks(more, s.DELETE)
        await asyncio.sleep(10)
        assert general.of_the_bot == [first, end]
    assert said([first, end]) == page(250)


async def test_what_bob_asks_more_meanwhile_is_not_written_over(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    general: Channel,
    alice: Person,
) -> None:
    bob = loopback.member("bob")
    (first,) = await read_text(start_brief_bot, brief_model, alice, general, page(20))
    async with start_brief_bot(pace=0.001):
        loopback.faults.place(HISTORY, Slow(10))  # the look for what may stand of its end
        with saying(brief_model, page(250)):
            alice.clicks(first, s.AGAIN)
            await loopback.faults.until_spent()
        form = bob.clicks(first, s.ASK_MORE)
        await asyncio.sleep(1)
        more = await bob.reply_to(bob.submits(form, question=QUESTION))
        await asyncio.sleep(30)
    _, _, end = general.of_the_bot
    assert general.of_the_bot == [first, more, end]
    assert more.content.startswith(f"> {QUESTION}\n")
    assert said([first, end]) == page(250)
