"""Whatever a crash leaves half said is said whole, once."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch

from bot.locales import sentences as s
from inference import Detail
from tests.furnished import jobs_in, left_by_a_death
from tests.wire.conftest import StartBriefBot
from tests.wire.fault_rows import CALLBACK, SEND
from tests.wire.faults import Garbled, Refused, Slow
from tests.wire.model import Channel, Message
from tests.wire.people import Person, until
from tests.wire.pictures import BLUE, RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

MINUTE = 60.0
EARLIER = ("important", "differences", "Transcribe", "Describe", "sentences.")
LATER = ("nothing", "objects", "between", "exactly.", "breaks.")
"""Words that the model has in its vocabulary."""


def sentences(words: tuple[str, ...]) -> str:
    """Make a text that needs two messages and does not go round in a circle."""
    return " ".join(random.Random(1).choices(words, k=400))


@contextmanager
def saying(model: tuple[Any, Any], text: str) -> Iterator[None]:
    """Let the model say something, token by token, over and over."""
    tokenizer = model[1].tokenizer
    tokens = tokenizer.encode(f"{text}<|end|>", add_special_tokens=False)
    said = iter(tokens)

    def say(_: Any, __: Any, logits: torch.Tensor) -> torch.Tensor:
        return logits.index_fill(-1, torch.tensor([next(said, tokens[-1])]), 1e9)

    hook = model[0].lm_head.register_forward_hook(say)
    try:
        yield
    finally:
        hook.remove()


def spoken(thread: Channel) -> list[Message]:
    """List what the bot has written in a thread and not deleted."""
    return [each for each in thread.messages.values() if each.author.bot and each.content]


async def test_an_acknowledgement_that_cannot_be_read_costs_no_answer(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot():
        loopback.faults.place(CALLBACK, Garbled())
        alice.slash(general, "describe", image=RED)
        await alice.reads(general, brief_truth("describe", RED))
        await asyncio.sleep(MINUTE)
    assert [message.content for message in general.posted] == [brief_truth("describe", RED)]


async def test_a_command_of_which_nobody_says_where_it_was_used_is_answered_by_its_token(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    loopback.world.says_where = False
    async with start_brief_bot(pace=20) as bot:
        asked = alice.slash(general, "describe", image=RED)
        await alice.reads(general, " …")
        (job,) = await bot.store.jobs()
        assert job.channel_id == asked.id, "no other question has this place"
        await alice.reads(general, brief_truth("describe", RED))
        await asyncio.sleep(MINUTE)
    assert [each for each in general.messages.values() if each.author.is_logged_in] == [
        asked.original
    ]


async def test_a_message_that_cannot_be_read_costs_the_gap_no_more_than_itself(
    general: Channel, alice: Person, start_brief_bot: StartBriefBot, brief_truth: Truth
) -> None:
    async with start_brief_bot():
        await asyncio.sleep(MINUTE)
    alice.says(general, "odd", embeds=[{"type": "rich", "timestamp": "never"}])
    missed = alice.mentions(general, files=[RED])
    async with start_brief_bot():
        await alice.reads(await alice.thread_on(missed), brief_truth("describe", RED))


async def test_after_a_crash_in_a_new_thread_the_answer_is_a_message_of_its_own(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot():
        loopback.faults.place(SEND, Refused(503), times=40)
        question = alice.mentions(general, files=[RED])
        thread = await alice.thread_on(question)
        await asyncio.sleep(1)
    loopback.faults.clear()
    async with start_brief_bot():
        answer = await alice.reads(thread, brief_truth("describe", RED))
        await asyncio.sleep(MINUTE)
    assert spoken(thread) == [answer]


async def test_an_answer_in_parts_that_is_said_otherwise_after_a_crash_replaces_its_parts(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
) -> None:
    before, after = sentences(EARLIER), sentences(LATER)
    async with start_brief_bot(pace=0.01):
        with saying(brief_model, before):
            thread = await alice.thread_on(alice.mentions(general, "tell me", files=[BLUE]))
            await until(alice.world, lambda: len(spoken(thread)) > 1, lambda: "no second part")
            loopback.faults.place(SEND, Refused(503), times=40)
            await asyncio.sleep(1)
    loopback.faults.clear()
    async with start_brief_bot(pace=0.01):
        with saying(brief_model, after):
            await asyncio.sleep(MINUTE)
    words = " ".join(message.content for message in spoken(thread)).split()
    assert len(spoken(thread)) > 1
    assert words == f"{after}\n-# {s.REPLY_TO_ASK}".split()


async def test_after_a_crash_in_a_part_more_than_before_an_answer_keeps_the_parts_it_had(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
) -> None:
    async with start_brief_bot(pace=0.01):
        with saying(brief_model, sentences(LATER)):
            alice.slash(general, "ocr", image=BLUE)
            await asyncio.sleep(MINUTE)
        answer, second = spoken(general)
        loopback.faults.place(SEND, Refused(503), times=40)
        with saying(brief_model, sentences(EARLIER)):
            alice.clicks(answer, s.AGAIN)
            await until(alice.world, lambda: EARLIER[0] in second.content, lambda: second.content)
        await asyncio.sleep(1)
    loopback.faults.clear()
    async with start_brief_bot(pace=0.01):
        with saying(brief_model, sentences(EARLIER)):
            await asyncio.sleep(MINUTE)
    assert spoken(general)[:2] == [answer, second]
    assert len(spoken(general)) == 3


async def test_a_press_waits_until_an_answer_in_parts_is_whole_that_is_said_after_a_crash(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
) -> None:
    async with start_brief_bot(pace=5):
        thread = await alice.thread_on(alice.mentions(general, "tell me", files=[BLUE]))
        answer = await alice.reads(thread, "…")
    loopback.faults.place(SEND, Slow(10))  # the second part: the first is an edit
    async with start_brief_bot(pace=0.01):
        with saying(brief_model, sentences(LATER)):
            await until(alice.world, lambda: len(answer.buttons) > 1, lambda: answer.content)
        alice.clicks(answer, s.AGAIN)
        await asyncio.sleep(MINUTE)
    assert loopback.faults.are_spent
    assert spoken(thread) == [answer]


@pytest.mark.parametrize("is_press", [False, True], ids=["a question", "a press"])
async def test_a_press_is_taken_though_a_crash_has_left_open_what_it_is_pressed_under(
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
    *,
    is_press: bool,
) -> None:
    normal, short = (brief_truth("describe", RED, each) for each in (Detail.NORMAL, Detail.SHORT))
    async with start_brief_bot(pace=1) as bot:
        alice.slash(general, "describe", image=RED)
        if is_press:
            alice.clicks(await alice.reads(general, normal), s.SHORTER)
        await alice.reads(general, " …")
        left = await left_by_a_death(bot)
        answer = await alice.reads(general, short if is_press else normal)
    assert len(await jobs_in(left)) == 1
    async with start_brief_bot(pace=5, data=left) as bot:
        await bot.wait_until_ready()
        pressed = alice.clicks(answer, s.LONGER if is_press else s.SHORTER)
        await asyncio.sleep(MINUTE)
    assert pressed.is_acknowledged
    assert answer.content == (normal if is_press else short)
    assert spoken(general) == [answer]
    assert await jobs_in(left) == []
