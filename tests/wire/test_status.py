"""`python -m bot status`, beside a bot that runs and where none does."""

import asyncio
from importlib.metadata import version
from pathlib import Path

from tests.wire.pictures import RED
from tests.wire.scraped import free_port
from tests.wire.server import Discord
from tests.wire.test_launch import PATIENCE, life
from tests.wire.test_setup import command
from tests.wire.truth import Truth


def test_it_tells_of_the_running_bot_and_where_none_runs_how_to_start_one(
    tmp_path: Path, brief_checkpoint: Path, brief_truth: Truth
) -> None:
    port = {"BOT_METRICS_PORT": str(free_port())}
    settings = {
        "MODEL_SOURCE": str(brief_checkpoint),
        "MODEL_DEVICE": "cpu",
        "MODEL_DTYPE": "float32",
        "BOT_DATA": str(tmp_path / "data"),
        **port,
    }

    async def story() -> None:
        async with Discord() as discord:
            general = discord.world.guild("Lighthouse").channel("general")
            alice = discord.member("alice")
            async with life(discord, tmp_path, "bot", "run", **settings):
                alice.slash(general, "describe", image=RED)
                await alice.reads(general, brief_truth("describe", RED))
                async with asyncio.timeout(PATIENCE):
                    while (await command(discord, tmp_path, "status", "--ready", **port)).code:
                        pass
                ended = await command(discord, tmp_path, "status", **port)
                assert ended.code == 0, ended.said
                for words in (
                    f"phi3-vision-discord {version('phi3-vision-discord')}, ",
                    f"discord.py {version('discord.py')}, torch {version('torch')}",
                    "\nready, up 0:00:",
                    "servers: 1",
                    "0 questions waiting, 0 running",
                    "1 answered, 0 ended otherwise",
                    "last errors: none",
                ):
                    assert words in ended.said

            ended = await command(discord, tmp_path, "status", **port)
            assert ended.code == 1
            assert "start it with `python -m bot`" in ended.said

    asyncio.run(story())
