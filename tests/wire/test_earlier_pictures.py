"""Which earlier picture a question without one is about, and when it is about none."""

import pytest

from bot.locales import sentences as s
from bot.pictures.search import LOOK_BACK
from tests.wire.conftest import StartBriefBot
from tests.wire.model import Channel, Intent
from tests.wire.people import Person
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.truth import Truth


@pytest.fixture
async def private(loopback: Discord, alice: Person) -> Channel:
    return loopback.world.direct_channel(alice.user)


async def test_a_link_that_discord_has_not_embedded_yet_is_not_an_older_picture(
    private: Channel, alice: Person, start_brief_bot: StartBriefBot, brief_truth: Truth
) -> None:
    async with start_brief_bot():
        alice.writes_to_bot(files=[RED])
        await alice.reads(private, brief_truth("describe", RED))
        alice.writes_to_bot("https://example.org/cat.png")
        await alice.reads(private, s.LINK_ONLY)


async def test_a_reply_to_a_link_is_not_about_an_older_picture(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    loopback.world.approved_intents = Intent.MESSAGE_CONTENT
    async with start_brief_bot():
        thread = await alice.thread_on(alice.mentions(general, files=[RED]))
        link = loopback.member("bob").says(thread, "https://example.org/cat.png")
        alice.mentions(thread, "what is it?", reply_to=link)
        await alice.reads(thread, s.LINK_ONLY)


async def test_a_forward_without_a_picture_is_called_a_forward(
    general: Channel,
    private: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()  # a look back would read forwards, of which Discord's
        alice.writes_to_bot(files=[RED])  # own description knows nothing
        await alice.reads(private, brief_truth("describe", RED))
        alice.forwards(alice.says(general, "just words"), private)
        await alice.reads(private, s.NO_PICTURE_IN_FORWARD)
        alice.forwards(alice.says(general, "https://example.org/cat.png"), private)
        await alice.reads(private, s.LINK_ONLY)


class TestInAForum:
    @pytest.fixture
    async def forum(self, loopback: Discord, general: Channel) -> Channel:
        assert general.guild is not None
        return loopback.world.forum(general.guild, "pictures")

    async def test_a_post_is_about_its_first_message_however_much_is_said_since(
        self,
        loopback: Discord,
        forum: Channel,
        alice: Person,
        start_brief_bot: StartBriefBot,
        brief_truth: Truth,
    ) -> None:
        loopback.world.approved_intents = Intent.MESSAGE_CONTENT
        bob = loopback.member("bob")
        async with start_brief_bot():
            post = bob.opens_post(forum, "My flag", files=[RED])
            for number in range(LOOK_BACK):
                bob.says(post, f"{number} people like it")
            alice.mentions(post)
            await alice.reads(post, brief_truth("describe", RED))

    async def test_where_it_has_none_alice_is_told_so(
        self, forum: Channel, alice: Person, start_brief_bot: StartBriefBot
    ) -> None:
        async with start_brief_bot():
            post = alice.opens_post(forum, "Flags")
            alice.mentions(post, "what is it?")
            await alice.reads(post, s.NO_PICTURE)
