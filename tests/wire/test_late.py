"""Who has waited for long is called by a message of its own, and the placeholder goes."""

import asyncio

import pytest

from bot.locales import sentences as s
from tests.wire.conftest import StartBriefBot
from tests.wire.fault_rows import HISTORY, SEND
from tests.wire.faults import Refused, Reset, Slow
from tests.wire.model import Channel
from tests.wire.people import Person
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

SLOW = 20.0
"""Seconds a token."""
HOUR = 3600.0
DELETE = "DELETE /channels/{channel_id}/messages/{message_id}"


def called(alice: Person, truth: str, way: str = "slash") -> str:
    """What a late answer says: in a thread also how to ask on."""
    going_on = f" {s.REPLY_TO_ASK}" if way == "mention" else ""
    return f"{truth}\n-# {alice.user.mention}{going_on}"


@pytest.mark.parametrize("way", ["slash", "mention"])
async def test_a_late_answer_pings_its_asker_alone(
    way: str, start_brief_bot: StartBriefBot, general: Channel, alice: Person, brief_truth: Truth
) -> None:
    answer = called(alice, brief_truth("describe", RED), way)
    async with start_brief_bot(pace=SLOW):
        if way == "slash":
            alice.slash(general, "describe", image=RED)
            place = general
        else:
            place = await alice.thread_on(alice.mentions(general, files=[RED]))
        placeholder = await alice.reads(place, " …")
        late = await alice.reads(place, answer)
        await asyncio.sleep(10)
    assert placeholder.is_deleted
    assert place.of_the_bot == [late]
    assert late.pings == {alice.name}
    assert late.buttons
    assert late.files == (["1.webp"] if way == "slash" else [])


async def test_a_private_answer_stays_where_it_is_however_late(
    start_brief_bot: StartBriefBot, general: Channel, alice: Person, brief_truth: Truth
) -> None:
    async with start_brief_bot(pace=15):
        alice.slash(general, "describe", image=RED, private=True)
        await asyncio.sleep(HOUR)
    (answer,) = general.of_the_bot
    assert answer.content == brief_truth("describe", RED)
    assert answer.visible_to is alice.user


async def test_where_we_may_not_speak_of_ourselves_the_placeholder_becomes_the_answer(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot(pace=15):
        loopback.faults.place(SEND, Refused(403, 50013))
        asked = alice.slash(general, "describe", image=RED)
        await alice.reads(general, called(alice, brief_truth("describe", RED)))
        await asyncio.sleep(10)
    assert general.of_the_bot == [asked.original]
    assert loopback.faults.are_spent


@pytest.mark.parametrize("way", ["slash", "mention"])
@pytest.mark.parametrize(
    ("route", "fault"),
    [(SEND, Refused(503)), (SEND, Reset("after")), (DELETE, Refused(503))],
    ids=["before it is sent", "sent and not heard of", "before the placeholder goes"],
)
async def test_a_crash_between_the_two_leaves_one_answer(
    way: str,
    route: str,
    fault: Refused | Reset,
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
) -> None:
    answer = called(alice, brief_truth("describe", RED), way)
    async with start_brief_bot(pace=SLOW):
        if way == "slash":
            alice.slash(general, "describe", image=RED)
            place = general
        else:
            place = await alice.thread_on(alice.mentions(general, files=[RED]))
        await alice.reads(place, " …")
        loopback.faults.place(route, fault)
        await loopback.faults.until_spent()
    await asyncio.sleep(HOUR)
    async with start_brief_bot(pace=1):
        await alice.reads(place, answer)
        await asyncio.sleep(HOUR)
    assert [message.content for message in place.of_the_bot] == [answer]


@pytest.mark.parametrize("fault", [Refused(503), Reset("before")])
async def test_nor_does_it_cost_the_answer_that_discord_cannot_say_at_first_what_stands_there(
    fault: Refused | Reset,
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot(pace=SLOW):
        alice.slash(general, "describe", image=RED)
        await alice.reads(general, " …")
        loopback.faults.place(SEND, Refused(503))
        await loopback.faults.until_spent()
    await asyncio.sleep(HOUR)
    loopback.faults.place(HISTORY, fault, times=2)  # aiohttp itself bridges one reset
    async with start_brief_bot(pace=1):
        await asyncio.sleep(HOUR)
    assert loopback.faults.are_spent
    answer = called(alice, brief_truth("describe", RED))
    assert [message.content for message in general.of_the_bot] == [answer]


@pytest.mark.parametrize("place", ["thread", "channel"])
async def test_who_deletes_the_question_while_its_late_answer_is_on_the_way_sees_nothing_left(
    place: str, loopback: Discord, start_brief_bot: StartBriefBot, general: Channel, alice: Person
) -> None:
    if place == "channel":
        loopback.world.forbid(general, "create_public_threads")
    async with start_brief_bot(pace=SLOW):
        question = alice.mentions(general, files=[RED])
        here = general if place == "channel" else await alice.thread_on(question)
        placeholder = await alice.reads(here, " …")
        loopback.faults.place(SEND, Slow(10))
        await loopback.faults.until_spent()
        alice.deletes(question)
        await asyncio.sleep(HOUR)
    assert placeholder.is_deleted
    assert here.of_the_bot == []
