"""The real discord.py, on the loopback, does what people ask of it."""

import asyncio

import discord
import pytest
from aiohttp import ClientConnectorDNSError, ClientSession

from tests.wire.model import Channel, Upload
from tests.wire.people import Person
from tests.wire.server import Discord
from tests.wire.small_bot import SmallBot

pytestmark = pytest.mark.usefixtures("bot")
CAT = Upload("cat.png", b"not really a cat")


async def test_the_bot_logs_in_and_knows_its_server(bot: SmallBot, general: Channel) -> None:
    await bot.wait_until_ready()

    assert bot.user is not None
    assert bot.user.name == "Phi"
    assert [guild.name for guild in bot.guilds] == ["Lighthouse"]
    channel = bot.get_channel(general.id)
    assert isinstance(channel, discord.TextChannel)
    assert channel.permissions_for(channel.guild.me).send_messages


async def test_a_wrong_token_is_refused(loopback: Discord) -> None:
    client = SmallBot(loopback.connector())

    with pytest.raises(discord.LoginFailure):
        await client.start("not the token")
    await client.close()


async def test_a_slash_command_with_a_picture_gets_a_deferred_answer_that_is_edited(
    general: Channel, alice: Person
) -> None:
    interaction = alice.slash(general, "describe", image=CAT)
    first = await alice.reply_to(interaction)
    assert first.content == "Counting …"

    answer = await alice.reads(general, "16 bytes")

    assert answer is first
    assert answer.past == ["", "Counting …"]
    assert interaction.acknowledged_after == 0
    assert len(general.posted) == 1


async def test_a_message_menu_works_on_anybodys_message_and_answers_in_private(
    loopback: Discord, general: Channel, alice: Person
) -> None:
    bob = loopback.member("bob")
    picture = bob.says(general, "my cat", files=[CAT])

    answer = await alice.reply_to(alice.uses_menu("Count bytes", picture))

    assert answer.content == "16 bytes"
    assert answer in alice.sees(general)
    assert answer not in bob.sees(general)


async def test_a_mention_is_answered_in_a_thread_by_edits(general: Channel, alice: Person) -> None:
    question = alice.mentions(general, "how large is this?", files=[CAT])
    thread = await alice.thread_on(question)

    answer = await alice.reads(thread, "16 bytes")

    assert answer.past == ["Counting …"]
    assert thread.posted == [answer]
    assert general.posted == [question]


async def test_a_button_is_pressed(general: Channel, alice: Person) -> None:
    answer = await alice.reply_to(alice.slash(general, "describe", image=CAT))

    alice.clicks(answer, "Cancel")
    cancelled = await alice.reads(general, "Cancelled.")

    assert cancelled is answer
    assert answer.buttons == []


async def test_nobody_can_use_what_the_bot_does_not_offer(general: Channel, alice: Person) -> None:
    with pytest.raises(LookupError, match="offers"):
        alice.slash(general, "dance")
    with pytest.raises(LookupError, match="needs"):
        alice.slash(general, "describe")


async def test_a_person_who_waits_for_nothing_tells_what_there_is_instead(
    general: Channel, alice: Person
) -> None:
    alice.says(general, "hello?")

    with pytest.raises(TimeoutError, match=r"alice: hello\?"):
        await alice.reads(general, "hello, alice")


async def test_private_messages_reach_the_bot(
    loopback: Discord, bot: SmallBot, alice: Person
) -> None:
    alice.writes_to_bot("psst", files=[CAT])
    await asyncio.sleep(1)

    assert [message.content for message in bot.heard] == ["psst"]
    assert isinstance(bot.heard[0].channel, discord.DMChannel)
    await bot.heard[0].channel.send("yes?")
    await alice.reads(loopback.world.direct_channel(alice.user), "yes?")


async def test_without_the_content_intent_others_messages_are_empty(
    bot: SmallBot, general: Channel, alice: Person
) -> None:
    alice.says(general, "a secret", files=[CAT])
    mention = alice.mentions(general, "not a secret")
    await asyncio.sleep(1)

    assert [message.content for message in bot.heard] == ["", mention.content]
    assert bot.heard[0].attachments == []
    fetched = await bot.heard[0].fetch()
    assert fetched.content == ""


async def test_a_forwarded_picture_lies_in_a_snapshot(
    bot: SmallBot, general: Channel, alice: Person
) -> None:
    picture = alice.says(general, files=[CAT])
    alice.forwards(picture, alice.world.direct_channel(alice.user))
    await asyncio.sleep(1)

    [snapshot] = bot.heard[-1].message_snapshots
    assert [attachment.filename for attachment in snapshot.attachments] == ["cat.png"]


async def test_a_strangers_picture_is_served_by_discords_proxy(
    loopback: Discord, bot: SmallBot, alice: Person
) -> None:
    link = "https://example.org/cat.png"
    embed = loopback.world.embed(link, CAT)
    alice.says(loopback.world.direct_channel(alice.user), link, embeds=[embed])
    await asyncio.sleep(1)

    proxied = bot.heard[0].embeds[0].thumbnail.proxy_url
    assert proxied is not None
    async with (
        ClientSession(connector=loopback.connector()) as session,
        session.get(proxied) as response,
    ):
        assert await response.read() == CAT.content


async def test_no_other_host_is_reachable(loopback: Discord) -> None:
    async with ClientSession(connector=loopback.connector()) as session:
        with pytest.raises(ClientConnectorDNSError):
            await session.get("https://example.org/cat.png")
