"""In a channel that the server chooses, a member who does not see pictures misses none."""

from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
from simcord import MemberActor

from bot.choices import Choices
from bot.locales import sentences as s
from bot.settings import BotSettings
from bot.trial.media import SimulatedMedia
from inference import Engine
from tests.bot.stories.conftest import MakeBot, Server, words
from tests.bot.stories.pictures import CHART, COVER
from tests.furnished import FurnishedBot


@pytest.fixture
def settings(settings: BotSettings) -> BotSettings:
    return settings.model_copy(update={"requests_a_minute": 2})


@pytest.fixture
async def make_bot(
    engine: Engine, media: SimulatedMedia, settings: BotSettings
) -> AsyncIterator[MakeBot]:
    """Make the real bot, to whom Discord shows all messages."""
    bots: list[FurnishedBot] = []

    def make() -> FurnishedBot:
        bots.append(FurnishedBot(settings, engine, media))
        bots[-1]._connection._intents.message_content = True
        return bots[-1]

    yield make
    for bot in bots:
        await bot.close()


def choose(server: Server, *, at_once: bool = False, **choices: Any) -> None:
    """Make the channel accessible."""
    here = Choices(accessible=frozenset({server.general.id}), describes_at_once=at_once, **choices)
    server.env.bot.store.choose(server.guild.id, here)


async def post(
    server: Server, who: MemberActor, *pictures: bytes, alt: str | None = None, name: str = "c.png"
) -> discord.Message:
    """Post pictures, with alt text or without."""
    backend = server.env.backend
    files = backend.store_attachments(server.general.id, [(name, each) for each in pictures])
    for file in files:
        file["description"] = alt
    message = backend.create_message(server.general.id, who.id, "look", attachments=files)
    server.env._mark_mutation()
    await server.env.settle()
    return next(each for each in server.general.history() if each.id == message.id)


def captions(server: Server) -> list[discord.Message]:
    return [message for message in server.general.history() if message.author.bot]


async def test_under_each_picture_without_alt_text_stands_a_silent_button(server: Server) -> None:
    choose(server)
    picture = await post(server, server.alice, CHART, COVER)
    (caption,) = captions(server)
    assert caption.content == s.NO_ALT_TEXT
    assert caption.reference is not None
    assert caption.reference.message_id == picture.id
    assert caption.flags.suppress_notifications
    assert caption.mentions == []
    result = await server.bob.click(caption, label=s.DESCRIBE_FOR_ME)
    assert result.ephemeral
    assert result.response is not None
    assert result.response.content
    assert len(server.general.history(viewer=server.alice)) == 2


async def test_words_and_pictures_with_alt_text_are_left_alone(server: Server) -> None:
    choose(server)
    await post(server, server.alice, CHART, alt="Three bars, the last one the highest")
    await server.alice.send(server.general, "no picture at all")
    await server.alice.send(server.general, "notes", attachments=[("notes.txt", b"words")])
    other = server.guild.create_text_channel("other")
    await server.alice.send(other, "look", attachments=[("c.png", CHART)])
    assert captions(server) == []
    assert other.last_message is not None
    assert not other.last_message.author.bot


async def test_who_does_not_want_it_is_left_alone_and_may_come_back(server: Server) -> None:
    choose(server)
    result = await server.alice.slash(server.general, "privacy")
    assert result.response is not None
    told = await server.alice.click(result.response, label=s.LEAVE_MY_PICTURES)
    assert told.response is not None
    assert told.response.content == s.ABOUT_LEFT_ALONE
    await post(server, server.alice, CHART)
    assert captions(server) == []
    await post(server, server.bob, CHART)
    assert len(captions(server)) == 1
    forgotten = await server.alice.slash(server.general, "forget-me")
    assert forgotten.response is not None
    assert s.WISH_STAYS in forgotten.response.content
    await server.alice.click(told.response, label=s.DESCRIBE_MY_PICTURES)
    await post(server, server.alice, CHART)
    assert len(captions(server)) == 2


