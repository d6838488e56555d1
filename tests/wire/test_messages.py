import asyncio
import io

import discord
import pytest

from tests.wire.conftest import Api
from tests.wire.model import Channel, Upload
from tests.wire.people import Person
from tests.wire.server import Discord
from tests.wire.small_bot import SmallBot

HOUR = 3600.0
CAT = Upload("cat.png", b"not really a cat")


@pytest.fixture
async def room(bot: SmallBot, general: Channel) -> discord.TextChannel:
    await bot.wait_until_ready()
    channel = bot.get_channel(general.id)
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_a_message_sent_again_under_its_nonce_is_the_same_message(
    room: discord.TextChannel, general: Channel
) -> None:
    first = await room.send("hello", nonce="job-1")
    again = await room.send("hello", nonce="job-1")
    other = await room.send("hello", nonce="job-2")

    assert first.id == again.id != other.id
    assert len(general.posted) == 2


async def test_after_a_few_minutes_a_nonce_is_forgotten(
    room: discord.TextChannel, general: Channel
) -> None:
    await room.send("hello", nonce="job-1")
    await asyncio.sleep(10 * 60)
    await room.send("hello", nonce="job-1")

    assert len(general.posted) == 2


@pytest.mark.parametrize(
    ("content", "code"), [("x" * 2001, 50035), ("", 50006)], ids=["too long", "empty"]
)
async def test_a_message_has_one_to_two_thousand_characters(
    content: str, code: int, room: discord.TextChannel, general: Channel
) -> None:
    with pytest.raises(discord.HTTPException) as caught:
        await room.send(content)

    assert (caught.value.status, caught.value.code) == (400, code)
    assert general.posted == []


async def test_a_file_has_ten_mebibytes_at_most(room: discord.TextChannel) -> None:
    large = discord.File(io.BytesIO(bytes(10 * 2**20 + 1)), "large.bin")

    with pytest.raises(discord.HTTPException) as caught:
        await room.send(file=large)

    assert (caught.value.status, caught.value.code) == (413, 40005)


@pytest.mark.parametrize(
    ("permission", "code"), [("send_messages", 50013), ("view_channel", 50001)]
)
async def test_where_the_bot_may_not_write_it_is_refused(
    permission: str,
    code: int,
    loopback: Discord,
    room: discord.TextChannel,
    general: Channel,
) -> None:
    loopback.world.forbid(general, permission)
    await asyncio.sleep(1)
    assert not getattr(room.permissions_for(room.guild.me), permission)

    with pytest.raises(discord.Forbidden) as caught:
        await room.send("hello")
    assert caught.value.code == code

    loopback.world.allow(general, permission)
    await room.send("hello")


async def test_only_the_bots_own_messages_can_be_edited(
    room: discord.TextChannel, general: Channel, alice: Person
) -> None:
    message = alice.says(general, "mine")

    with pytest.raises(discord.Forbidden) as caught:
        await room.get_partial_message(message.id).edit(content="yours")

    assert caught.value.code == 50005


async def test_an_edit_that_leaves_the_text_alone_is_an_edit_all_the_same(
    room: discord.TextChannel, general: Channel
) -> None:
    message = await room.send("same")
    await message.edit(content="same")

    assert general.posted[0].past == ["same"]


async def test_history_is_listed_newest_first(
    room: discord.TextChannel, general: Channel, alice: Person
) -> None:
    said = [alice.mentions(general, str(number)) for number in range(7)]

    newest = [message.id async for message in room.history(limit=3)]
    older = [
        message.id async for message in room.history(limit=2, before=discord.Object(newest[-1]))
    ]
    after = [message.id async for message in room.history(after=discord.Object(said[4].id))]

    ids = [message.id for message in said]
    assert newest == ids[:3:-1]
    assert older == [ids[3], ids[2]]
    assert after == ids[5:]


