"""A bot in a process of its own, in real time."""

import asyncio
import os
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bot.locales import sentences as s
from tests.wire import launch
from tests.wire.fault_rows import CALLBACK
from tests.wire.faults import Garbled
from tests.wire.model import Interaction, Upload
from tests.wire.people import PATIENCE, until
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

CAT = Upload("cat.png", b"not really a cat")


async def birth(discord: Discord, folder: Path, *command: str, **settings: str) -> Process:
    """Start a bot in a process of its own, whose log is a file in the folder."""
    with (folder / "bot.log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *launch.command(discord.port, *command),
            env={
                **launch.environment(discord.authority, folder),
                "DISCORD_TOKEN": discord.world.token,
                **settings,
            },
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


@asynccontextmanager
async def life(
    discord: Discord, folder: Path, *command: str, **settings: str
) -> AsyncIterator[Process]:
    """Start a bot and wait until it has logged in; end it as a power cut does, if it lives."""
    process = await birth(discord, folder, *command, **settings)
    try:
        await until(discord.world, lambda: discord.gateway.is_connected, lambda: "no bot logs in")
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    await until(discord.world, lambda: not discord.gateway.is_connected, lambda: "it lives on")


def test_a_killed_bot_process_is_seen_to_go_and_its_successor_to_work(tmp_path: Path) -> None:
    async def story() -> None:
        async with Discord() as discord:
            general = discord.world.guild("Lighthouse").channel("general")
            alice = discord.member("alice")

            async with life(discord, tmp_path, "tests.wire.small_bot"):
                pass
            lost = alice.slash(general, "describe", image=CAT)

            async with life(discord, tmp_path, "tests.wire.small_bot"):
                answer = await alice.reply_to(alice.slash(general, "describe", image=CAT))
                assert answer.content == "Counting …"
            assert not lost.is_acknowledged
            discord.raise_if_contract_broken()

    asyncio.run(story())


def test_a_question_that_was_accepted_before_a_kill_is_answered_after_it(
    tmp_path: Path, settings: dict[str, str], tiny_checkpoint: Path, truth: Truth
) -> None:
    settings["MODEL_SOURCE"] = str(tiny_checkpoint)  # it has much to say

    async def story() -> None:
        async with Discord() as discord:
            general = discord.world.guild("Lighthouse").channel("general")
            alice = discord.member("alice")

            async with life(discord, tmp_path, "bot", "run", **settings):
                asked = alice.slash(general, "describe", image=RED)
                question = alice.mentions(general, files=[RED])
                await until(discord.world, lambda: asked.is_acknowledged, lambda: "no answer")
                thread = await alice.thread_on(question)

            async with life(discord, tmp_path, "bot", "run", **settings):
                await alice.reads(general, truth("describe", RED))
                await alice.reads(thread, truth("describe", RED))

            assert {*general.posted} == {asked.original, question}
            assert len(thread.posted) == 1
            discord.raise_if_contract_broken()

    asyncio.run(story())


def test_the_log_of_the_process_holds_no_key_to_an_answer(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    log = tmp_path / "bot.log"

    async def story() -> Interaction:
        async with Discord() as discord:
            general = discord.world.guild("Lighthouse").channel("general")
            alice = discord.member("alice")
            async with life(discord, tmp_path, "bot", "run", **settings):
                discord.faults.place(CALLBACK, Garbled())
                failed = alice.uses_menu("Describe picture", alice.says(general, "no picture"))
                async with asyncio.timeout(PATIENCE):
                    while f"/interactions/{failed.id}/…/callback" not in log.read_text():  # noqa: ASYNC110
                        await asyncio.sleep(0.05)
            return failed

    failed = asyncio.run(story())
    assert failed.token not in log.read_text()


def test_a_model_that_hangs_ends_the_process_and_its_successor_answers_who_waited(
    tmp_path: Path, settings: dict[str, str], brief_truth: Truth
) -> None:
    settings["ENGINE_MOST_AT_ONCE"] = "1"
    hanging = {"ENGINE_STEP_SECONDS": "2", "BOT_GRACE": "20"}

    async def story() -> None:
        async with Discord() as discord:
            general = discord.world.guild("Lighthouse").channel("general")
            people = [discord.member(f"person {number}") for number in range(4)]

            module = "tests.wire.hanging_bot"
            async with life(discord, tmp_path, module, **settings, **hanging) as process:
                for person in people:
                    person.slash(general, "describe", image=RED)
                assert await process.wait() == 1
            told = [each for each in general.posted if each.content == s.MODEL_FAILED]
            assert 0 < len(told) < len(people)

            async with life(discord, tmp_path, "bot", "run", **settings):
                answer = brief_truth("describe", RED)
                await until(
                    discord.world,
                    lambda: (
                        sum(each.content == answer for each in general.posted)
                        == len(people) - len(told)
                    ),
                    lambda: "not all are answered",
                )
            assert len(general.posted) == len(people)

    asyncio.run(story())
    log = (tmp_path / "bot.log").read_text()
    assert "A step took more than 2 seconds." in log.splitlines()
