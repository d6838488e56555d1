import asyncio

import discord
import pytest

from tests.wire.conftest import Api
from tests.wire.model import Channel
from tests.wire.server import Discord
from tests.wire.small_bot import SmallBot


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_a_channel_takes_five_messages_in_five_seconds(api: Api, general: Channel) -> None:
    path = f"/channels/{general.id}/messages"
    answers = [await api("POST", path, {"content": str(number)}) for number in range(6)]

    assert [answer.status for answer in answers] == [200] * 5 + [429]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == list("432100")
    refused = answers[-1]
    assert refused.body == {
        "message": "You are being rate limited.",
        "retry_after": 5.0,
        "global": False,
    }
    assert refused.headers["Retry-After"] == "5"
    assert refused.headers["X-RateLimit-Scope"] == "user"
    assert "Via" in refused.headers
    assert len(general.posted) == 5

    await asyncio.sleep(5)
    assert (await api("POST", path, {"content": "again"})).status == 200


async def test_each_channel_has_a_limit_of_its_own(loopback: Discord, api: Api) -> None:
    guild = loopback.world.guild("Lighthouse", "one", "two")
    statuses = [
        (await api("POST", f"/channels/{channel.id}/messages", {"content": "x"})).status
        for channel in guild.channels.values()
        for _ in range(5)
    ]

    assert statuses == [200] * 10


async def test_fifty_requests_a_second_in_all(loopback: Discord, api: Api) -> None:
    channels = [loopback.world.guild(f"Server {n}").channel("general") for n in range(60)]
    answers = await asyncio.gather(*(api("GET", f"/channels/{channel.id}") for channel in channels))

    refused = [answer for answer in answers if answer.status == 429]
    assert len(refused) == 10
    assert {answer.body["global"] for answer in refused} == {True}
    assert {answer.headers["X-RateLimit-Global"] for answer in refused} == {"true"}
    assert {answer.headers["X-RateLimit-Scope"] for answer in refused} == {"global"}
    assert len(loopback.limits.invalid) == 10


async def test_discord_py_keeps_a_channels_limit_without_being_told(
    loopback: Discord, bot: SmallBot, general: Channel
) -> None:
    channel = bot.get_partial_messageable(general.id)

    await asyncio.gather(*(channel.send(str(number)) for number in range(20)))

    assert 15 <= now() <= 20
    assert len(general.posted) == 20
    assert not loopback.limits.invalid


async def test_discord_py_obeys_the_limit_in_all(loopback: Discord, bot: SmallBot) -> None:
    channels = [loopback.world.guild(f"Server {n}").channel("general") for n in range(120)]
    await asyncio.sleep(1)
    began = now()

    await asyncio.gather(
        *(bot.get_partial_messageable(channel.id).send("hello") for channel in channels)
    )

    assert 2 <= now() - began < 4
    assert all(len(channel.posted) == 1 for channel in channels)


async def test_answers_to_interactions_do_not_count_in_all(
    loopback: Discord, api: Api, general: Channel
) -> None:
    for number in range(60):
        answer = await api("GET", f"/webhooks/1/unknown-{number}/messages/@original")
        assert answer.status == 404

    assert (await api("GET", f"/channels/{general.id}")).status == 200
    assert not loopback.limits.invalid


async def test_too_many_refused_requests_get_the_address_banned(
    loopback: Discord, api: Api
) -> None:
    loopback.limits.invalid_in_ten_minutes = 3
    channel = loopback.world.guild("Lighthouse").channel("general")
    loopback.world.forbid(channel, "send_messages")
    for _ in range(3):
        answer = await api("POST", f"/channels/{channel.id}/messages", {"content": "x"})
        assert answer.status == 403

    banned = await api("GET", "/users/@me")
    assert banned.status == 429
    assert "Via" not in banned.headers
    await asyncio.sleep(601)
    assert (await api("GET", "/users/@me")).status == 200


async def test_a_banned_bot_gives_up_at_once(loopback: Discord, bot: SmallBot) -> None:
    loopback.limits.invalid_in_ten_minutes = 0

    with pytest.raises(discord.HTTPException) as caught:
        await bot.fetch_user(1)

    assert caught.value.status == 429
    assert now() == 0
