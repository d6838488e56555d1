"""Which questions a process may have died of, by what its death would leave on disk."""

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.jobs.attempt import AFTER_IT, GUILTY, is_suspect
from bot.jobs.job import Job
from bot.jobs.store import Store
from bot.locales import sentences as s
from inference import Limits
from inference.engine.local import LocalEngine
from tests.furnished import JOBS, FurnishedBot, jobs_in
from tests.wire.conftest import StartBriefBot
from tests.wire.model import Channel
from tests.wire.people import Person
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.test_stopping import held
from tests.wire.truth import Truth

MINUTE = 60.0


async def left_by_a_death(bot: FurnishedBot) -> list[Job]:
    """List the open jobs as the next process would find them if this one died now."""
    await bot.store.counts()  # when it has counted, nothing waits for the disk
    folder = bot.settings.data
    copy = await asyncio.to_thread(
        shutil.copytree, folder, folder.with_name(f"{folder.name}-remains"), dirs_exist_ok=True
    )
    return await jobs_in(copy)


async def test_only_who_the_model_has_in_hand_is_a_suspect(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    general: Channel,
    tmp_path: Path,
) -> None:
    people = [loopback.member(f"person {number}") for number in range(4)]
    engine = LocalEngine(*brief_model, "brief", Limits(most_at_once=1))
    async with start_brief_bot(engine) as bot:
        with held(brief_model) as is_held:
            for person in people:
                person.slash(general, "describe", image=RED)
            await asyncio.to_thread(is_held.wait)
            for _ in range(100):
                if sum(suspects := [is_suspect(job) for job in await left_by_a_death(bot)]) > 1:
                    break
        await asyncio.sleep(MINUTE)
        assert await jobs_in(tmp_path) == []
    await engine.close()
    assert sorted(suspects) == [False, False, True, True]  # who is answered, who stands by


async def test_who_has_a_word_of_the_answer_is_no_suspect(
    start_brief_bot: StartBriefBot, general: Channel, alice: Person
) -> None:
    async with start_brief_bot(pace=5) as bot:
        thread = await alice.thread_on(alice.mentions(general, files=[RED]))
        await alice.reads(thread, "…")
        while alice.sees(thread)[-1].content == s.LOOKING:  # noqa: ASYNC110
            await asyncio.sleep(1)
        (job,) = await left_by_a_death(bot)
    assert job.attempts == AFTER_IT
    assert not is_suspect(job)


async def test_an_order_to_stop_makes_nobody_a_suspect_however_the_process_ends_then(
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    general: Channel,
    alice: Person,
) -> None:
    async with start_brief_bot() as bot:
        with held(brief_model) as is_held:
            alice.slash(general, "describe", image=RED)
            await asyncio.to_thread(is_held.wait)
            (job,) = await left_by_a_death(bot)
            assert is_suspect(job)
            await bot.desk.drain(0)
            (job,) = await left_by_a_death(bot)
            assert job.attempts == 0


@pytest.mark.parametrize("short_of_guilt", [0, 1])
async def test_who_was_in_hand_at_one_death_after_another_is_given_up_in_the_end(
    short_of_guilt: int,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
    tmp_path: Path,
) -> None:
    async with start_brief_bot(pace=5) as bot:
        asked = alice.slash(general, "describe", image=RED)
        await alice.reply_to(asked)
        await bot.desk.drain(0)
    (job,) = await jobs_in(tmp_path)
    store = await Store.open(tmp_path / JOBS)
    await store.update(replace(job, attempts=GUILTY - short_of_guilt))
    await store.close()
    async with start_brief_bot():
        sees = brief_truth("describe", RED) if short_of_guilt else s.MODEL_FAILED
        await alice.reads(general, sees)
        await asyncio.sleep(MINUTE)
    assert await jobs_in(tmp_path) == []
