"""Which questions a process may have died of, by what its death would leave on disk."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.jobs.attempt import AFTER_IT, BEFORE_A_WORD, GUILTY, judged
from bot.jobs.store import Store
from bot.locales import sentences as s
from inference import Limits
from inference.engine.local import LocalEngine
from tests.bot.jobs.examples import job
from tests.furnished import JOBS, jobs_in, left_by_a_death
from tests.wire.conftest import StartBriefBot
from tests.wire.model import Channel
from tests.wire.people import Person
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.test_stopping import held
from tests.wire.truth import Truth

MINUTE = 60.0


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
                left = await jobs_in(await left_by_a_death(bot))
                suspects = [each.is_suspect for each in judged(left)]
                if sum(suspects) > 1:
                    break
        await asyncio.sleep(MINUTE)
        assert await jobs_in(tmp_path) == []
    await engine.close()
    assert sorted(suspects) == [False, False, True, True]  # who is answered, who stands by


async def test_who_has_a_word_of_the_answer_is_half_as_suspicious(
    start_brief_bot: StartBriefBot, general: Channel, alice: Person
) -> None:
    async with start_brief_bot(pace=5) as bot:
        thread = await alice.thread_on(alice.mentions(general, files=[RED]))
        await alice.reads(thread, "…")
        while alice.sees(thread)[-1].content == s.LOOKING:  # noqa: ASYNC110
            await asyncio.sleep(1)
        (left,) = await jobs_in(await left_by_a_death(bot))
    assert left.in_hand == AFTER_IT


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
            (left,) = await jobs_in(await left_by_a_death(bot))
            assert left.in_hand == BEFORE_A_WORD
            await bot.desk.drain(0)
            (left,) = await jobs_in(await left_by_a_death(bot))
            assert left.in_hand == 0


@pytest.mark.parametrize("in_hand", [BEFORE_A_WORD, AFTER_IT])
async def test_who_was_alone_at_one_death_after_another_is_given_up(
    in_hand: int,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
    tmp_path: Path,
) -> None:
    async with start_brief_bot(pace=5) as bot:
        await alice.reply_to(alice.slash(general, "describe", image=RED))
        await bot.desk.drain(0)
    (left,) = await jobs_in(tmp_path)
    store = await Store.open(tmp_path / JOBS)
    await store.update(replace(left, in_hand=in_hand, attempts=GUILTY - BEFORE_A_WORD))
    await store.close()
    async with start_brief_bot():
        is_guilty = in_hand == BEFORE_A_WORD
        await alice.reads(general, s.MODEL_FAILED if is_guilty else brief_truth("describe", RED))
        await asyncio.sleep(MINUTE)
    assert await jobs_in(tmp_path) == []


def test_who_was_one_of_several_at_a_death_is_a_suspect_and_no_more() -> None:
    jobs = judged([replace(job(number), in_hand=BEFORE_A_WORD) for number in (1, 2)] + [job(3)])
    assert [each.is_suspect for each in jobs] == [True, True, False]
    assert [each.attempts for each in jobs] == [0, 0, 0]


def test_a_death_that_was_not_theirs_acquits_those_who_waited() -> None:
    once = replace(job(1), attempts=BEFORE_A_WORD, is_suspect=True)
    for in_hand in (0, BEFORE_A_WORD):
        (acquitted, _) = judged([once, replace(job(2), in_hand=in_hand)])
        assert acquitted.attempts == 0
        assert acquitted.is_suspect
