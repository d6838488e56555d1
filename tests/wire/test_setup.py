"""An operator's first evening: `python -m bot setup`, as a process, against the loopback."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from tests.wire import launch
from tests.wire.model import Intent
from tests.wire.server import Discord

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """What a command printed, and its exit code."""

    code: int
    said: str


async def command(
    discord: Discord, folder: Path, *words: str, typed: str = "", **variables: str
) -> Ended:
    """Run `python -m bot …` in a folder, with what the operator types."""
    kept = launch.environment(discord.authority, folder)
    kept.pop("DISCORD_TOKEN", None)
    process = await asyncio.create_subprocess_exec(
        *launch.command(discord.port, "bot", *words),
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", **variables},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate(typed.encode())
    assert process.returncode is not None
    return Ended(process.returncode, said.decode())


def test_a_token_and_yes_to_all_the_rest(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            ended = await command(
                discord, tmp_path, "setup", "--yes", DISCORD_TOKEN=discord.world.token
            )
            assert ended.code == 0, ended.said
            assert f"it belongs to {discord.world.bot.name}" in ended.said
            assert f"client_id={discord.world.bot.id}" in ended.said
            assert "integration_type=1" in ended.said
            assert discord.world.token not in ended.said
            assert Intent.MESSAGE_CONTENT in discord.world.approved_intents
            written = dotenv_values(tmp_path / ".env")
            assert written["DISCORD_TOKEN"] == discord.world.token
            assert written["MODEL_SOURCE"] == "microsoft/Phi-3.5-vision-instruct"
            discord.raise_if_contract_broken()

    asyncio.run(story())


def test_who_types_gets_what_was_typed_and_a_second_chance_with_the_token(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            typed = "\n".join(["no-token", discord.world.token, "n", "3", "cpu", ""])
            ended = await command(discord, tmp_path, "setup", typed=typed)
            assert ended.code == 0, ended.said
            assert "Discord refuses this token" in ended.said
            assert Intent.MESSAGE_CONTENT not in discord.world.approved_intents
            assert dotenv_values(tmp_path / ".env") == {
                "DISCORD_TOKEN": discord.world.token,
                "MODEL_SOURCE": "demo",
                "MODEL_DEVICE": "cpu",
            }

    asyncio.run(story())


def test_a_second_time_keeps_comments_and_what_is_set(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            (tmp_path / ".env").write_text(
                f"# ours\nDISCORD_TOKEN={discord.world.token}\nMODEL_SOURCE=demo\nBOT_GRACE=5\n"
            )
            ended = await command(discord, tmp_path, "setup", "--yes")
            assert ended.code == 0, ended.said
            text = (tmp_path / ".env").read_text()
            assert text.startswith("# ours\n")
            assert dotenv_values(tmp_path / ".env")["MODEL_SOURCE"] == "demo"
            assert "BOT_GRACE=5" in text

    asyncio.run(story())


def test_without_a_token_nothing_is_written(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            ended = await command(discord, tmp_path, "setup", "--yes")
            assert ended.code == 1
            assert "DISCORD_TOKEN is missing" in ended.said
            refused = await command(discord, tmp_path, "setup", "--yes", DISCORD_TOKEN="wrong")
            assert refused.code == 1
            assert "Discord refuses this token" in refused.said
            assert not (tmp_path / ".env").exists()

    asyncio.run(story())


def test_what_cannot_be_chosen_is_asked_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            typed = "\n".join([discord.world.token, "y", "9", "someone/a-model", "abacus", "4", ""])
            ended = await command(discord, tmp_path, "setup", typed=typed)
            assert ended.code == 0, ended.said
            assert ended.said.count("Please type a number from 1 to") == 2
            written = dotenv_values(tmp_path / ".env")
            assert (written["MODEL_SOURCE"], written["MODEL_DEVICE"]) == ("someone/a-model", "cpu")

    asyncio.run(story())


def test_where_nobody_types_it_says_how_to_go_without(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            ended = await command(discord, tmp_path, "setup")
            assert ended.code == 1
            assert ended.said.endswith("Nobody answers here: `--yes` takes each default.\n")
            assert "Traceback" not in ended.said

    asyncio.run(story())


def test_without_a_network_it_says_so_and_writes_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            token = discord.world.token
        ended = await command(discord, tmp_path, "setup", "--yes", DISCORD_TOKEN=token)
        assert ended.code == 1
        assert "Discord cannot be reached" in ended.said
        assert not (tmp_path / ".env").exists()

    asyncio.run(story())


def test_a_settings_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()

    async def story() -> None:
        async with Discord() as discord:
            token = discord.world.token
            ended = await command(discord, tmp_path, "setup", "--yes", DISCORD_TOKEN=token)
            assert ended.code == 1
            assert ended.said.splitlines()[-1] == ".env cannot be used: is a directory."

    asyncio.run(story())


def test_who_may_not_be_given_the_intent_is_told_where_to_click(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            discord.world.lets_itself_be_edited = False
            ended = await command(
                discord, tmp_path, "setup", "--yes", DISCORD_TOKEN=discord.world.token
            )
            assert ended.code == 0, ended.said
            assert "switch it on yourself on the page Bot" in ended.said
            assert (tmp_path / ".env").exists()

    asyncio.run(story())
