"""People ask as people do, and the answer is what the picture shows.

The model is the small trained one, through the real bot and the real engine. What it is asked is
within its reach, but not every letter of it is certain: shares are asked for, not single answers.
"""

import re
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

import pytest

from bot.settings import BotSettings
from inference import Engine
from inference.demo.questions import REFUSAL, Kind
from tests.bot.stories.conftest import DEFERRED, Server
from tests.bot.stories.drawn import Drawn, charts, covers, landscapes, pairs_of_covers, scenes


@pytest.fixture
def engine(demo_engine: Engine) -> Engine:
    return demo_engine


@pytest.fixture
def settings(settings: BotSettings) -> BotSettings:
    return settings.model_copy(update={"requests_a_minute": 100})


async def test_alice_asks_what_is_in_her_pictures(server: Server) -> None:
    said = []
    for scene in (drawn := scenes(10)):
        result = await server.alice.slash(
            server.general, "describe", image=("scene.png", scene.files[0])
        )
        said.append(text_of(result.response))
    assert server.acknowledgements() == [DEFERRED] * 10
    assert share_right(said, drawn, Kind.DESCRIBE) >= 0.9


async def test_alice_asks_a_question_of_her_own(server: Server) -> None:
    said = []
    for scene in (drawn := scenes(5)):
        result = await server.alice.slash(
            server.general,
            "describe",
            image=("scene.png", scene.files[0]),
            question="How many shapes are there?",
        )
        said.append(text_of(result.response))
    assert share_right(said, drawn, Kind.COUNT) >= 0.8


async def test_alice_lets_book_covers_be_read(server: Server) -> None:
    said = []
    for cover in (drawn := covers(5)):
        result = await server.alice.slash(
            server.general, "ocr", image=("cover.png", cover.files[0])
        )
        assert result.response.content.endswith("\n-# May contain errors.")
        said.append(text_of(result.response))
    assert share_of_letters_right(said, drawn, Kind.OCR) >= 0.9


async def test_alice_lets_charts_be_written_as_tables(server: Server) -> None:
    said = []
    for chart in (drawn := charts(4)):
        result = await server.alice.slash(
            server.general, "table", image=("chart.png", chart.files[0])
        )
        assert result.response.content.startswith("```\n")
        assert result.response.content.endswith("\n```\n-# May contain errors.")
        copy, table = result.response.attachments
        assert (copy.filename, table.filename) == ("1.webp", "table.csv")
        data = server.env.backend.cdn.get(table.url)
        assert data is not None
        said.append(data.decode("utf-8-sig"))
    assert share_of_values_right(said, drawn) >= 0.8


async def test_alice_compares_two_book_covers(server: Server) -> None:
    said = []
    for pair in (drawn := pairs_of_covers(4)):
        first, second = pair.files
        result = await server.alice.slash(
            server.general, "compare", first=("one.png", first), second=("two.png", second)
        )
        said.append(text_of(result.response))
    assert share_of_letters_right(said, drawn, Kind.COMPARE) >= 0.9


async def test_alice_mentions_the_bot_in_her_message_with_a_picture(server: Server) -> None:
    for scene in (drawn := scenes(5)):
        server.post(server.alice, server.mention, scene.files[0])
        await server.env.settle()
    said = [text_of(thread.history()[-1]) for thread in server.general.threads]
    assert share_right(said, drawn, Kind.DESCRIBE) >= 0.8


async def test_bob_asks_for_his_eyes_only_what_alice_has_posted(server: Server) -> None:
    said = []
    for scene in (drawn := scenes(5)):
        post = await server.alice.send(
            server.general, "Look!", attachments=[("scene.png", scene.files[0])]
        )
        result = await server.bob.context_menu(server.general, "Describe picture", post)
        assert result.ephemeral
        said.append(text_of(result.response))
    assert share_right(said, drawn, Kind.DESCRIBE) >= 0.8


async def test_of_a_picture_that_the_model_does_not_know_it_says_so(server: Server) -> None:
    for landscape in landscapes(5):
        result = await server.alice.slash(
            server.general, "describe", image=("photo.png", landscape.files[0])
        )
        assert text_of(result.response) == REFUSAL


def text_of(message: Any) -> str:
    """What an answer says, without quote, fence and small print."""
    lines = message.content.split("\n")
    return "\n".join(line for line in lines if not line.startswith(("```", "-# ", "> ")))


def share_right(said: list[str], drawn: list[Drawn], kind: Kind) -> float:
    """Of the answers, those that say exactly what was drawn."""
    right = [text == each.answers[kind] for text, each in zip(said, drawn, strict=True)]
    return sum(right) / len(right)


def share_of_letters_right(said: list[str], drawn: list[Drawn], kind: Kind) -> float:
    """Of the letters of the invented words, which alone begin with capitals, those in place."""
    shares = [
        SequenceMatcher(None, _names(text), _names(each.answers[kind]), autojunk=False).ratio()
        for text, each in zip(said, drawn, strict=True)
    ]
    return sum(shares) / len(shares)


def share_of_values_right(said: list[str], drawn: list[Drawn]) -> float:
    """Of the values of the bars, those that stand in their row."""
    right = [
        row.rpartition(",")[2] == truth.rpartition(",")[2]
        for text, each in zip(said, drawn, strict=True)
        for row, truth in zip_longest(
            text.splitlines()[1:], each.answers[Kind.TABLE].splitlines()[1:], fillvalue="none"
        )
    ]
    return sum(right) / len(right)


def _names(text: str) -> str:
    return " ".join(re.findall(r"\b(?!The\b|Only\b)[A-Z]\w*", text))
