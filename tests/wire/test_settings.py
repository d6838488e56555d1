"""A server's panel, and pictures described for who does not see them, as Discord sees both."""

import asyncio

import pytest

from bot.choices import NOTHING_CHOSEN, Choices, Mention
from bot.locales import say
from bot.locales import sentences as s
from tests.wire.conftest import StartBriefBot
from tests.wire.fault_rows import HISTORY, SEND
from tests.wire.faults import Refused, Reset, Slow
from tests.wire.model import Channel, Intent, Message
from tests.wire.people import Person, until
from tests.wire.pictures import BLUE, RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

SILENT = 1 << 12
"""The flag of a message that makes no sound."""


def server_of(channel: Channel) -> int:
    assert channel.guild is not None
    return channel.guild.id


def texts(message: Message) -> str:
    return "\n".join(each["content"] for each in message.components if each["type"] == 10)


async def caption_under(loopback: Discord, picture: Message) -> Message:
    """Wait for what the bot puts under a picture."""

    def find() -> Message | None:
        replies = [each for each in picture.channel.posted if each.reply_to is picture]
        return next((each for each in replies if each.buttons), None)

    return await until(loopback.world, find, lambda: "nothing stands under the picture")


async def test_the_panel_speaks_its_readers_language_and_each_pick_holds_at_once(
    loopback: Discord, general: Channel, start_brief_bot: StartBriefBot
) -> None:
    kim = loopback.member("kim", locale="de")
    async with start_brief_bot() as bot:
        panel = await kim.reply_to(kim.slash(general, "settings"))
        assert panel.visible_to is kim.user
        assert say("de", s.SET_MENTION) in texts(panel)
        picked = kim.picks(panel, "settings:mention", "reply")
        await until(loopback.world, lambda: picked.is_acknowledged, lambda: "no answer")
        assert bot.store.choices(server_of(general)) == Choices(mention=Mention.REPLY)
        asked = kim.mentions(general, files=[RED])
        await until(
            loopback.world,
            lambda: any(each.reply_to is asked for each in general.posted),
            lambda: "no reply",
        )
        assert asked.thread is None


