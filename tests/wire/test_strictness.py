"""Where Discord is not as kind as one might think: what it leaves out, refuses and adds."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from typing import Any

import discord
import pytest

from tests.wire.conftest import Api
from tests.wire.model import THREAD_STARTER, Channel, Intent, Message
from tests.wire.people import Person
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.small_bot import SmallBot


@pytest.fixture
async def room(bot: SmallBot, general: Channel) -> discord.TextChannel:
    await bot.wait_until_ready()
    channel = bot.get_channel(general.id)
    assert isinstance(channel, discord.TextChannel)
    return channel


@pytest.fixture
def events(bot: SmallBot) -> list[Any]:
    """Keep what the bot hears of deletions and edits."""
    heard: list[Any] = []

    async def hear(event: Any) -> None:
        heard.append(event)

    for name in ("message_delete", "bulk_message_delete", "message_edit"):
        setattr(bot, f"on_raw_{name}", hear)
    return heard


class TestWhatIsLeftOut:
    async def test_only_an_event_says_what_an_author_is_in_the_server(
        self, loopback: Discord, bot: SmallBot, room: discord.TextChannel, alice: Person
    ) -> None:
        assert room.guild is not None
        keeper = loopback.world.role(loopback.world.guilds[room.guild.id], "keeper", alice.user)
        message = alice.mentions(loopback.world.channels[room.id], "hello")
        await asyncio.sleep(1)
        (heard,) = bot.heard
        assert isinstance(heard.author, discord.Member)
        assert [role.id for role in heard.author.roles] == [room.guild.id, keeper.id]

        fetched = await room.fetch_message(message.id)
        assert not isinstance(fetched.author, discord.Member)
        member = await room.guild.fetch_member(fetched.author.id)
        assert keeper.id in [role.id for role in member.roles]

    async def test_the_update_that_brings_embeds_is_empty_without_the_content_intent(
        self, loopback: Discord, room: discord.TextChannel, alice: Person, events: list[Any]
    ) -> None:
        link = "https://pics.example/gull.png"
        message = alice.mentions(loopback.world.channels[room.id], link)
        loopback.world.unfurl(message, loopback.world.embed(link, RED))
        await asyncio.sleep(1)
        assert [update.message.embeds for update in events] == [[]]
        assert (await room.fetch_message(message.id)).embeds

    async def test_a_mention_of_the_bots_role_opens_no_message_to_it(
        self, loopback: Discord, bot: SmallBot, general: Channel, alice: Person
    ) -> None:
        await bot.wait_until_ready()
        assert general.guild is not None
        (role,) = general.guild.roles_of(loopback.world.bot)
        alice.says(general, f"{role.mention} hello", files=[RED])
        await asyncio.sleep(1)
        (heard,) = bot.heard
        assert (heard.content, heard.attachments) == ("", [])
        assert [mentioned.id for mentioned in heard.role_mentions] == [role.id]
        assert heard.role_mentions[0].tags is not None
        assert bot.user is not None
        assert heard.role_mentions[0].tags.bot_id == bot.user.id

    async def test_a_webhook_is_no_member(
        self, loopback: Discord, bot: SmallBot, general: Channel, alice: Person
    ) -> None:
        await bot.wait_until_ready()
        hook = loopback.world.user("Alice's fox", bot=True)
        alice.says_through(hook, general, f"{loopback.world.bot.mention} hello")
        await asyncio.sleep(1)
        (heard,) = bot.heard
        assert heard.webhook_id == hook.id
        assert not isinstance(heard.author, discord.Member)


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("permission", "send", "code"),
        [
            ("attach_files", lambda room, _: room.send(file=_file()), 50013),
            ("embed_links", lambda room, _: room.send(embed=discord.Embed(title="x")), 50013),
            ("read_message_history", lambda room, message: _reply(room, message), 160002),
            ("read_message_history", lambda room, message: room.fetch_message(message.id), 50013),
            ("create_public_threads", lambda room, message: _thread(room, message), 50013),
        ],
    )
    async def test_what_the_bot_may_not_do(
        self,
        permission: str,
        send: Callable[[discord.TextChannel, Message], Awaitable[object]],
        code: int,
        loopback: Discord,
        room: discord.TextChannel,
        general: Channel,
        alice: Person,
    ) -> None:
        message = alice.says(general, "hello")
        loopback.world.forbid(general, permission)
        with pytest.raises(discord.Forbidden) as caught:
            await send(room, message)
        assert caught.value.code == code
        loopback.world.allow(general, permission)
        await send(room, message)

    async def test_a_thread_asks_for_its_own_permission_alone(
        self, loopback: Discord, room: discord.TextChannel, general: Channel, alice: Person
    ) -> None:
        thread = await _thread(room, alice.says(general, "hello"))
        loopback.world.forbid(general, "send_messages")
        await thread.send("allowed")
        loopback.world.forbid(general, "send_messages_in_threads")
        with pytest.raises(discord.Forbidden) as caught:
            await thread.send("not allowed")
        assert caught.value.code == 50013

    async def test_a_file_that_an_edit_brings(
        self, loopback: Discord, room: discord.TextChannel, general: Channel
    ) -> None:
        message = await room.send("draft")
        loopback.world.forbid(general, "attach_files")
        with pytest.raises(discord.Forbidden) as caught:
            await message.edit(content="answer", attachments=[_file()])
        assert caught.value.code == 50013
        assert general.posted[-1].content == "draft"

    async def test_what_auto_mod_blocks(
        self, room: discord.TextChannel, general: Channel, alice: Person
    ) -> None:
        assert general.guild is not None
        general.guild.blocked_words = {"gull"}
        message = await room.send("draft")
        for blocked in (room.send("a gull"), message.edit(content="a gull")):
            with pytest.raises(discord.HTTPException) as caught:
                await blocked
            assert (caught.value.status, caught.value.code) == (400, 200000)
        with pytest.raises(discord.HTTPException) as caught:
            await _thread(room, alice.says(general, "hello"), "About a gull")
        assert caught.value.code == 200001

    async def test_a_threads_own_starter_is_not_to_be_edited(
        self, room: discord.TextChannel, general: Channel, alice: Person
    ) -> None:
        question = alice.says(general, "hello")
        thread = await _thread(room, question)
        (starter,) = [message async for message in thread.history()]
        assert starter.type.value == THREAD_STARTER
        assert starter.reference is not None
        assert starter.reference.message_id == question.id
        with pytest.raises(discord.HTTPException) as caught:
            await starter.edit(content="answer")
        assert caught.value.code == 50021


class TestWhatIsTold:
    async def test_of_each_deletion_by_whatever_way(
        self, loopback: Discord, general: Channel, alice: Person, events: list[Any]
    ) -> None:
        first, *others = [alice.says(general, str(number)) for number in range(3)]
        alice.deletes(first)
        loopback.world.delete_messages(*others)
        await asyncio.sleep(1)
        one, several = events
        assert one.message_id == first.id
        assert several.message_ids == {message.id for message in others}

    async def test_the_last_message_of_each_place_whatever_has_become_of_it(
        self, loopback: Discord, general: Channel, alice: Person
    ) -> None:
        thread = loopback.world.open_thread(general, "Pictures", alice.user)
        alice.says(general, "first")
        last = alice.says(general, "last")
        in_thread = alice.says(thread, "hello")
        alice.deletes(last)
        client = SmallBot(loopback.connector())
        async with loopback.running(client):
            await client.wait_until_ready()
            places = [client.get_channel(place.id) for place in (general, thread)]
            assert [getattr(place, "last_message_id", None) for place in places] == [
                last.id,
                in_thread.id,
            ]

    async def test_the_languages_of_a_command_only_to_who_asks_for_them(
        self, loopback: Discord, bot: SmallBot, api: Api
    ) -> None:
        await bot.wait_until_ready()
        loopback.world.commands[0]["name_localizations"] = {"de": "beschreiben"}
        path = f"/applications/{bot.application_id}/commands"
        without = (await api("GET", path)).body
        with_them = (await api("GET", f"{path}?with_localizations=true")).body
        assert "name_localizations" not in without[0]
        assert "name_localizations" in with_them[0]


async def test_with_the_content_intent_everything_is_told(
    loopback: Discord, general: Channel, alice: Person
) -> None:
    loopback.world.approved_intents = Intent.MESSAGE_CONTENT
    intents = discord.Intents(guilds=True, messages=True, message_content=True)
    client = SmallBot(loopback.connector(), intents)
    async with loopback.running(client):
        await client.wait_until_ready()
        gallery = loopback.world.gallery(general, RED)
        alice.says(general, components=[gallery])
        await asyncio.sleep(1)
    (heard,) = client.heard
    assert (heard.content, heard.attachments) == ("", [])
    assert heard.flags.components_v2
    assert isinstance(heard.components[0], discord.MediaGalleryComponent)


def _file() -> discord.File:
    return discord.File(io.BytesIO(b"text"), "answer.txt")


async def _reply(room: discord.TextChannel, message: Message) -> discord.Message:
    return await room.send("answer", reference=room.get_partial_message(message.id))


async def _thread(
    room: discord.TextChannel, message: Message, name: str = "Answers"
) -> discord.Thread:
    return await room.get_partial_message(message.id).create_thread(name=name)
