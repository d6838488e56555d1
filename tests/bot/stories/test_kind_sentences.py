"""What cannot be done is said in one sentence, with what to do."""

import discord
import pytest

from bot.locales import say
from bot.locales import sentences as s
from bot.settings import BotSettings
from tests.bot.stories.conftest import Expect, MakeBot, Server
from tests.bot.stories.pictures import CHART, COVER
from tests.inference.pictures.drawing import LOCK, pdf


async def test_no_picture_anywhere(server: Server) -> None:
    await server.alice.send(server.general, f"{server.mention} what is this?")
    assert server.last_answer() == s.NO_PICTURE


async def test_a_link_instead_of_a_picture(server: Server) -> None:
    await server.alice.send(server.general, f"{server.mention} https://example.com/cat.png")
    assert server.last_answer() == s.LINK_ONLY


async def test_a_reply_to_a_message_without_a_picture(server: Server) -> None:
    words = await server.alice.send(server.general, "Just words")
    await server.bob.send(server.general, f"{server.mention} what is it?", reply_to=words)
    assert server.last_answer() == s.HIDDEN_PICTURE


async def test_the_menu_of_a_message_without_a_picture(server: Server) -> None:
    words = await server.alice.send(server.general, "Just words")
    result = await server.bob.context_menu(server.general, "Describe picture", words)
    assert result.ephemeral
    assert result.response is not None
    assert result.response.content == s.NO_PICTURE_IN_MESSAGE


async def test_of_more_pictures_than_the_bot_takes_the_first_are_looked_at(
    server: Server, expect: Expect
) -> None:
    pictures = [(f"{number}.png", CHART) for number in range(7)]
    await server.alice.send(server.general, server.mention, attachments=pictures)
    expect.answers(server.answers_in_thread(), "compare", [CHART] * 6)
    left_out = say("en-US", s.PICTURES_LEFT_OUT, most=6)
    assert left_out in server.answers_in_thread()[-1].content


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"Dear diary, this is a text.", s.NOT_A_PICTURE),
        (b"", s.NOT_A_PICTURE),
        (COVER[:60], s.PICTURE_DAMAGED),
        (pdf("a", lock=LOCK), s.PICTURE_LOCKED),
    ],
    ids=["a text file", "an empty file", "a picture cut off before its pixels", "a locked PDF"],
)
async def test_a_file_that_cannot_be_opened(server: Server, data: bytes, sentence: str) -> None:
    result = await server.alice.slash(server.general, "describe", image=("a.png", data))
    assert result.response is not None
    assert result.response.content == sentence


async def test_who_asks_too_fast_is_told_when_to_come_back(server: Server) -> None:
    for _ in range(6):
        await server.alice.slash(server.general, "describe", image=("a.png", b"no picture"))
    result = await server.alice.slash(server.general, "describe", image=("a.png", CHART))
    assert result.ephemeral
    assert result.response is not None
    assert result.response.content.startswith("That was a little fast. You can ask again <t:")


@pytest.mark.parametrize("command", ["pause", "status"])
async def test_some_commands_are_for_the_owner_alone(
    server: Server, settings: BotSettings, make_bot: MakeBot, command: str
) -> None:
    settings.home = server.guild.id
    await server.env.restart_bot(make_bot())
    role = server.guild.create_role("admin", permissions=discord.Permissions(administrator=True))
    carol = server.guild.add_member(server.env.create_user("carol"), roles=[role])
    result = await carol.slash(server.general, command)
    assert result.ephemeral
    assert result.response is not None
    assert result.response.content == s.OWNER_ONLY