async def test_a_deleted_message_is_unknown(
    room: discord.TextChannel, general: Channel, alice: Person
) -> None:
    message = await room.send("hello")
    await message.delete()

    with pytest.raises(discord.NotFound) as caught:
        await message.edit(content="too late")

    assert caught.value.code == 10008
    assert alice.sees(general) == []
    assert len(general.posted) == 1


async def test_pings_are_those_that_the_bot_allows(
    room: discord.TextChannel, general: Channel, alice: Person
) -> None:
    await room.send(f"@everyone {alice.user.mention}")
    assert general.posted[-1].pings == set()

    loud = discord.AllowedMentions(everyone=True, users=[discord.Object(alice.user.id)])
    await room.send(f"@everyone {alice.user.mention}", allowed_mentions=loud)
    assert general.posted[-1].pings == {"everyone", "alice"}


async def test_a_reply_names_what_it_answers(
    room: discord.TextChannel, general: Channel, alice: Person
) -> None:
    question = alice.mentions(general, "well?")

    reply = await room.get_partial_message(question.id).reply("well", mention_author=True)

    assert general.posted[-1].reply_to is question
    assert general.posted[-1].pings == {"alice"}
    assert reply.reference is not None
    assert reply.reference.message_id == question.id


async def test_a_reply_to_a_deleted_message_is_refused(
    room: discord.TextChannel, general: Channel, alice: Person
) -> None:
    question = alice.mentions(general, "well?")
    alice.deletes(question)

    with pytest.raises(discord.HTTPException) as caught:
        await room.get_partial_message(question.id).reply("well")

    assert caught.value.code == 50035


async def test_a_message_has_one_thread(
    room: discord.TextChannel, general: Channel, alice: Person
) -> None:
    question = room.get_partial_message(alice.mentions(general, "well?").id)
    thread = await question.create_thread(name="Answer")
    assert thread.id == question.id

    with pytest.raises(discord.HTTPException) as caught:
        await question.create_thread(name="Another")
    assert caught.value.code == 160004


async def test_a_server_has_so_many_active_threads(
    room: discord.TextChannel, general: Channel, alice: Person
) -> None:
    assert general.guild is not None
    general.guild.max_active_threads = 1
    first, second = (alice.mentions(general, word).id for word in ("one", "two"))
    thread = await room.get_partial_message(first).create_thread(name="One")

    with pytest.raises(discord.HTTPException) as caught:
        await room.get_partial_message(second).create_thread(name="Two")
    assert caught.value.code == 160006

    await thread.edit(archived=True)
    await room.get_partial_message(second).create_thread(name="Two")


async def test_the_bot_is_seen_typing_and_reacts(
    room: discord.TextChannel, general: Channel, alice: Person
) -> None:
    question = alice.mentions(general, "well?")
    async with room.typing():
        await asyncio.sleep(12)
    await room.get_partial_message(question.id).add_reaction("👀")

    assert len(general.typed_at) == 3
    assert list(question.reactions) == ["👀"]


async def test_a_files_address_expires_and_is_signed_anew_with_each_look(
    api: Api, general: Channel, alice: Person
) -> None:
    path = f"/channels/{general.id}/messages/{alice.mentions(general, files=[CAT]).id}"

    async def look() -> str:
        [attachment] = (await api("GET", path)).body["attachments"]
        return str(attachment["url"])

    async def status(url: str) -> int:
        async with api.session.get(url) as response:
            return response.status

    url = await look()
    assert await status(url) == 200
    assert await status(url.split("?")[0]) == 404

    await asyncio.sleep(24 * HOUR)
    assert await status(url) == 404
    assert await status(await look()) == 200


async def test_a_deleted_messages_files_are_gone(
    room: discord.TextChannel, general: Channel, alice: Person
) -> None:
    message = alice.mentions(general, "look", files=[CAT])
    [attachment] = (await room.fetch_message(message.id)).attachments
    alice.deletes(message)

    with pytest.raises(discord.NotFound):
        await attachment.read()
