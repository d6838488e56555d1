import asyncio
import time

import aiohttp
import discord
import pytest

from tests.wire.faults import CutOff, RateLimited, Refused, Reset, Slow
from tests.wire.model import Channel, Upload
from tests.wire.people import Person
from tests.wire.server import Discord
from tests.wire.small_bot import SmallBot

MESSAGES = "POST /channels/{channel_id}/messages"
ORIGINAL = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
FILES = "GET /attachments/{channel_id}/{attachment_id}/{filename}"
CAT = Upload("cat.png", bytes(100_000))


@pytest.fixture
async def room(bot: SmallBot, general: Channel) -> discord.PartialMessageable:
    return bot.get_partial_messageable(general.id)


def now() -> float:
    return asyncio.get_running_loop().time()


@pytest.mark.parametrize("everywhere", [False, True])
async def test_a_429_is_obeyed(
    everywhere: bool, loopback: Discord, room: discord.PartialMessageable, general: Channel
) -> None:
    loopback.faults.place(MESSAGES, RateLimited(7.5, everywhere))
    began = time.monotonic()

    await room.send("hello")

    assert now() == pytest.approx(7.5)
    assert time.monotonic() - began < 7.5  # none of it was waited for
    assert len(general.posted) == 1
    assert [seen.status for seen in loopback.seen(*MESSAGES.split())] == [429, 200]
    assert loopback.faults.are_spent


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_a_short_outage_is_bridged(
    status: int, loopback: Discord, room: discord.PartialMessageable, general: Channel
) -> None:
    loopback.faults.place(MESSAGES, Refused(status), times=2)

    await room.send("hello")

    assert now() == 1 + 3
    assert len(general.posted) == 1


async def test_a_long_outage_is_an_error_after_25_seconds(
    loopback: Discord, room: discord.PartialMessageable, general: Channel
) -> None:
    loopback.faults.place(MESSAGES, Refused(500), times=5)

    with pytest.raises(discord.DiscordServerError):
        await room.send("hello")

    assert now() == 1 + 3 + 5 + 7 + 9
    assert general.posted == []


async def test_503_on_a_channel_is_an_error_at_once(
    loopback: Discord, room: discord.PartialMessageable
) -> None:
    loopback.faults.place(MESSAGES, Refused(503))

    with pytest.raises(discord.DiscordServerError):
        await room.send("hello")

    assert now() == 0


async def test_a_reset_before_the_effect_leaves_nothing_and_after_it_the_message(
    loopback: Discord, room: discord.PartialMessageable, general: Channel
) -> None:
    loopback.faults.place(MESSAGES, Reset("before"))
    with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        await room.send("hello", nonce="job-1")
    assert general.posted == []

    loopback.faults.place(MESSAGES, Reset("after"))
    with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        await room.send("hello", nonce="job-1")
    assert len(general.posted) == 1

    await room.send("hello", nonce="job-1")
    assert len(general.posted) == 1


async def test_discords_own_code_is_seen_by_the_bot(
    loopback: Discord, room: discord.PartialMessageable
) -> None:
    loopback.faults.place(MESSAGES, Refused(403, 50013, "Missing Permissions"))

    with pytest.raises(discord.Forbidden) as caught:
        await room.send("hello")

    assert caught.value.code == 50013


async def test_two_failed_callbacks_miss_the_three_seconds(
    loopback: Discord, bot: SmallBot, general: Channel, alice: Person
) -> None:
    callback = "POST /interactions/{interaction_id}/{interaction_token}/callback"
    loopback.faults.place(callback, Refused(500), times=2)
    failures: list[Exception] = []

    @bot.tree.error
    async def on_error(_: discord.Interaction, error: Exception) -> None:
        failures.append(getattr(error, "original", error))

    alice.slash(general, "describe", image=CAT)
    await asyncio.sleep(10)

    [failure] = failures
    assert isinstance(failure, discord.NotFound)
    assert failure.code == 10062


async def test_a_slow_file_arrives_late(
    loopback: Discord, general: Channel, alice: Person, bot: SmallBot
) -> None:
    attachment = await _picture_heard(bot, general, alice)
    loopback.faults.place(FILES, Slow(20))
    began = now()

    assert await attachment.read() == CAT.content

    assert now() - began == 20


async def test_a_file_that_is_cut_off_does_not_arrive(
    loopback: Discord, general: Channel, alice: Person, bot: SmallBot
) -> None:
    attachment = await _picture_heard(bot, general, alice)
    loopback.faults.place(FILES, CutOff(after=5_000))

    with pytest.raises(aiohttp.ClientError):
        await attachment.read()

    assert await attachment.read() == CAT.content


async def _picture_heard(bot: SmallBot, channel: Channel, person: Person) -> discord.Attachment:
    person.mentions(channel, files=[CAT])
    await asyncio.sleep(5)
    [attachment] = bot.heard[0].attachments
    return attachment


async def test_an_answer_lost_on_its_way_is_given_again_by_the_same_edit(
    loopback: Discord, bot: SmallBot, general: Channel, alice: Person
) -> None:
    loopback.faults.place(ORIGINAL, Refused(503), times=3)

    alice.slash(general, "describe", image=CAT)
    await alice.reads(general, "100000 bytes")

    assert len(general.posted) == 1
    assert bot.interactions[0].channel_id == general.id
