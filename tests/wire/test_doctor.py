"""`python -m bot doctor` in every outcome, as a process, against the loopback."""

import asyncio
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot.choices import Choices, Mention
from bot.jobs.store import Store
from tests.inference.checkpoint.loopback_hub import MODEL, Hub, serve
from tests.wire.model import Intent
from tests.wire.server import Discord
from tests.wire.test_setup import Ended, command

SMALL = {"MODEL_SOURCE": "demo", "MODEL_DEVICE": "cpu", "PATH": ""}
"""The small model on a machine without a card."""


def found(ended: Ended) -> dict[str, dict[str, Any]]:
    """Read the findings by what was looked at."""
    return {finding["label"]: finding for finding in json.loads(ended.said)}


async def examine(discord: Discord, folder: Path, *words: str, **settings: str) -> Ended:
    settings = {"DISCORD_TOKEN": discord.world.token, **SMALL, **settings}
    return await command(discord, folder, "doctor", "--json", *words, **settings)


def test_where_all_is_well_each_line_says_so(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            discord.world.guild("Lighthouse")
            discord.world.approved_intents = Intent.MESSAGE_CONTENT
            ended = await examine(discord, tmp_path)
            assert ended.code == 0, ended.said
            verdicts = {label: finding["verdict"] for label, finding in found(ended).items()}
            assert verdicts.pop("card") == "warning"  # there is none here
            assert set(verdicts.values()) == {"ok"}, ended.said
            assert {"token", "intents", "clock", "server Lighthouse", "store"} <= set(verdicts)
            assert discord.world.token not in ended.said
            discord.raise_if_contract_broken()

    asyncio.run(story())


def test_a_person_reads_lines_with_what_to_do(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            ended = await command(discord, tmp_path, "doctor", DISCORD_TOKEN="very-secret", **SMALL)
            assert ended.code == 1
            assert "WRONG    token: Discord refuses it" in ended.said
            assert "application's Bot page" in ended.said
            assert "very-secret" not in ended.said

    asyncio.run(story())


def test_a_missing_intent_is_a_warning(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            discord.world.guild("Lighthouse")
            ended = await examine(discord, tmp_path)
            assert ended.code == 0
            assert found(ended)["intents"]["verdict"] == "warning"

    asyncio.run(story())


def test_without_a_token_all_the_rest_is_looked_at(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            ended = await examine(discord, tmp_path, DISCORD_TOKEN="")
            assert ended.code == 1
            token = found(ended)["token"]
            assert (token["verdict"], token["advice"]) == (
                "wrong",
                "`python -m bot setup` asks for it.",
            )
            assert {"settings", "data folder", "store", "PyTorch", "memory"} <= set(found(ended))

    asyncio.run(story())


def test_a_discord_that_cannot_be_reached_is_told_of_the_network(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            pass
        ended = await examine(discord, tmp_path)
        assert ended.code == 1
        assert "cannot be reached" in found(ended)["Discord"]["detail"]
        assert "firewall" in found(ended)["Discord"]["advice"]
        started = await command(discord, tmp_path, "run", DISCORD_TOKEN="any", **SMALL)
        assert started.code == 1
        assert started.said.splitlines()[-1].startswith("Discord cannot be reached: look at")

    asyncio.run(story())


def test_a_pytorch_without_cuda_beside_a_card_comes_with_the_commands_that_mend_it(
    tmp_path: Path,
) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'NVIDIA GeForce RTX 4060, 8188, 560.94, 8.9'\n")
    tool.chmod(0o755)

    async def story() -> None:
        async with Discord() as discord:
            ended = await examine(discord, tmp_path, PATH=f"{tmp_path}:/usr/bin:/bin")
            assert ended.code == 1
            assert "without CUDA beside a card" in found(ended)["PyTorch"]["detail"]
            assert "--torch-backend=auto" in found(ended)["PyTorch"]["advice"]

    asyncio.run(story())


def test_a_card_that_is_wished_for_and_not_there_is_wrong(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            ended = await examine(discord, tmp_path, MODEL_DEVICE="cuda")
            assert ended.code == 1
            assert "MODEL_DEVICE is cuda" in found(ended)["model"]["detail"]

    asyncio.run(story())


def test_a_disk_without_room_for_the_weights_is_wrong_and_one_with_room_a_hint(
    tmp_path: Path, tiny_checkpoint: Path
) -> None:
    async def story(hub: Hub) -> None:
        settings = {"MODEL_SOURCE": MODEL, "HF_ENDPOINT": hub.address, "HF_HOME": str(tmp_path)}
        async with Discord() as discord:
            ended = await examine(discord, tmp_path, **settings)
            assert found(ended)["weights"]["verdict"] == "warning"
            assert found(ended)["memory"]["verdict"] == "ok"
            hub.says_size = 10**16
            ended = await examine(discord, tmp_path, **settings)
            assert ended.code == 1
            assert found(ended)["weights"]["verdict"] == "wrong"
            assert "HF_HOME" in found(ended)["weights"]["advice"]

    with serve(tiny_checkpoint) as hub:
        asyncio.run(story(hub))


def test_a_model_that_memory_has_no_room_for_is_wrong(
    tmp_path: Path, tiny_checkpoint: Path
) -> None:
    folder = Path(shutil.copytree(tiny_checkpoint, tmp_path / "model"))
    with (folder / "model.safetensors").open("r+b") as weights:
        weights.truncate(2**42)  # takes no room on disk

    async def story() -> None:
        async with Discord() as discord:
            ended = await examine(discord, tmp_path, MODEL_SOURCE=str(folder))
            assert ended.code == 1, ended.said
            assert found(ended)["memory"]["verdict"] == "wrong", ended.said

    asyncio.run(story())


def test_missing_permissions_are_named_as_discord_names_them(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            guild = discord.world.guild("Lighthouse")
            discord.world.restrict(guild, "send_messages_in_threads", "attach_files")
            ended = await examine(discord, tmp_path, "--server", str(guild.id))
            assert ended.code == 1
            finding = found(ended)["server Lighthouse"]
            assert finding["detail"] == "it lacks Send Messages in Threads, Attach Files"
            assert f"client_id={discord.world.bot.id}" in finding["advice"]

    asyncio.run(story())


def test_private_threads_are_asked_for_where_a_server_has_chosen_them(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            guild, other = discord.world.guild("Lighthouse"), discord.world.guild("Harbour")
            for each in (guild, other):
                discord.world.restrict(each, "create_private_threads")
            store = await Store.open(tmp_path / "jobs.sqlite3")
            store.choose(guild.id, Choices(mention=Mention.PRIVATE_THREAD))
            store.choose(other.id, Choices(private=True))
            await store.close()
            findings = found(await examine(discord, tmp_path, BOT_DATA=str(tmp_path)))
            assert findings["server Lighthouse"]["detail"] == "it lacks Create Private Threads"
            assert findings["server Harbour"]["verdict"] == "ok"

    asyncio.run(story())


def test_a_server_that_the_bot_is_not_on_is_wrong(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            ended = await examine(discord, tmp_path, "--server", "123456789012345678")
            assert ended.code == 1
            assert "not on it" in found(ended)["server 123456789012345678"]["detail"]

    asyncio.run(story())


def test_a_locked_store_and_a_folder_that_is_a_file(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            (tmp_path / "file").write_text("")
            ended = await examine(discord, tmp_path, BOT_DATA=str(tmp_path / "file"))
            assert found(ended)["data folder"]["verdict"] == "wrong"

            await (await Store.open(tmp_path / "data" / "jobs.sqlite3")).close()
            assert found(await examine(discord, tmp_path))["store"]["verdict"] == "ok"
            lock = sqlite3.connect(tmp_path / "data" / "jobs.sqlite3", isolation_level=None)
            lock.execute("PRAGMA journal_mode=DELETE")
            lock.execute("BEGIN EXCLUSIVE")
            try:
                ended = await examine(discord, tmp_path)
            finally:
                lock.close()
            assert found(ended)["store"]["verdict"] == "wrong"

    asyncio.run(story())


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BOT_GRACE", "soon", "BOT_GRACE is wrong"),
        ("BOT_AUDIT_DAYS", "3", "BOT_AUDIT_DAYS"),
        ("MODEL_SUORCE", "demo", "MODEL_SUORCE"),
    ],
)
def test_settings_that_are_wrong_gone_or_misspelt_are_named(
    name: str, value: str, said: str, tmp_path: Path
) -> None:
    async def story() -> None:
        async with Discord() as discord:
            ended = await examine(discord, tmp_path, **{name: value})
            assert ended.code == 1
            wrong = [each for each in found(ended).values() if each["verdict"] == "wrong"]
            assert any(said in each["detail"] for each in wrong), ended.said

    asyncio.run(story())
