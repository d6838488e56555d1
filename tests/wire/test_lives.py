"""What a process goes through from its start to its end, in real time."""

import asyncio
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.locales import sentences as s
from tests.wire.people import PATIENCE
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.test_launch import birth, life

INTERRUPTED = 130


def test_a_question_that_ends_the_process_is_tried_once_more_and_then_given_up(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    dying = "tests.wire.dying_bot"

    async def story() -> None:
        async with Discord() as discord:
            general = discord.world.guild("Lighthouse").channel("general")
            alice = discord.member("alice")
            async with life(discord, tmp_path, dying, **settings) as first:
                alice.slash(general, "describe", image=RED)
                assert await first.wait() == -signal.SIGKILL
            second = await birth(discord, tmp_path, dying, **settings)
            assert await second.wait() == -signal.SIGKILL
            async with life(discord, tmp_path, dying, **settings) as third:
                await alice.reads(general, s.MODEL_FAILED)
                assert third.returncode is None
                await gone(tmp_path / "data" / "jobs.sqlite3")

    asyncio.run(story())
    log = (tmp_path / "bot.log").read_text()
    assert f"(describe, pictures of [{len(RED.content)}] bytes) is given up" in log


def test_who_was_answered_beside_a_deadly_question_is_answered_in_the_end(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    async def story() -> None:
        async with Discord() as discord:
            general = discord.world.guild("Lighthouse").channel("general")
            people = [discord.member(f"person {number}") for number in range(3)]
            async with life(discord, tmp_path, "tests.wire.dying_bot", **settings) as first:
                for person in people:
                    person.slash(general, "describe", image=RED)
                assert await first.wait() == -signal.SIGKILL
            second = await birth(discord, tmp_path, "tests.wire.dying_bot", **settings)
            assert await second.wait() == -signal.SIGKILL
            accepted = len(general.posted)
            async with life(discord, tmp_path, "bot", "run", **settings):
                await gone(tmp_path / "data" / "jobs.sqlite3")
        told = [message.content.split("\n-# <@")[0] for message in general.messages.values()]
        assert s.MODEL_FAILED not in told, "none of them was alone at two deaths"
        assert len(told) == accepted

    asyncio.run(story())


def test_a_wrong_token_is_told_before_a_model_is_loaded(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    async def story() -> None:
        async with Discord() as discord:
            wrong = {**settings, "DISCORD_TOKEN": "definitely-not-a-token"}
            process = await birth(discord, tmp_path, "bot", "run", **wrong)
            assert await process.wait() == 1

    asyncio.run(story())
    log = (tmp_path / "bot.log").read_text()
    assert log.splitlines()[-1].startswith("Discord refused the token")
    assert "oading" not in log
    assert "Traceback" not in log


def test_a_data_folder_that_is_none_is_told_before_anything_else(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    folder = Path(settings["BOT_DATA"])
    folder.write_text("no folder")

    async def story() -> None:
        async with Discord() as discord:
            process = await birth(discord, tmp_path, "bot", "run", **settings)
            assert await process.wait() == 1
            assert discord.requests == []

    asyncio.run(story())
    log = (tmp_path / "bot.log").read_text()
    assert log.splitlines()[-1] == f"{folder} cannot be used: file exists."
    assert "oading" not in log
    assert "Traceback" not in log


def test_a_model_that_is_not_there_is_named(tmp_path: Path, settings: dict[str, str]) -> None:
    async def story() -> None:
        async with Discord() as discord:
            wrong = {**settings, "MODEL_SOURCE": str(tmp_path / "nowhere")}
            process = await birth(discord, tmp_path, "bot", "run", **wrong)
            assert await process.wait() == 1

    asyncio.run(story())
    log = (tmp_path / "bot.log").read_text()
    assert "nowhere" in log.splitlines()[-1]
    assert "Traceback" not in log


def test_an_interruption_ends_the_process_while_its_model_loads(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    async def story() -> None:
        async with Discord() as discord:
            process = await birth(discord, tmp_path, "tests.wire.slow_bot", **settings)
            async with asyncio.timeout(PATIENCE):
                while "It loads." not in (tmp_path / "bot.log").read_text():  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
                process.send_signal(signal.SIGINT)
                assert await process.wait() == -signal.SIGINT

    asyncio.run(story())


def test_a_second_interruption_ends_the_process_at_once_even_in_a_step_that_hangs(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    patient = {**settings, "ENGINE_STEP_SECONDS": "10000", "BOT_GRACE": "10000"}

    async def story() -> None:
        async with Discord() as discord:
            general = discord.world.guild("Lighthouse").channel("general")
            alice = discord.member("alice")
            async with life(discord, tmp_path, "tests.wire.hanging_bot", **patient) as process:
                asked = alice.slash(general, "describe", image=RED)
                await alice.reads(general, s.LOOKING)
                async with asyncio.timeout(PATIENCE):
                    process.send_signal(signal.SIGINT)
                    while "Stopping" not in (tmp_path / "bot.log").read_text():  # noqa: ASYNC110
                        await asyncio.sleep(0.05)
                    process.send_signal(signal.SIGINT)
                    assert await process.wait() == INTERRUPTED
            assert asked.is_acknowledged

    asyncio.run(story())


async def gone(store: Path) -> None:
    """Wait until no question is left."""
    with closing(sqlite3.connect(store)) as database:
        async with asyncio.timeout(PATIENCE):
            while database.execute("SELECT count(*) FROM job").fetchone() != (0,):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
