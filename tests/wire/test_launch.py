"""A bot in a process of its own, in real time."""

import asyncio
from asyncio.subprocess import Process
from pathlib import Path

from tests.wire import launch
from tests.wire.model import Upload
from tests.wire.people import until
from tests.wire.server import Discord

CAT = Upload("cat.png", b"not really a cat")


async def start(discord: Discord, folder: Path) -> Process:
    environment = launch.environment(discord.authority, folder)
    process = await asyncio.create_subprocess_exec(
        *launch.command(discord.port, "tests.wire.small_bot"),
        env={**environment, "DISCORD_TOKEN": discord.world.token},
    )
    await until(discord.world, lambda: discord.gateway.is_connected, lambda: "no bot logs in")
    return process


def test_a_killed_bot_process_is_seen_to_go_and_its_successor_to_work(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            general = discord.world.guild("Lighthouse").channel("general")
            alice = discord.member("alice")

            process = await start(discord, tmp_path)
            process.kill()
            await process.wait()
            await until(
                discord.world, lambda: not discord.gateway.is_connected, lambda: "still there"
            )
            lost = alice.slash(general, "describe", image=CAT)

            process = await start(discord, tmp_path)
            answer = await alice.reply_to(alice.slash(general, "describe", image=CAT))
            assert answer.content == "Counting …"
            assert not lost.is_acknowledged
            process.kill()
            await process.wait()
            if discord.contract:
                discord.contract.raise_if_broken()

    asyncio.run(story())
