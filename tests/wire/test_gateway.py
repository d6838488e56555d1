import asyncio

import discord
import pytest

from bot.__main__ import _sentence
from tests.wire.model import Channel, Intent
from tests.wire.people import Person, until
from tests.wire.server import Discord
from tests.wire.small_bot import SmallBot


def heard(bot: SmallBot) -> list[str]:
    return [message.content.split()[-1] for message in bot.heard]


async def test_heartbeats_are_acknowledged_for_an_hour(loopback: Discord, bot: SmallBot) -> None:
    await asyncio.sleep(3600)

    assert loopback.gateway.heartbeats == pytest.approx(3600 / 41.25, abs=2)
    assert (loopback.gateway.identified, loopback.gateway.resumed) == (1, 0)
    assert bot.latency < 60


@pytest.mark.parametrize("failure", ["drop", "reconnect"])
async def test_a_lost_connection_is_resumed_and_nothing_is_missed(
    failure: str, loopback: Discord, bot: SmallBot, general: Channel, alice: Person
) -> None:
    alice.mentions(general, "before")
    await asyncio.sleep(1)

    getattr(loopback.gateway, failure)()
    alice.mentions(general, "meanwhile")
    await asyncio.sleep(1)
    alice.mentions(general, "after")
    await asyncio.sleep(1)

    assert heard(bot) == ["before", "meanwhile", "after"]
    assert (loopback.gateway.identified, loopback.gateway.resumed) == (1, 1)
    assert bot.readied == 1


@pytest.mark.parametrize("code", [1000, 1001, 1012, 4000, 4009])
async def test_after_these_close_codes_the_session_is_resumed(
    code: int, loopback: Discord, bot: SmallBot, general: Channel, alice: Person
) -> None:
    await loopback.gateway.close(code)
    alice.mentions(general, "meanwhile")
    await asyncio.sleep(1)

    assert heard(bot) == ["meanwhile"]
    assert (loopback.gateway.identified, loopback.gateway.resumed) == (1, 1)


@pytest.mark.parametrize(
    ("code", "told"),
    [(4004, "refused the token"), (4013, "refused an intent"), (4014, "refused an intent")],
)
async def test_what_discord_refuses_for_good_is_told_to_the_operator(
    code: int, told: str, loopback: Discord
) -> None:
    client = SmallBot(loopback.connector())
    life = asyncio.create_task(client.start(loopback.world.token))
    await until(loopback.world, lambda: loopback.gateway.is_connected, lambda: "no bot logs in")
    await loopback.gateway.close(code)
    with pytest.raises(discord.DiscordException) as refused:
        await life
    assert told in _sentence(refused.value)
    assert loopback.gateway.resumed == 0
    await client.close()


async def test_a_stalled_connection_is_given_up_and_resumed(
    loopback: Discord, bot: SmallBot, general: Channel, alice: Person
) -> None:
    loopback.gateway.stall()
    alice.mentions(general, "meanwhile")
    await asyncio.sleep(30)
    assert heard(bot) == []

    await asyncio.sleep(90)

    assert heard(bot) == ["meanwhile"]
    assert loopback.gateway.resumed == 1


@pytest.mark.usefixtures("bot")
async def test_an_invalid_session_that_may_be_resumed_is_resumed(loopback: Discord) -> None:
    loopback.gateway.invalidate(resumable=True)
    await asyncio.sleep(1)

    assert (loopback.gateway.identified, loopback.gateway.resumed) == (1, 1)


async def test_after_an_invalid_session_the_bot_starts_anew_and_what_was_said_is_lost(
    loopback: Discord, bot: SmallBot, general: Channel, alice: Person
) -> None:
    await bot.wait_until_ready()
    loopback.gateway.invalidate(resumable=False)
    alice.mentions(general, "meanwhile")
    await asyncio.sleep(10)
    alice.mentions(general, "after")
    await asyncio.sleep(1)

    assert heard(bot) == ["after"]
    assert (loopback.gateway.identified, loopback.gateway.resumed) == (2, 0)
    assert bot.readied == 2


@pytest.mark.usefixtures("bot")
async def test_a_resume_that_is_refused_leads_to_a_new_session(loopback: Discord) -> None:
    loopback.gateway.forget_sessions()
    loopback.gateway.drop()
    await asyncio.sleep(10)

    assert (loopback.gateway.identified, loopback.gateway.resumed) == (2, 0)


@pytest.mark.parametrize("code", [4004, 4013])
async def test_some_close_codes_end_the_bot(code: int, loopback: Discord) -> None:
    loopback.gateway.refuse(code)
    client = SmallBot(loopback.connector())

    with pytest.raises(discord.ConnectionClosed) as caught:
        await client.start(loopback.world.token)

    assert caught.value.code == code
    await client.close()


async def test_an_intent_that_was_not_approved_ends_the_bot(loopback: Discord) -> None:
    client = SmallBot(
        loopback.connector(), discord.Intents(guilds=True, messages=True, message_content=True)
    )

    with pytest.raises(discord.PrivilegedIntentsRequired):
        await client.start(loopback.world.token)
    await client.close()


async def test_with_the_approved_content_intent_all_messages_are_readable(
    loopback: Discord, general: Channel, alice: Person
) -> None:
    loopback.world.approved_intents = Intent.MESSAGE_CONTENT
    client = SmallBot(
        loopback.connector(), discord.Intents(guilds=True, messages=True, message_content=True)
    )
    async with loopback.running(client):
        alice.says(general, "hello")
        await asyncio.sleep(1)

    assert heard(client) == ["hello"]


async def test_two_shards_share_the_servers(loopback: Discord, alice: Person) -> None:
    loopback.gateway.shards = 2
    channels = []
    for number in range(4):
        await asyncio.sleep(0.001)  # a server's shard follows from the millisecond of its birth
        channels.append(loopback.world.guild(f"Server {number}").channel("general"))
    client = SmallBot(loopback.connector())
    async with loopback.running(client):
        await client.wait_until_ready()
        for number, channel in enumerate(channels):
            alice.mentions(channel, str(number))
        await asyncio.sleep(1)

    assert sorted(heard(client)) == ["0", "1", "2", "3"]
    assert loopback.gateway.identified == 2
    assert {guild.shard_id for guild in client.guilds} == {0, 1}


async def test_a_deleted_thread_channel_and_server_are_gone_for_the_bot(
    loopback: Discord, bot: SmallBot, general: Channel, alice: Person
) -> None:
    await bot.wait_until_ready()
    assert general.guild is not None
    thread = loopback.world.open_thread(general, "Pictures", alice.user)
    await asyncio.sleep(1)
    assert bot.get_channel(general.id) is not None

    loopback.world.delete_channel(thread)
    loopback.world.delete_channel(general)
    await asyncio.sleep(1)
    assert bot.threads_lost == [thread.id]
    assert bot.get_channel(general.id) is None

    loopback.world.delete_guild(general.guild)
    await asyncio.sleep(1)
    assert list(bot.guilds) == []
