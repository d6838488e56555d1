"""Whatever link a stranger sends, nothing but Discord's own hosts is ever connected to."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.locales import sentences as s
from bot.pictures.fetch import DiscordMedia
from bot.settings import BotSettings
from inference import Engine, EngineSettings, load_engine
from tests.furnished import FurnishedBot
from tests.hostile.canary import Canary
from tests.hostile.links import hostile_links
from tests.wire.clock import one_clock
from tests.wire.model import Message
from tests.wire.people import Person
from tests.wire.server import Discord


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    async with Discord() as discord:
        yield discord


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    async with Canary() as canary:
        yield canary


@pytest.fixture(scope="module")
def engine(tiny_checkpoint: Path) -> Iterator[Engine]:
    engine = load_engine(EngineSettings(source=str(tiny_checkpoint), device="cpu"))
    yield engine
    asyncio.run(engine.close())


@pytest.fixture
async def bot(
    discord: Discord, canary: Canary, engine: Engine, tmp_path: Path
) -> AsyncIterator[FurnishedBot]:
    """Log the bot in on a network where every name but Discord's leads to the canary."""
    connector = canary.connector(discord.authority, discord.port)
    media = DiscordMedia(canary.connector(discord.authority, discord.port))
    settings = BotSettings(data=tmp_path, requests_a_minute=10_000, _env_file=None)
    bot = FurnishedBot(settings, engine, media, connector)
    with one_clock():
        async with discord.running(bot):
            yield bot


async def test_the_canary_hears_whoever_opens_a_strangers_link(
    discord: Discord, canary: Canary
) -> None:
    for link in ("https://evil.example/", f"https://127.0.0.1:{canary.port}/", "https://localhost"):
        async with aiohttp.ClientSession(
            connector=canary.connector(discord.authority, discord.port)
        ) as session:
            with pytest.raises(aiohttp.ClientError):
                await session.get(link)
    assert canary.visits >= 3


@pytest.mark.usefixtures("bot")
async def test_five_hundred_hostile_links_and_embeds_lead_nowhere(
    discord: Discord, canary: Canary
) -> None:
    links = hostile_links(canary.port)
    assert len(links) == 500
    mallory = discord.member("mallory")
    for number, link in enumerate(links):
        before = _newest(mallory)
        _send(mallory, number, link)
        while _newest(mallory) <= before:
            await asyncio.wait_for(discord.world.changed.wait(), 60)
        answer = _answers(mallory)[-1].content
        assert answer in (s.LINK_ONLY, s.NO_PICTURE), link
    assert canary.visits == 0


def _send(person: Person, number: int, link: str) -> None:
    """Bring the link into a message in one of the ways there are."""
    picture = {"url": link, "proxy_url": link, "width": 9, "height": 9}
    embeds: tuple[dict[str, Any], ...] = (
        {"type": "image", "url": link, "thumbnail": picture},
        {"type": "rich", "title": "a picture", "image": picture},
        {"type": "rich", "image": {"url": link}, "thumbnail": picture},
        {"type": "video", "video": picture, "url": link},
    )
    chat = person.world.direct_channel(person.user)
    match number % 6:
        case 4:
            person.says(chat, f"look {link}")
        case 5:
            earlier = Message(
                person.world.snowflake(), chat, person.user, "look", embeds=[embeds[0]]
            )
            person.forwards(earlier, chat)
        case place:
            person.says(chat, "look", embeds=[embeds[place]])


def _newest(person: Person) -> int:
    return max((message.id for message in _answers(person)), default=0)


def _answers(person: Person) -> list[Message]:
    chat = person.world.direct_channel(person.user)
    return [message for message in person.sees(chat) if message.author.bot]
