"""A mention in reply to somebody's picture, with and without the message content intent."""

from bot.locales import sentences as s
from tests.wire.conftest import StartBriefBot
from tests.wire.model import Channel, Intent
from tests.wire.people import Person
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.truth import Truth


async def test_where_the_portal_has_the_intent_switched_on_the_picture_is_found(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    loopback.world.approved_intents = Intent.MESSAGE_CONTENT
    async with start_brief_bot():
        picture = loopback.member("bob").says(general, "my flag", files=[RED])
        thread = await alice.thread_on(alice.mentions(general, reply_to=picture))
        await alice.reads(thread, brief_truth("describe", RED))


async def test_where_it_is_off_the_bot_points_to_the_menu_which_finds_it(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot():
        picture = loopback.member("bob").says(general, "my flag", files=[RED])
        alice.mentions(general, reply_to=picture)
        await alice.reads(general, s.HIDDEN_PICTURE)
        alice.uses_menu("Describe picture", picture)
        await alice.reads(general, brief_truth("describe", RED))
