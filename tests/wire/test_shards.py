"""Two processes share Discord's servers between them, and one model server elsewhere."""

import asyncio
import os
import signal
from asyncio.subprocess import Process
from contextlib import suppress
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.errors import OperatorError
from bot.shards import Shards, ids_in, shards_of
from tests.remote.model_server import SENTENCE, ModelServer, apart
from tests.wire.load import LIFTED
from tests.wire.model import Interaction, Message
from tests.wire.people import until
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.test_launch import birth

WHOLE = "".join(SENTENCE).strip()


def test_two_processes_answer_each_their_servers_by_one_model_elsewhere(tmp_path: Path) -> None:
    async def story(elsewhere: ModelServer) -> None:
        async with Discord() as discord:
            guilds = [discord.world.guild("guild 0", "general")]
            while len({(guild.id >> 22) % 2 for guild in guilds}) < 2 or len(guilds) < 6:
                await asyncio.sleep(0.001)  # ids grow with time
                guilds.append(discord.world.guild(f"guild {len(guilds)}", "general"))
            alice = discord.member("alice")
            lives = [await start(discord, tmp_path, shard, elsewhere) for shard in (0, 1)]
            try:
                await until(
                    discord.world,
                    lambda: discord.gateway.identified == 2,
                    lambda: (tmp_path / "bot.log").read_text()[-2000:],
                )
                channels = [guild.channel("general") for guild in guilds]
                asked = [alice.slash(each, "describe", image=RED) for each in channels]
                mention = alice.mentions(channels[0], files=[RED])
                await until(
                    discord.world,
                    lambda: all(map(_is_answered, [*asked, mention])),
                    lambda: (tmp_path / "bot.log").read_text()[-2000:],
                )
                assert all(not each.follow_ups for each in asked)
                assert len(elsewhere.asked) == len(asked) + 1  # nobody was answered twice
                registered = discord.seen("PUT", "/applications/{application_id}/commands")
                assert len(registered) == 1
                for folder in ("shard-0", "shard-1"):
                    assert (tmp_path / folder / "jobs.sqlite3").exists()
            finally:
                for life in lives:
                    await end(life)

    with apart(ModelServer()) as elsewhere:
        asyncio.run(story(elsewhere))


def _is_answered(question: Message | Interaction) -> bool:
    if isinstance(question, Interaction):
        original = question.original if question.is_acknowledged else None
        return original is not None and WHOLE in original.content
    thread = question.thread
    return thread is not None and any(WHOLE in each.content for each in thread.posted)


async def start(discord: Discord, folder: Path, shard: int, elsewhere: ModelServer) -> Process:
    """Start the process of one shard of two, with a data folder of its own."""
    return await birth(
        discord,
        folder,
        *("bot", "run", "--shard-ids", str(shard), "--shard-count", "2"),
        BOT_DATA=str(folder / f"shard-{shard}"),
        ENGINE_URL=elsewhere.url,
        **LIFTED,
    )


async def end(process: Process) -> None:
    """End a process as a power cut does."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def test_a_second_process_is_kept_out_of_the_firsts_folder(tmp_path: Path) -> None:
    async def story(elsewhere: ModelServer) -> None:
        async with Discord() as discord:
            discord.world.guild("Lighthouse")
            settings = {"BOT_DATA": str(tmp_path / "data"), "ENGINE_URL": elsewhere.url}
            first = await birth(discord, tmp_path, "bot", **settings)
            try:
                await until(
                    discord.world,
                    lambda: discord.gateway.is_connected,
                    lambda: (tmp_path / "bot.log").read_text()[-2000:],
                )
                second = await birth(discord, tmp_path, "bot", **settings)
                assert await second.wait() == 1
            finally:
                await end(first)
            log = (tmp_path / "bot.log").read_text()
            assert "give each its own by BOT_DATA" in log
            assert "Traceback" not in log

    with apart(ModelServer()) as elsewhere:
        asyncio.run(story(elsewhere))


def test_shards_are_read_as_people_write_them() -> None:
    assert ids_in("0,2, 4-7") == [0, 2, 4, 5, 6, 7]
    assert shards_of(None, None) is None
    assert shards_of([1, 3], 4) == Shards((1, 3), 4)
    assert shards_of(None, 3) == Shards((0, 1, 2), 3)


@pytest.mark.parametrize(("ids", "count"), [([0], None), ([0, 4], 4)])
def test_shards_that_do_not_fit_are_named(ids: list[int], count: int | None) -> None:
    with pytest.raises(OperatorError, match="--shard-ids"):
        shards_of(ids, count)


def test_what_is_no_shard_is_said_to_be_none(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["run", "--shard-ids", "first"])
    assert "write 0 or 0,2,4-7" in capsys.readouterr().err