async def test_it_goes_when_the_picture_goes(server: Server) -> None:
    choose(server)
    pictures = [await post(server, server.alice, CHART) for _ in range(3)]
    assert len(captions(server)) == 3
    await server.alice.delete(pictures[0])
    assert len(captions(server)) == 2
    server.env.backend.bulk_delete_messages(
        server.general.id, [picture.id for picture in pictures[1:]]
    )
    server.env._mark_mutation()
    await server.env.settle()
    assert captions(server) == []


async def test_it_goes_when_an_edit_takes_the_picture_away_or_describes_it(server: Server) -> None:
    choose(server)
    backend = server.env.backend
    for change in ("gone", "described"):
        picture = await post(server, server.alice, CHART)
        await server.alice.edit(picture, "look here")
        assert len(captions(server)) == 1
        stored = backend.messages[server.general.id][picture.id]
        if change == "gone":
            stored.attachments.clear()
        else:
            stored.attachments[0]["description"] = "Three bars"
        await server.alice.edit(picture, "look again")
        assert captions(server) == []


async def test_the_button_works_after_a_restart_and_says_when_the_picture_is_gone(
    server: Server, make_bot: MakeBot
) -> None:
    choose(server)
    picture = await post(server, server.alice, CHART)
    await server.env.restart_bot(make_bot())
    (caption,) = captions(server)
    result = await server.bob.click(caption, label=s.DESCRIBE_FOR_ME)
    assert result.ephemeral
    server.env.bot.store.choose(server.guild.id, None)  # so that nobody tidies up
    await server.alice.delete(picture)
    result = await server.bob.click(caption, label=s.DESCRIBE_FOR_ME)
    assert result.response is not None
    assert result.response.content == s.PICTURE_GONE


async def test_where_the_server_wishes_a_sentence_stands_there_at_once(server: Server) -> None:
    choose(server, at_once=True)
    picture = await post(server, server.alice, CHART)
    (caption,) = captions(server)
    assert caption.reference is not None
    assert caption.reference.message_id == picture.id
    assert caption.flags.suppress_notifications
    assert words(caption.content)
    assert caption.content != s.NO_ALT_TEXT
    edits = [r for r in server.env.http_requests if r.method == "PATCH"]
    assert edits == [], "it is said in one go, without a word before it"
    await server.alice.delete(picture)
    assert captions(server) == []


async def test_a_spoiler_stays_one(server: Server) -> None:
    choose(server, at_once=True)
    await post(server, server.alice, CHART, name="SPOILER_c.png")
    (caption,) = captions(server)
    first, *_ = caption.content.split("\n-# ")
    assert first.startswith("||")
    assert first.endswith("||")
    result = await server.bob.click(caption, label=s.DESCRIBE_FOR_ME)
    assert result.response is not None
    assert result.response.content.startswith("||")


async def test_past_the_limit_there_is_a_button_and_the_posters_own_questions_are_no_fewer(
    server: Server,
) -> None:
    choose(server, at_once=True)
    for _ in range(3):
        await post(server, server.alice, CHART)
    said = [caption.content for caption in captions(server)]
    assert [content == s.NO_ALT_TEXT for content in said] == [False, False, True]
    result = await server.alice.slash(server.general, "ocr", image=("c.png", CHART))
    assert result.response is not None
    assert not result.response.content.startswith(s.TOO_FAST.split("{")[0])


async def test_a_picture_that_cannot_be_described_gets_the_button(server: Server) -> None:
    choose(server, at_once=True)
    await post(server, server.alice, CHART[:60])
    (caption,) = captions(server)
    assert caption.content == s.NO_ALT_TEXT


async def test_who_speaks_to_the_bot_is_answered_as_ever(server: Server) -> None:
    choose(server, at_once=True)
    await server.alice.send(server.general, server.mention, attachments=[("c.png", CHART)])
    assert len(server.general.threads) == 1
    assert [caption.content for caption in captions(server)][:1] == [s.NO_ALT_TEXT]
