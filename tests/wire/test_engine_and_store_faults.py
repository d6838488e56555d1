"""The model fails, or the disk does: the person hears of it, and the bot goes on."""

import asyncio
import resource
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch

from bot.choices import NOTHING_CHOSEN
from bot.locales import sentences as s
from inference import GenerationError
from inference.engine.local import Limits, LocalEngine
from tests.furnished import serve_until_a_signal
from tests.wire.conftest import StartBriefBot
from tests.wire.model import Channel
from tests.wire.people import Person, until
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

Model = tuple[Any, Any]
JOBS = "jobs.sqlite3"


def break_down(*_: Any) -> None:
    raise RuntimeError("the kernel is broken")


def run_out_of_memory(*_: Any) -> None:
    raise torch.OutOfMemoryError("no memory left")


def compute_nonsense(_: Any, __: Any, logits: torch.Tensor) -> torch.Tensor:
    return logits * torch.nan


def never_end(_: Any, __: Any, logits: torch.Tensor) -> torch.Tensor:
    return logits.index_fill(-1, torch.tensor([300]), 99.0)


@pytest.mark.parametrize(
    ("fault", "sees"),
    [
        (break_down, s.MODEL_FAILED),
        (run_out_of_memory, s.MODEL_FAILED),
        (compute_nonsense, s.MODEL_FAILED),
        (never_end, s.TEXT_REPEATED),
    ],
)
async def test_a_failing_model_costs_one_sentence_and_the_next_question_is_answered(
    fault: Callable[..., Any],
    sees: str,
    start_brief_bot: StartBriefBot,
    brief_model: Model,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot():
        hook = brief_model[0].lm_head.register_forward_hook(fault)
        try:
            alice.slash(general, "describe", image=RED)
            told = await alice.reads(general, sees)
        finally:
            hook.remove()
        alice.slash(general, "describe", image=RED)
        answer = await alice.reads(general, brief_truth("describe", RED))

    assert alice.sees(general) == [told, answer]


async def test_a_hung_model_ends_the_process_and_who_waits_is_answered_by_the_next(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    brief_model: Model,
    general: Channel,
    brief_truth: Truth,
) -> None:
    released = threading.Event()
    hook = brief_model[0].lm_head.register_forward_hook(lambda *_: released.wait() and None)
    engine = LocalEngine(*brief_model, "hangs", Limits(most_at_once=1, step_seconds=1.0))
    try:
        async with start_brief_bot(engine, running=False) as bot:
            token = loopback.world.token
            service = asyncio.create_task(serve_until_a_signal(bot, engine, token, 20))
            await until(
                loopback.world, lambda: loopback.gateway.is_connected, lambda: "no bot logs in"
            )
            people = [loopback.member(f"person {number}") for number in range(4)]
            for person in people:
                person.slash(general, "describe", image=RED)
            with pytest.raises(GenerationError):
                await service
    finally:
        released.set()
        hook.remove()
    told = [message for message in general.posted if message.content == s.MODEL_FAILED]
    assert 0 < len(told) < len(people)

    async with start_brief_bot():
        await asyncio.sleep(60)

    answer = brief_truth("describe", RED)
    answered = [message for message in general.posted if message.content == answer]
    assert sorted([*told, *answered], key=id) == sorted(general.posted, key=id)


async def test_on_a_full_disk_people_are_told_and_later_answered(
    start_brief_bot: StartBriefBot, general: Channel, alice: Person, brief_truth: Truth
) -> None:
    async with start_brief_bot():
        with full_disk():
            alice.slash(general, "describe", image=RED)
            alice.mentions(general, files=[RED])
            await until(
                alice.world, lambda: len(alice.sees(general)) == 3, lambda: "not all are told"
            )
        alice.slash(general, "describe", image=RED)
        answer = await alice.reads(general, brief_truth("describe", RED))

    said = [message.content for message in alice.sees(general) if message.author.bot]
    assert said == [s.UNEXPECTED, s.UNEXPECTED, answer.content]


async def test_a_disk_that_fills_up_after_the_question_costs_no_answer(
    start_brief_bot: StartBriefBot, general: Channel, alice: Person, brief_truth: Truth
) -> None:
    async with start_brief_bot() as bot:
        bot.desk.warm_up()  # a decoder, too, takes room on the disk when it starts
        question = alice.mentions(general, files=[RED])
        thread = await alice.thread_on(question)
        await alice.reads(thread, s.LOOKING)
        with full_disk():
            await alice.reads(thread, brief_truth("describe", RED))
            await asyncio.sleep(1)
        alice.slash(general, "describe", image=RED)
        await alice.reads(general, brief_truth("describe", RED))
        await asyncio.sleep(1)
        assert await bot.store.jobs() == []
    assert len(thread.posted) == 1


async def test_a_locked_store_is_told_of_at_once(
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
    tmp_path: Path,
) -> None:
    async with start_brief_bot():
        with closing(sqlite3.connect(tmp_path / JOBS, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            alice.slash(general, "describe", image=RED)
            await alice.reads(general, s.UNEXPECTED)
            other.execute("ROLLBACK")
        alice.slash(general, "describe", image=RED)
        await alice.reads(general, brief_truth("describe", RED))


async def test_a_store_damaged_under_the_bot_costs_no_answer_and_is_mended_at_the_start(
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with start_brief_bot():
        thread = await alice.thread_on(alice.mentions(general, files=[RED]))
        await alice.reads(thread, s.LOOKING)
        for file in tmp_path.glob(f"{JOBS}*"):  # noqa: ASYNC240
            file.write_bytes(bytes(file.stat().st_size))
        await alice.reads(thread, brief_truth("describe", RED))
    async with start_brief_bot():
        alice.slash(general, "describe", image=RED)
        await alice.reads(general, brief_truth("describe", RED))

    assert "is damaged" in caplog.text
    assert len(list(tmp_path.glob(f"{JOBS}.damaged-*"))) == 1  # noqa: ASYNC240


async def test_a_store_that_was_damaged_meanwhile_is_set_aside_at_the_start(
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with start_brief_bot():
        alice.slash(general, "describe", image=RED)
        await alice.reads(general, brief_truth("describe", RED))
    damage(tmp_path / JOBS)
    async with start_brief_bot():
        alice.slash(general, "describe", image=RED)
        await until(alice.world, lambda: len(general.posted) == 2, lambda: "no answer")
        await asyncio.sleep(60)

    said = [message.content for message in general.posted]
    assert said == [brief_truth("describe", RED)] * 2
    assert "is damaged" in caplog.text
    assert len(list(tmp_path.glob(f"{JOBS}.damaged-*"))) == 1  # noqa: ASYNC240


async def test_what_a_full_disk_does_not_take_was_not_chosen(
    loopback: Discord, start_brief_bot: StartBriefBot, general: Channel
) -> None:
    kim = loopback.member("kim")
    assert general.guild is not None
    async with start_brief_bot() as bot:
        panel = await kim.reply_to(kim.slash(general, "settings"))
        privacy = await kim.reply_to(kim.slash(general, "privacy"))
        with full_disk():
            for picked in (
                kim.picks(panel, "settings:mention", "reply"),
                kim.clicks(privacy, s.LEAVE_MY_PICTURES),
            ):
                told = await kim.reply_to(picked)
                assert told.content == s.UNEXPECTED
        assert bot.store.choices(general.guild.id) == NOTHING_CHOSEN
        assert not bot.store.leaves_alone(kim.user.id)


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process grow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def damage(file: Path) -> None:
    """Overwrite all that lies behind the file's header."""
    size = file.stat().st_size
    with file.open("r+b") as database:
        database.seek(100)
        database.write(b"\xff" * (size - 100))
