"""What people may ask, and in which words it is taken up."""

from typing import Any

import pytest

from bot.locales import sentences as s
from tests.wire.conftest import StartBriefBot
from tests.wire.model import Channel
from tests.wire.people import Person
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.test_once import saying


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("who is this?", "This is a cartoon of a duck."),
        ("is this a real passport or a toy?", "This passport is a toy."),
        ("Check my passport photo: is the background white?", "This passport photo is white."),
        ("what plate is that?", "The image shows the license plate on a truck."),
    ],
)
async def test_harmless_questions_are_answered_whatever_words_stand_in_them(
    question: str,
    answer: str,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
) -> None:
    async with start_brief_bot():
        with saying(brief_model, answer):
            thread = await alice.thread_on(alice.mentions(general, question, files=[RED]))
            assert thread.name == question
            await alice.reads(thread, answer)


async def test_a_question_names_people_channels_and_emoji_as_people_read_them(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    bob = loopback.member("bob")
    words = f"what does {bob.user.mention} hold <:lantern:11> in <#{general.id}>?"
    async with start_brief_bot():
        thread = await alice.thread_on(alice.mentions(general, words, files=[RED]))
        assert thread.name == "what does @bob hold :lantern: in #general?"
        assert await alice.reads(thread, s.LOOKING)


async def test_so_it_does_in_a_command_which_does_not_say_who_is_mentioned(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    assert general.guild is not None
    role = loopback.world.role(general.guild, "keepers")
    bob = loopback.member("bob")
    words = f"what do {role.mention} and {bob.user.mention} hold <a:lamp:11> in <#{general.id}>?"
    async with start_brief_bot():
        alice.slash(general, "describe", image=RED, question=words)
        answer = await alice.reads(general, "> what do @keepers and ")
    quoted, *_ = answer.content.split("\n")
    assert quoted == "> what do @keepers and @unknown-user hold :lamp: in #general?"
