"""People wait, leave the queue, and the bot goes to sleep and wakes up."""

import asyncio

import pytest

from bot.locales import say
from bot.locales import sentences as s
from tests.furnished import FurnishedBot
from tests.wire.model import Channel
from tests.wire.people import Person
from tests.wire.pictures import BLUE, RED
from tests.wire.server import Discord
from tests.wire.test_bot_on_the_wire import StartBot
from tests.wire.truth import Truth


@pytest.mark.usefixtures("vision_bot")
async def test_alice_takes_back_a_question_that_waits(
    general: Channel, alice: Person, truth: Truth
) -> None:
    alice.slash(general, "describe", image=RED)
    await alice.reads(general, " …")
    second = alice.slash(general, "describe", image=BLUE)
    waiting = await alice.reads(general, say("en-US", s.WAITING, position=1))

    alice.clicks(waiting, s.CANCEL)
    await alice.reads(general, s.CANCELLED)
    await alice.reads(general, truth("describe", RED))

    assert second.original is waiting
    assert [message.content for message in alice.sees(general)] == [
        truth("describe", RED),
        s.CANCELLED,
    ]


@pytest.mark.usefixtures("vision_bot")
async def test_bob_cannot_take_back_alices_question(
    loopback: Discord, general: Channel, alice: Person, truth: Truth
) -> None:
    bob = loopback.member("bob")
    alice.slash(general, "describe", image=RED)
    growing = await alice.reads(general, " …")

    bob.clicks(growing, s.CANCEL)

    await bob.reads(general, s.NOT_YOURS)
    await alice.reads(general, truth("describe", RED))


@pytest.mark.usefixtures("vision_bot")
async def test_a_mention_missed_in_a_gap_is_answered_once(
    loopback: Discord, general: Channel, alice: Person, truth: Truth
) -> None:
    first = alice.mentions(general, files=[RED])
    await alice.reads(await alice.thread_on(first), truth("describe", RED))

    loopback.gateway.invalidate(resumable=False)
    missed = alice.mentions(general, files=[BLUE])
    thread = await alice.thread_on(missed)
    await alice.reads(thread, truth("describe", BLUE))
    await asyncio.sleep(60)

    assert loopback.gateway.identified == 2
    assert len(thread.posted) == 1
    assert first.thread is not None
    assert len(first.thread.posted) == 1


async def test_a_stopped_bot_ends_what_it_can_and_keeps_the_rest(
    start_bot: StartBot, general: Channel, alice: Person, truth: Truth
) -> None:
    async with start_bot() as bot:
        alice.slash(general, "describe", image=RED)
        await alice.reads(general, " …")
        alice.slash(general, "describe", image=BLUE)
        await alice.reads(general, say("en-US", s.WAITING, position=1))
        await bot.desk.drain(grace=600)
        assert truth("describe", RED) in [message.content for message in general.posted]
        assert truth("describe", BLUE) not in [message.content for message in general.posted]
    async with start_bot():
        await alice.reads(general, truth("describe", BLUE))


async def test_the_owner_pauses_the_bot_and_wakes_it_up(
    loopback: Discord, vision_bot: FurnishedBot, general: Channel, truth: Truth
) -> None:
    assert vision_bot.application is not None
    owner = Person(loopback.world, loopback.world.users[vision_bot.application.owner.id])
    alice = loopback.member("alice")

    assert (await owner.reply_to(owner.slash(general, "pause"))).content == s.PAUSE_DONE
    declined = await alice.reply_to(alice.slash(general, "describe", image=RED))
    assert declined.content == s.PAUSED

    assert (await owner.reply_to(owner.slash(general, "resume"))).content == s.RESUME_DONE
    alice.slash(general, "describe", image=RED)
    await alice.reads(general, truth("describe", RED))


async def test_the_owner_sees_what_was_asked_and_how_it_ended(
    loopback: Discord, vision_bot: FurnishedBot, general: Channel, truth: Truth
) -> None:
    assert vision_bot.application is not None
    owner = Person(loopback.world, loopback.world.users[vision_bot.application.owner.id])
    alice = loopback.member("alice")

    nothing = await owner.reply_to(owner.slash(general, "status"))
    assert nothing.content.startswith(say("en-US", s.NOTHING_COUNTED, open=0))

    alice.slash(general, "describe", image=RED)
    await alice.reads(general, truth("describe", RED))
    something = await owner.reply_to(owner.slash(general, "status"))
    assert something.content.startswith(say("en-US", s.STATUS, open=0))
    _, line, _ = something.content.rsplit("\n", 2)
    assert line.split() == ["describe", "answered", "1", "1", "1"]
