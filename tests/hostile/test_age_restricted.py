"""In an age-restricted channel, answers stay there and are covered, or there are none."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from bot.locales import sentences as s
from bot.pictures.fetch import DiscordMedia
from bot.replies.compose import Layout, behind_spoiler
from bot.replies.text import cover
from bot.settings import BotSettings
from inference import Engine, EngineSettings, load_engine
from tests.furnished import FurnishedBot
from tests.tiny.brief import BriefOracle
from tests.wire.clock import one_clock
from tests.wire.model import Channel
from tests.wire.pace import PacedEngine
from tests.wire.people import Person
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

StartBot = Callable[..., AbstractAsyncContextManager[FurnishedBot]]


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    async with Discord() as discord:
        yield discord


@pytest.fixture
async def adults(discord: Discord) -> Channel:
    channel = discord.world.guild("Lighthouse").channel("general")
    channel.age_restricted = True
    return channel


@pytest.fixture
async def alice(discord: Discord) -> Person:
    return discord.member("alice")


@pytest.fixture(scope="module")
def truth(brief_checkpoint: Path) -> Truth:
    return Truth(BriefOracle(brief_checkpoint))


@pytest.fixture(scope="module")
def engine(brief_checkpoint: Path) -> Iterator[Engine]:
    settings = EngineSettings(source=str(brief_checkpoint), device="cpu", dtype="float32")
    engine = load_engine(settings)
    yield engine
    asyncio.run(engine.close())


@pytest.fixture
async def start_bot(discord: Discord, engine: Engine, tmp_path: Path) -> AsyncIterator[StartBot]:
    """Start the bot with this setting for age-restricted channels."""

    @asynccontextmanager
    async def start(age_restricted: str, pace: float = 1.5) -> AsyncIterator[FurnishedBot]:
        settings = BotSettings(data=tmp_path, age_restricted=age_restricted, _env_file=None)
        media = DiscordMedia(discord.connector())
        bot = FurnishedBot(settings, PacedEngine(engine, pace), media, discord.connector())
        async with discord.running(bot):
            yield bot

    with one_clock():
        yield start


async def test_an_answer_is_covered_while_it_grows_and_when_it_is_whole(
    adults: Channel, alice: Person, start_bot: StartBot, truth: Truth
) -> None:
    async with start_bot("spoiler"):
        alice.slash(adults, "describe", image=RED)
        answer = await alice.reads(adults, cover(truth("describe", RED)))
        drafts = [text for text in answer.past if text and text not in (s.LOOKING,)]
        assert drafts
        assert all(text.startswith("||") and text.endswith("||") for text in drafts)


async def test_a_thread_in_it_is_age_restricted_too(
    adults: Channel, alice: Person, start_bot: StartBot, truth: Truth
) -> None:
    async with start_bot("spoiler"):
        thread = await alice.thread_on(alice.mentions(adults, files=[RED]))
        await alice.reads(thread, cover(truth("describe", RED)))


async def test_in_a_server_that_the_bot_has_not_joined_every_thread_may_be_in_one(
    discord: Discord, alice: Person, start_bot: StartBot, truth: Truth
) -> None:
    elsewhere = discord.world.guild("Elsewhere", has_bot=False).channel("general")
    thread = discord.world.open_thread(elsewhere, "Hidden", alice.user)
    async with start_bot("spoiler"):
        alice.slash(thread, "describe", image=RED)
        await alice.reads(thread, cover(truth("describe", RED)))
    async with start_bot("off"):
        alice.slash(thread, "describe", image=RED)
        await alice.reads(thread, s.NOT_IN_AGE_RESTRICTED)
        interaction = alice.slash(elsewhere, "describe", image=RED)
        await alice.reads(elsewhere, truth("describe", RED))
        assert interaction.original is not None
        assert not interaction.original.content.startswith("||")


async def test_so_may_every_channel_of_a_server_of_which_it_is_not_told_what_it_is(
    discord: Discord, alice: Person, start_bot: StartBot, truth: Truth
) -> None:
    lounge = discord.world.guild("Harbour", "lounge").channel("lounge")
    private = discord.world.direct_channel(alice.user)
    discord.world.says_where = False  # nor is it understood of a kind that is new
    async with start_bot("spoiler"):
        alice.slash(lounge, "describe", image=RED)
        await alice.reads(lounge, cover(truth("describe", RED)))
    async with start_bot("off"):
        alice.slash(lounge, "describe", image=RED)
        await alice.reads(lounge, s.NOT_IN_AGE_RESTRICTED)
        alice.slash(private, "describe", image=RED)
        answer = await alice.reads(private, truth("describe", RED))
        assert not answer.content.startswith("||")


async def test_an_answer_leaves_its_channel_for_no_other_place(
    adults: Channel, alice: Person, start_bot: StartBot, discord: Discord
) -> None:
    async with start_bot("spoiler") as bot:
        discord.world.forbid(adults, "send_messages", "send_messages_in_threads")
        message = alice.mentions(adults, files=[RED])
        await asyncio.sleep(300)
        assert not bot.desk.is_waiting(message.id)
        assert discord.world.direct_channel(alice.user).posted == []


async def test_a_private_answer_that_comes_too_late_is_said_in_front_of_nobody(
    adults: Channel, alice: Person, start_bot: StartBot, discord: Discord
) -> None:
    async with start_bot("spoiler", pace=400) as bot:
        interaction = alice.slash(adults, "describe", image=RED, private=True)
        await asyncio.sleep(10_000)
        assert not bot.desk.is_waiting(interaction.id)
    assert [message for message in adults.posted if message.visible_to is not alice.user] == []
    assert discord.world.direct_channel(alice.user).posted == []


async def test_the_operator_may_want_plain_answers_or_none(
    adults: Channel, alice: Person, start_bot: StartBot, truth: Truth
) -> None:
    async with start_bot("on"):
        interaction = alice.slash(adults, "describe", image=RED)
        await alice.reads(adults, truth("describe", RED))
        assert interaction.original is not None
        assert not interaction.original.content.startswith("||")
    async with start_bot("off"):
        interaction = alice.slash(adults, "describe", image=RED)
        await alice.reads(adults, s.NOT_IN_AGE_RESTRICTED)


def test_bars_in_an_answer_do_not_lift_the_cover() -> None:
    answer = behind_spoiler(Layout("```\na || b\n```", ("c |||| d",), ("answer.txt", b"e")))
    assert answer.content.count("||") == 2
    assert answer.more[0].count("||") == 2
    assert answer.file == ("SPOILER_answer.txt", b"e")
    assert cover("") == ""
