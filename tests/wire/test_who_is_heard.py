"""Whose messages mean the bot, and whom it serves, by events and by the history alike."""

import asyncio

from bot.locales import sentences as s
from tests.wire.conftest import StartBriefBot
from tests.wire.model import Channel, Intent
from tests.wire.people import Person
from tests.wire.pictures import BLUE, RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

MINUTE = 60.0
LINK = "https://pics.example/flag.png"


async def test_a_blocked_role_stays_blocked_over_a_restart(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    assert general.guild is not None
    role = loopback.world.role(general.guild, "muted", alice.user)
    blocked = frozenset({role.id})
    async with start_brief_bot(blocked_roles=blocked):
        await asyncio.sleep(MINUTE)
    missed = alice.mentions(general, files=[BLUE])
    other = loopback.member("bob").mentions(general, files=[BLUE])
    async with start_brief_bot(blocked_roles=blocked):
        await asyncio.sleep(2 * MINUTE)
    assert missed.thread is None
    assert other.thread is not None


async def test_an_allowed_role_stays_allowed_over_a_restart(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    assert general.guild is not None
    role = loopback.world.role(general.guild, "member", alice.user)
    allowed = frozenset({role.id})
    async with start_brief_bot(allowed_roles=allowed):
        await asyncio.sleep(MINUTE)
    missed = alice.mentions(general, files=[RED])
    async with start_brief_bot(allowed_roles=allowed):
        thread = await alice.thread_on(missed)
        await alice.reads(thread, brief_truth("describe", RED))
    asked = [seen for seen in loopback.requests if "/members/" in seen.path]
    assert len(asked) == 1


async def test_a_blocked_role_is_blocked_on_a_server_that_the_bot_has_not_joined(
    loopback: Discord, alice: Person, start_brief_bot: StartBriefBot, brief_truth: Truth
) -> None:
    guild = loopback.world.guild("Harbour", has_bot=False)
    role, harbour = loopback.world.role(guild, "muted", alice.user), guild.channel("general")
    async with start_brief_bot(blocked_roles=frozenset({role.id})):
        told = await alice.reply_to(alice.slash(harbour, "describe", image=RED))
        assert told.content == s.NOT_YOU
        loopback.member("bob").slash(harbour, "describe", image=RED)
        await alice.reads(harbour, brief_truth("describe", RED))


async def test_the_role_that_came_with_the_bot_is_a_mention_and_no_part_of_the_question(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    loopback.world.approved_intents = Intent.MESSAGE_CONTENT
    assert general.guild is not None
    (role,) = general.guild.roles_of(loopback.world.bot)
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        question = alice.says(general, f"{role.mention}", files=[RED])
        thread = await alice.thread_on(question)
        await alice.reads(thread, brief_truth("describe", RED))
        named = alice.says(general, f"{role.mention} what does it hold?", files=[RED])
        assert (await alice.thread_on(named)).name == "what does it hold?"


async def test_where_it_may_not_read_what_mentions_its_role_it_says_something(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    assert general.guild is not None
    (role,) = general.guild.roles_of(loopback.world.bot)
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        alice.says(general, f"{role.mention} what is it?", files=[RED])
        await alice.reads(general, s.NO_PICTURE)


async def test_who_speaks_through_a_webhook_is_heard_where_the_operator_wants_it(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    fox = loopback.world.user("Fox", bot=True)
    mention = loopback.world.bot.mention
    async with start_brief_bot():
        unheard = alice.says_through(fox, general, mention, files=[RED])
        await asyncio.sleep(MINUTE)
        assert unheard.thread is None
    async with start_brief_bot(webhooks=True) as bot:
        await bot.wait_until_ready()
        heard = alice.says_through(fox, general, mention, files=[BLUE])
        thread = await alice.thread_on(heard)
        await alice.reads(thread, brief_truth("describe", BLUE))


async def test_another_bot_is_not(
    loopback: Discord, general: Channel, start_brief_bot: StartBriefBot
) -> None:
    other = Person(loopback.world, loopback.world.user("Echo", bot=True))
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        unheard = other.mentions(general, files=[RED])
        await asyncio.sleep(MINUTE)
    assert unheard.thread is None


class TestAnEdit:
    async def test_that_adds_the_mention_makes_a_question(
        self,
        loopback: Discord,
        general: Channel,
        alice: Person,
        start_brief_bot: StartBriefBot,
        brief_truth: Truth,
    ) -> None:
        async with start_brief_bot():
            message = alice.says(general, "what is it?", files=[RED])
            await asyncio.sleep(MINUTE)
            alice.edits(message, f"{loopback.world.bot.mention}")
            thread = await alice.thread_on(message)
            answer = await alice.reads(thread, brief_truth("describe", RED))
            alice.edits(message, f"{loopback.world.bot.mention} and again?")
            await asyncio.sleep(MINUTE)
            assert thread.posted == [answer]

    async def test_of_an_old_message_makes_none(
        self, loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
    ) -> None:
        async with start_brief_bot():
            message = alice.says(general, "what is it?", files=[RED])
            await asyncio.sleep(11 * MINUTE)
            alice.edits(message, f"{loopback.world.bot.mention} what is it?")
            await asyncio.sleep(MINUTE)
            assert message.thread is None

    async def test_of_a_question_that_waits_is_what_is_answered(
        self,
        loopback: Discord,
        general: Channel,
        alice: Person,
        start_brief_bot: StartBriefBot,
        brief_truth: Truth,
    ) -> None:
        async with start_brief_bot(pace=4) as bot:
            for number in range(bot.settings.waiting_in_total // 20):
                loopback.member(f"person {number}").mentions(general, files=[BLUE])
            question = alice.mentions(general, "read", files=[RED])
            await asyncio.sleep(1)
            alice.edits(question, loopback.world.bot.mention)
            thread = await alice.thread_on(question)
            await alice.reads(thread, brief_truth("describe", RED))

    async def test_of_a_question_that_is_looked_at_comes_too_late(
        self,
        loopback: Discord,
        general: Channel,
        alice: Person,
        start_brief_bot: StartBriefBot,
        brief_truth: Truth,
    ) -> None:
        async with start_brief_bot(pace=1):
            question = alice.mentions(general, files=[RED])
            thread = await alice.thread_on(question)
            await alice.reads(thread, " …")
            alice.edits(question, f"{loopback.world.bot.mention} read")
            answer = await alice.reads(thread, brief_truth("describe", RED))
            assert answer.past.count(s.LOOKING) == 1

    async def test_while_the_picture_is_looked_for_is_what_is_answered(
        self, loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
    ) -> None:
        async with start_brief_bot() as bot:
            await bot.wait_until_ready()
            question = alice.mentions(general, f"which flag is tis? {LINK}")
            await asyncio.sleep(0.5)  # the bot waits for what Discord makes of the link
            alice.edits(question, f"{loopback.world.bot.mention} which flag is this? {LINK}")
            await asyncio.sleep(0.5)
            loopback.world.unfurl(question, loopback.world.embed(LINK, RED))
            await asyncio.sleep(MINUTE)
        assert question.thread is not None
        assert question.thread.name == "which flag is this?"
        assert len(question.thread.posted) == 1

    async def test_that_is_in_order_while_the_first_wording_is_not_is_answered_alone(
        self, loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
    ) -> None:
        async with start_brief_bot() as bot:
            await bot.wait_until_ready()
            question = alice.mentions(general, f"which flag is this? {LINK}x")
            await asyncio.sleep(0.5)
            alice.edits(question, f"{loopback.world.bot.mention} which flag is this? {LINK}")
            await asyncio.sleep(1.2)
            loopback.world.unfurl(question, loopback.world.embed(LINK, RED))
            await asyncio.sleep(MINUTE)
        assert question.thread is not None
        assert len(question.thread.posted) == 1
        assert [each for each in general.posted if each.reply_to is question] == []

    async def test_of_a_message_that_was_declined_makes_a_question_of_it(
        self,
        loopback: Discord,
        general: Channel,
        alice: Person,
        start_brief_bot: StartBriefBot,
        brief_truth: Truth,
    ) -> None:
        loopback.world.approved_intents = Intent.MESSAGE_CONTENT
        async with start_brief_bot() as bot:
            await bot.wait_until_ready()
            loopback.member("bob").says(general, "my flag", files=[RED])
            message = alice.mentions(general, "it is great")
            await alice.reads(general, s.NO_PICTURE)
            alice.edits(message, loopback.world.bot.mention)
            thread = await alice.thread_on(message)
            await alice.reads(thread, brief_truth("describe", RED))
