"""A mention in reply to somebody's picture, with and without the message content intent."""

import logging

import pytest

from bot.locales import sentences as s
from tests.wire.conftest import StartBriefBot
from tests.wire.model import Channel, Intent
from tests.wire.people import Person, until
from tests.wire.pictures import BLUE, RED
from tests.wire.server import Discord
from tests.wire.truth import Truth


async def test_where_the_portal_has_the_intent_switched_on_the_picture_is_found(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    loopback.world.approved_intents = Intent.MESSAGE_CONTENT
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        picture = loopback.member("bob").says(general, "my flag", files=[RED])
        thread = await alice.thread_on(alice.mentions(general, reply_to=picture))
        await alice.reads(thread, brief_truth("describe", RED))
    assert "Ready as Phi" in caplog.text
    assert "Without the message content intent" not in caplog.text


async def test_where_it_is_off_the_bot_points_to_the_menu_which_finds_it(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        picture = loopback.member("bob").says(general, "my flag", files=[RED])
        alice.mentions(general, reply_to=picture)
        await alice.reads(general, s.HIDDEN_PICTURE)
        alice.uses_menu("Describe picture", picture)
        await alice.reads(general, brief_truth("describe", RED))
    assert "Without the message content intent" in caplog.text


async def test_in_a_thread_a_hidden_picture_is_not_taken_for_that_of_the_thread(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    async with start_brief_bot():
        thread = await alice.thread_on(alice.mentions(general, files=[RED]))
        picture = loopback.member("bob").says(thread, "and mine?", files=[BLUE])
        loopback.member("carol").mentions(thread, "what is it?", reply_to=picture)
        await alice.reads(thread, s.HIDDEN_PICTURE)


async def test_in_a_thread_a_reply_to_what_is_gone_is_about_no_other_picture(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    async with start_brief_bot():
        thread = await alice.thread_on(alice.mentions(general, files=[RED]))
        bob = loopback.member("bob")
        picture = bob.says(thread, "and mine?", files=[BLUE])
        bob.deletes(picture)
        alice.mentions(thread, "what is it?", reply_to=picture)
        await alice.reads(thread, s.PICTURE_GONE)


async def test_in_a_thread_a_reply_to_the_bots_answer_is_about_the_threads_picture(
    general: Channel, alice: Person, start_brief_bot: StartBriefBot, brief_truth: Truth
) -> None:
    async with start_brief_bot():
        thread = await alice.thread_on(alice.mentions(general, files=[RED]))
        answer = await alice.reads(thread, brief_truth("describe", RED))
        alice.mentions(thread, reply_to=answer)
        await until(alice.world, lambda: len(thread.posted) == 3, lambda: "no second answer")
        assert thread.posted[-1].reply_to is thread.posted[-2]
        await alice.reads(thread, brief_truth("describe", RED))
