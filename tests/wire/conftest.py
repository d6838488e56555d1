"""Each test has its own Discord, in virtual time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.pictures.fetch import DiscordMedia
from bot.settings import BotSettings
from inference import Engine, EngineSettings
from inference.checkpoint.loading import load_model
from inference.engine.local import LocalEngine
from tests.furnished import FurnishedBot
from tests.oracle import Oracle
from tests.tiny.brief import BriefOracle
from tests.wire.clock import VirtualTimeLoop, one_clock
from tests.wire.model import Channel
from tests.wire.pace import PacedEngine
from tests.wire.people import Person
from tests.wire.server import Discord
from tests.wire.small_bot import SmallBot
from tests.wire.truth import Truth


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Let time pass only while nothing else can happen."""
    return {"virtual time": VirtualTimeLoop}


@pytest.fixture
async def loopback() -> AsyncIterator[Discord]:
    """Open a Discord; at the end each request must have kept to Discord's own description."""
    async with Discord() as discord:
        yield discord
        discord.raise_if_contract_broken()


@pytest.fixture(scope="session")
def truth(oracle: Oracle) -> Truth:
    """Tell what people must read."""
    return Truth(oracle)


@pytest.fixture
async def general(loopback: Discord) -> Channel:
    return loopback.world.guild("Lighthouse").channel("general")


@pytest.fixture
async def alice(loopback: Discord) -> Person:
    return loopback.member("alice")


@pytest.fixture
async def bot(
    loopback: Discord,
    general: Channel,  # noqa: ARG001 - must be there before the bot
) -> AsyncIterator[SmallBot]:
    """Log a small bot in; its server has one channel."""
    client = SmallBot(loopback.connector())
    async with loopback.running(client):
        yield client


@pytest.fixture(scope="session")
def brief_truth(brief_checkpoint: Path) -> Truth:
    """Tell what people must read where the brief model answers."""
    return Truth(BriefOracle(brief_checkpoint))


@pytest.fixture(scope="session")
def brief_model(brief_checkpoint: Path) -> tuple[Any, Any]:
    """The brief model and its processor, to be handed to an engine."""
    settings = EngineSettings(source=str(brief_checkpoint), device="cpu", dtype="float32")
    return load_model(settings)


@pytest.fixture(scope="session")
def brief_engine(brief_model: tuple[Any, Any]) -> Iterator[LocalEngine]:
    engine = LocalEngine(*brief_model, "brief")
    yield engine
    asyncio.run(engine.close())


@pytest.fixture
def settings(tmp_path: Path, brief_checkpoint: Path) -> dict[str, str]:
    """Set up a bot in a process of its own, whose model is the brief one."""
    return {
        "MODEL_SOURCE": str(brief_checkpoint),
        "MODEL_DEVICE": "cpu",
        "MODEL_DTYPE": "float32",
        "BOT_DATA": str(tmp_path / "data"),
    }


StartBriefBot = Callable[..., AbstractAsyncContextManager[FurnishedBot]]


@pytest.fixture
def start_brief_bot(
    loopback: Discord, general: Channel, brief_engine: LocalEngine, tmp_path: Path
) -> Iterator[StartBriefBot]:
    """Start the bot in the folder of this test; its model says a token every `pace` seconds."""
    home = general.guild.id if general.guild else None

    @asynccontextmanager
    async def start(
        engine: Engine = brief_engine, *, pace: float = 0.2, running: bool = True, **settings: Any
    ) -> AsyncIterator[FurnishedBot]:
        bot = FurnishedBot(
            BotSettings(**{"data": tmp_path, "home": home, **settings}),
            PacedEngine(engine, pace),
            DiscordMedia(loopback.connector()),
            loopback.connector(),
        )
        async with loopback.running(bot) if running else bot:
            yield bot

    with one_clock():
        yield start


@dataclass(frozen=True)
class Answer:
    """What the API answered to a bare request."""

    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Api:
    """The API without a library, to see what a library would hide."""

    session: ClientSession
    token: str

    async def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        headers = {"Authorization": f"Bot {self.token}"}
        url = f"https://discord.com/api/v10{path}"
        async with self.session.request(
            method, url, json=body, headers=headers, **options
        ) as response:
            is_json = response.content_type == "application/json"
            content = await (response.json() if is_json else response.text())
            return Answer(response.status, content, response.headers)


@pytest.fixture
async def api(loopback: Discord) -> AsyncIterator[Api]:
    async with ClientSession(connector=loopback.connector()) as session:
        yield Api(session, loopback.world.token)
