"""A bot on a system that is not Linux decodes, answers, and ends as it should."""

import asyncio
import signal
from pathlib import Path

import pytest

from bot.jobs.claim import claim
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.test_launch import life
from tests.wire.truth import Truth


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl+C", "service"])
def test_it_answers_and_stops_without_what_only_linux_has(
    number: signal.Signals, tmp_path: Path, brief_checkpoint: Path, brief_truth: Truth
) -> None:
    settings = {
        "MODEL_SOURCE": str(brief_checkpoint),
        "MODEL_DEVICE": "cpu",
        "MODEL_DTYPE": "float32",
        "BOT_DATA": str(tmp_path / "data"),
        "BOT_METRICS_PORT": "0",
    }

    async def story() -> None:
        async with Discord() as discord:
            general = discord.world.guild("Lighthouse").channel("general")
            alice = discord.member("alice")
            async with life(discord, tmp_path, "tests.wire.foreign_bot", **settings) as process:
                alice.slash(general, "describe", image=RED)
                await alice.reads(general, brief_truth("describe", RED))
                process.send_signal(number)
                assert await process.wait() == 0
            claim(tmp_path / "data").close()  # it has let go of its folder
            discord.raise_if_contract_broken()

    asyncio.run(story())
    assert "Traceback" not in (tmp_path / "bot.log").read_text()
