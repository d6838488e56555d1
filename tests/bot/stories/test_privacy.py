"""What the bot keeps about people, what it says about that, and how it ends."""

import logging
import sqlite3

import pytest

from bot.features.privacy import KEPT
from bot.jobs.store import COLUMNS
from bot.locales import say
from bot.locales import sentences as s
from bot.settings import BotSettings
from tests.bot.stories.conftest import Server
from tests.bot.stories.pictures import CHART, COVER

SECRETS = ("kumquat", "blunderbuss.png", "The Old Lighthouse", "simcord_interaction")
"""In a question, a file's name and a picture, and what an interaction's token begins with."""


def of(table: str, columns: str) -> set[str]:
    return {f"{table}.{column}" for column in columns.split()}


TOLD = {
    s.KEPT_QUESTION: {f"job.{column}" for column in COLUMNS},
    s.KEPT_PICTURES: of("job", "rest"),
    s.KEPT_HEARD: of("heard", "id"),
    s.KEPT_CONVERSATION: of("conversation", "channel_id person_id last_id"),
    s.KEPT_CHOICES: of("server", "id choices"),
    s.KEPT_LEFT_ALONE: of("left_alone", "person_id"),
    s.KEPT_COUNTS: of("counter", "day task outcome count"),
    s.KEPT_FACTS: of("fact", "name value"),
}
"""What is kept in the store, by the sentence that tells of it."""


def columns(database: sqlite3.Connection) -> set[str]:
    """List the columns of each table of the store."""
    tables = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    return {
        f"{table}.{column[1]}"
        for (table,) in tables
        for column in database.execute(f"PRAGMA table_info({table})")
    }


@pytest.fixture
def database(server: Server, settings: BotSettings) -> sqlite3.Connection:
    assert server.env.bot is not None
    return sqlite3.connect(settings.data / "jobs.sqlite3")


async def test_privacy_tells_of_every_column_that_there_is(
    server: Server, database: sqlite3.Connection
) -> None:
    assert columns(database) == set().union(*TOLD.values())
    assert TOLD.keys() <= set(KEPT)
    result = await server.alice.slash(server.general, "privacy")
    assert result.ephemeral
    assert result.response is not None
    kept, _, in_discord = result.response.content.rpartition("\n\n")
    assert kept.split("\n- ")[1:] == list(KEPT)
    assert in_discord == s.IN_DISCORD


async def test_after_the_answer_nothing_is_left_of_the_question(
    server: Server, database: sqlite3.Connection, settings: BotSettings
) -> None:
    await server.alice.slash(
        server.general, "describe", image=("blunderbuss.png", COVER), question="a kumquat?"
    )
    assert database.execute("SELECT * FROM job").fetchall() == []
    assert list((settings.data / "spool").iterdir()) == []
    files = [file for file in settings.data.rglob("*") if file.is_file()]
    assert files
    assert [file.name for file in files if b"kumquat" in file.read_bytes()] == []


async def test_what_is_left_of_an_answered_question_is_a_count(
    server: Server, database: sqlite3.Connection
) -> None:
    for person, picture in (
        (server.alice, CHART),
        (server.bob, CHART),
        (server.bob, b"no picture"),
    ):
        await person.slash(server.general, "describe", image=("blunderbuss.png", picture))
    counts = database.execute("SELECT task, outcome, count FROM counter").fetchall()
    assert counts == [("describe", "NotAPictureError", 1), ("describe", "answered", 2)]


async def test_logs_hold_no_words_pictures_file_names_or_tokens(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    ask = {"image": ("blunderbuss.png", COVER), "question": "Is there a kumquat in it?"}
    answers = [await server.alice.slash(server.general, "describe", **ask)]
    answers.append(await server.alice.slash(server.general, "ocr", image=ask["image"]))
    broken = ("blunderbuss.png", COVER[:60])
    await server.bob.slash(server.general, "describe", image=broken, question="kumquat")
    await server.bob.send(
        server.general, f"{server.mention} kumquat", attachments=[("blunderbuss.png", CHART)]
    )
    await server.alice.slash(server.general, "forget-me")
    assert "ends in a sentence" in caplog.text
    said = [answer.response.content[:40] for answer in answers if answer.response]
    assert [word for word in (*SECRETS, *said) if word in caplog.text] == []


def forgotten(questions: int) -> str:
    return f"{say('en-US', s.FORGOTTEN, questions=questions)} {s.HOW_TO_DELETE}"


async def test_forget_me_says_what_it_deleted(server: Server) -> None:
    result = await server.alice.slash(server.general, "forget-me")
    assert result.ephemeral
    assert result.response is not None
    assert result.response.content == forgotten(0)


async def test_forget_me_gives_up_what_still_waits(
    server: Server, database: sqlite3.Connection
) -> None:
    for question in ("one?", "two?", "three?"):
        server.post(server.alice, f"{server.mention} {question}", CHART)
    result = await server.alice.slash(server.general, "forget-me")
    assert result.response is not None
    assert result.response.content == forgotten(3)
    assert database.execute("SELECT * FROM job").fetchall() == []
    assert server.posted().count(s.CANCELLED) == 3


class TestWithOneQuestionAMinute:
    @pytest.fixture
    def settings(self, settings: BotSettings) -> BotSettings:
        return settings.model_copy(update={"requests_a_minute": 1})

    async def test_forget_me_is_no_way_round_it(self, server: Server) -> None:
        await server.alice.slash(server.general, "describe", image=("c.png", CHART))
        await server.alice.slash(server.general, "forget-me")
        again = await server.alice.slash(server.general, "describe", image=("c.png", CHART))
        assert again.response is not None
        assert again.response.content.startswith(s.TOO_FAST.split("{")[0])


async def test_a_picture_of_one_place_is_known_in_no_other(server: Server) -> None:
    await server.alice.send(server.general, server.mention, attachments=[("c.png", CHART)])
    other = server.guild.create_text_channel("other")
    await server.alice.send(other, f"{server.mention} who wrote it?")
    message = other.last_message
    assert message is not None
    assert message.content == s.NO_PICTURE
    await server.alice.send_dm("what is it?")
    message = server.alice.user.dm_channel.last_message
    assert message is not None
    assert message.content == s.NO_PICTURE