async def test_a_panel_from_before_a_restart_works_on(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    async with start_brief_bot():
        panel = await alice.reply_to(alice.slash(general, "settings"))
    async with start_brief_bot() as bot:
        picked = alice.picks(panel, "settings:channels", str(general.id))
        await until(loopback.world, lambda: picked.is_acknowledged, lambda: "no answer")
        chosen = bot.store.choices(server_of(general))
        assert chosen == Choices(channels=frozenset({general.id}))
        again = alice.picks(panel, "settings:channels")
        await until(loopback.world, lambda: again.is_acknowledged, lambda: "no answer")
        assert bot.store.choices(server_of(general)) == NOTHING_CHOSEN


async def test_the_panel_is_offered_on_servers_alone(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        with pytest.raises(LookupError):
            alice.slash(loopback.world.direct_channel(alice.user), "settings")
        (settings,) = [each for each in loopback.world.commands if each["name"] == "settings"]
        assert settings["default_member_permissions"] == str(1 << 5)
        assert general.posted == []


async def test_what_a_server_chose_is_forgotten_when_the_bot_was_removed_while_it_was_away(
    general: Channel, start_brief_bot: StartBriefBot
) -> None:
    async with start_brief_bot() as bot:
        await bot.store.choose(server_of(general), Choices(private=True))
        await bot.store.choose(1, Choices(private=True))
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        await asyncio.sleep(1)
        assert bot.store.choices(1) == NOTHING_CHOSEN
        assert bot.store.choices(server_of(general)) == Choices(private=True)


@pytest.mark.parametrize("where", ["channel", "thread"])
async def test_who_presses_the_button_under_a_picture_alone_reads_what_is_in_it(
    where: str,
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    loopback.world.approved_intents = Intent.MESSAGE_CONTENT
    bob = loopback.member("bob")
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        await bot.store.choose(server_of(general), Choices(accessible=frozenset({general.id})))
        place = general
        if where == "thread":
            place = loopback.world.open_thread(general, "pictures", alice.user)
        caption = await caption_under(loopback, alice.says(place, "my flag", files=[RED]))
        assert caption.content == s.NO_ALT_TEXT
        assert caption.flags & SILENT
        assert caption.pings == set()
        answer = await bob.reply_to(bob.clicks(caption, s.DESCRIBE_FOR_ME))
        assert answer.visible_to is bob.user
        await bob.reads(place, brief_truth("describe", RED))


@pytest.mark.parametrize("where", ["server", "direct", "group", "server without the bot"])
async def test_whoever_wants_their_pictures_left_alone_says_so_anywhere(
    where: str, loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    place = {
        "server": lambda: general,
        "direct": lambda: loopback.world.direct_channel(alice.user),
        "group": lambda: loopback.world.group_channel(alice.user),
        "server without the bot": lambda: loopback.world.guild("Far", has_bot=False).channel(
            "general"
        ),
    }[where]()
    async with start_brief_bot():
        told = await alice.reply_to(alice.slash(place, "privacy"))
    async with start_brief_bot() as bot:
        alice.clicks(told, s.LEAVE_MY_PICTURES)
        await alice.reads(place, s.ABOUT_LEFT_ALONE)
        assert bot.store.leaves_alone(alice.user.id)
    async with start_brief_bot() as bot:
        alice.clicks(told, s.DESCRIBE_MY_PICTURES)
        await alice.reads(place, s.ABOUT_PICTURES)
        assert not bot.store.leaves_alone(alice.user.id)


@pytest.mark.parametrize("fault", [Refused(503), Reset("before"), Reset("after")])
async def test_under_a_picture_stands_one_button_also_where_discord_is_out_of_order(
    fault: Refused | Reset,
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
) -> None:
    loopback.world.approved_intents = Intent.MESSAGE_CONTENT
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        await bot.store.choose(server_of(general), Choices(accessible=frozenset({general.id})))
        loopback.faults.place(SEND, fault)
        picture = alice.says(general, "my flag", files=[RED])
        await loopback.faults.until_spent()
        await caption_under(loopback, picture)
        await asyncio.sleep(60)
    assert len(general.posted) == 2


async def test_after_a_restart_a_sentence_stands_under_the_picture_once(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    loopback.world.approved_intents = Intent.MESSAGE_CONTENT
    here = Choices(accessible=frozenset({general.id}), describes_at_once=True)
    async with start_brief_bot(pace=30) as bot:
        await bot.wait_until_ready()
        await bot.store.choose(server_of(general), here)
        picture = alice.says(general, "my flag", files=[RED])
        await asyncio.sleep(5)
        assert bot.desk.open_jobs == 1
    assert len(general.posted) == 1
    async with start_brief_bot():
        caption = await caption_under(loopback, picture)
        assert caption.content != s.NO_ALT_TEXT
        alice.deletes(picture)
        await until(loopback.world, lambda: caption.is_deleted, lambda: "the caption stays")
    assert len(general.posted) == 2


@pytest.mark.parametrize("fault", [Refused(503), Reset("before")])
async def test_nor_is_it_lost_where_discord_cannot_say_at_first_whether_it_stands(
    fault: Refused | Reset,
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
) -> None:
    loopback.world.approved_intents = Intent.MESSAGE_CONTENT
    here = Choices(accessible=frozenset({general.id}), describes_at_once=True)
    async with start_brief_bot(pace=30) as bot:
        await bot.wait_until_ready()
        await bot.store.choose(server_of(general), here)
        picture = alice.says(general, "my flag", files=[RED])
        await asyncio.sleep(5)
    async with start_brief_bot(pace=5) as bot:
        await bot.wait_until_ready()
        await asyncio.sleep(5)
        loopback.faults.place(HISTORY, fault, times=2)  # aiohttp itself bridges one reset
        caption = await caption_under(loopback, picture)
        await asyncio.sleep(60)
    assert loopback.faults.are_spent
    assert caption.content != s.NO_ALT_TEXT
    assert len(general.posted) == 2


async def test_a_picture_from_while_the_bot_was_away_gets_its_button_once(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    loopback.world.approved_intents = Intent.MESSAGE_CONTENT
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        await bot.store.choose(server_of(general), Choices(accessible=frozenset({general.id})))
        seen = alice.says(general, "my flag", files=[RED])
        await caption_under(loopback, seen)
    missed = alice.says(general, "and hers", files=[BLUE])
    for _ in range(2):
        async with start_brief_bot():
            await caption_under(loopback, missed)
            await asyncio.sleep(30)
    captions = [each.reply_to for each in general.posted if each.author.is_logged_in]
    assert captions == [seen, missed]


async def test_it_gets_it_too_where_discord_cannot_say_at_first_whether_it_has_it(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    loopback.world.approved_intents = Intent.MESSAGE_CONTENT
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        await bot.store.choose(server_of(general), Choices(accessible=frozenset({general.id})))
    missed = alice.says(general, "my flag", files=[RED])
    loopback.faults.place(HISTORY, Slow(1))  # what was said meanwhile
    loopback.faults.place(HISTORY, Refused(503))  # what stands under it
    async with start_brief_bot():
        await caption_under(loopback, missed)
    assert loopback.faults.are_spent


async def test_a_server_that_the_bot_joins_hears_once_how_to_ask_and_where_the_settings_are(
    loopback: Discord, start_brief_bot: StartBriefBot
) -> None:
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        haven = loopback.world.guild("Hafen", "lobby", "talk", locale="de", welcomes=True)
        lobby = haven.channel("lobby")
        await until(loopback.world, lambda: lobby.posted, lambda: "nothing is said")
        assert lobby.posted[0].content == say("de", s.JOINED)
        assert lobby.posted[0].flags & SILENT
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        await asyncio.sleep(60)
    said = [message for place in loopback.world.channels.values() for message in place.posted]
    assert len(said) == 1


@pytest.mark.parametrize("why", ["no such channel", "may not write", "not served"])
async def test_where_it_is_not_welcome_to_speak_nothing_is_said_on_joining(
    why: str, loopback: Discord, general: Channel, start_brief_bot: StartBriefBot
) -> None:
    served = {"allowed_servers": {server_of(general)}} if why == "not served" else {}
    async with start_brief_bot(**served) as bot:
        await bot.wait_until_ready()
        denied = ["send_messages"] if why == "may not write" else []
        welcomes = why != "no such channel"
        haven = loopback.world.guild("Hafen", "lobby", welcomes=welcomes, denied=denied)
        await asyncio.sleep(60)
        assert bot.get_guild(haven.id) is not None
        assert haven.channel("lobby").posted == []
    assert not loopback.seen("POST", "/channels/{channel_id}/messages")
