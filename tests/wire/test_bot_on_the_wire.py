"""The real bot with a real engine, over real sockets, in virtual time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from bot.locales import sentences as s
from bot.pictures.fetch import DiscordMedia
from bot.settings import BotSettings
from inference import Engine, EngineSettings, load_engine
from tests.furnished import FurnishedBot
from tests.wire.clock import one_clock
from tests.wire.model import Channel, Message
from tests.wire.pace import PacedEngine
from tests.wire.people import Person
from tests.wire.pictures import BLUE, RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

MINUTE = 60.0

StartBot = Callable[..., AbstractAsyncContextManager[FurnishedBot]]


@pytest.fixture(scope="session")
def tiny_engine(tiny_checkpoint: Path) -> Iterator[Engine]:
    engine = load_engine(EngineSettings(source=str(tiny_checkpoint), device="cpu", dtype="float32"))
    yield engine
    asyncio.run(engine.close())


@pytest.fixture
async def start_bot(
    loopback: Discord, general: Channel, tiny_engine: Engine, tmp_path: Path
) -> AsyncIterator[StartBot]:
    """Start the bot in the folder of this test; its model says a token every so many seconds."""

    @asynccontextmanager
    async def start(*, pace: float = 0.1) -> AsyncIterator[FurnishedBot]:
        bot = FurnishedBot(
            BotSettings(data=tmp_path, home=general.guild.id if general.guild else None),
            PacedEngine(tiny_engine, pace),
            DiscordMedia(loopback.connector()),
            loopback.connector(),
        )
        async with loopback.running(bot):
            yield bot

    with one_clock():
        yield start


@pytest.fixture
async def vision_bot(start_bot: StartBot) -> AsyncIterator[FurnishedBot]:
    async with start_bot() as bot:
        yield bot


def shortest_gap(message: Message) -> float:
    """Tell the least time between two edits, to the millisecond."""
    return round(min(later - earlier for earlier, later in pairwise(message.edit_times)), 3)


async def test_the_bot_offers_its_commands_and_registers_them_only_once(
    loopback: Discord, start_bot: StartBot
) -> None:
    async with start_bot():
        names = {command["name"] for command in loopback.world.commands}
        assert {"describe", "ocr", "compare", "Describe picture", "Read text"} <= names
    async with start_bot():
        assert loopback.world.command_syncs == 1


@pytest.mark.usefixtures("vision_bot")
async def test_alice_asks_about_a_picture_and_sees_the_answer_grow_in_one_message(
    loopback: Discord, general: Channel, alice: Person, truth: Truth
) -> None:
    interaction = alice.slash(general, "describe", image=RED)

    answer = await alice.reads(general, truth("describe", RED))

    assert interaction.acknowledged_after == 0
    assert interaction.original is answer
    assert general.posted == [answer]
    assert s.CANCEL not in [button["label"] for button in answer.buttons]
    assert len(answer.past) > 2
    assert shortest_gap(answer) >= 1.2
    assert not loopback.limits.invalid


@pytest.mark.usefixtures("vision_bot")
async def test_alice_picks_the_menu_on_bobs_picture_and_only_she_reads_the_answer(
    loopback: Discord, general: Channel, alice: Person, truth: Truth
) -> None:
    bob = loopback.member("bob")
    picture = bob.says(general, "my new car", files=[RED])

    alice.uses_menu("Describe picture", picture)
    answer = await alice.reads(general, truth("describe", RED))

    assert bob.sees(general) == [picture]
    assert alice.sees(general) == [picture, answer]


@pytest.mark.usefixtures("vision_bot")
async def test_alice_mentions_the_bot_and_is_answered_in_a_thread_by_edits(
    loopback: Discord, general: Channel, alice: Person, truth: Truth
) -> None:
    question = alice.mentions(general, files=[RED])
    thread = await alice.thread_on(question)

    answer = await alice.reads(thread, truth("describe", RED))

    assert general.posted == [question]
    assert thread.posted == [answer]
    assert len(answer.past) > 2
    assert shortest_gap(answer) >= 1.2
    assert not loopback.limits.invalid


@pytest.mark.usefixtures("vision_bot")
async def test_alice_sends_a_picture_in_private(
    loopback: Discord, alice: Person, truth: Truth
) -> None:
    alice.writes_to_bot(files=[RED])

    await alice.reads(loopback.world.direct_channel(alice.user), truth("describe", RED))


@pytest.mark.usefixtures("vision_bot")
async def test_a_mention_during_a_dropped_connection_is_answered_once(
    loopback: Discord, general: Channel, alice: Person, truth: Truth
) -> None:
    before = alice.mentions(general, files=[RED])
    await alice.thread_on(before)

    loopback.gateway.drop()
    meanwhile = alice.mentions(general, files=[BLUE])

    for question, picture in ((before, RED), (meanwhile, BLUE)):
        thread = await alice.thread_on(question)
        await alice.reads(thread, truth("describe", picture))
        assert len(thread.posted) == 1
    assert loopback.gateway.resumed == 1


@pytest.mark.usefixtures("vision_bot")
async def test_alice_changes_her_mind(loopback: Discord, general: Channel, alice: Person) -> None:
    alice.slash(general, "describe", image=RED)
    growing = await alice.reads(general, " …")

    alice.clicks(growing, "Cancel")
    await alice.reads(general, "Cancelled.")
    await asyncio.sleep(MINUTE)

    assert [message.content for message in alice.sees(general)] == ["Cancelled."]
    assert growing.buttons == []
    assert not loopback.limits.invalid


async def test_an_answer_that_takes_more_than_fifteen_minutes_arrives_all_the_same(
    start_bot: StartBot, general: Channel, alice: Person, truth: Truth
) -> None:
    async with start_bot(pace=40):
        interaction = alice.slash(general, "describe", image=RED)
        await asyncio.sleep(15 * MINUTE)
        assert interaction.original is not None
        assert interaction.original.buttons

        await asyncio.sleep(15 * MINUTE)
        answer = await alice.reads(general, truth("describe", RED))

    assert interaction.original.is_deleted
    assert answer.pings == {alice.name}
    assert list(general.messages.values()) == [answer]
