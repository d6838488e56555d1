"""What the engine keeps warm for one conversation helps no other."""

from collections.abc import AsyncGenerator

import pytest
from simcord import ChannelHandle, MemberActor

from inference import Delta, Ending, Engine, Request
from tests.bot.stories.conftest import Server
from tests.bot.stories.pictures import CHART


class WatchedEngine:
    """The real engine, and how each of its answers ended."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.endings: list[Ending] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    async def generate(self, request: Request) -> AsyncGenerator[Delta, None]:
        """Answer as the real engine does."""
        async for delta in self._engine.generate(request):
            if delta.ending:
                self.endings.append(delta.ending)
            yield delta


@pytest.fixture
def engine(engine: Engine) -> WatchedEngine:
    return WatchedEngine(engine)


async def test_only_the_asker_in_the_same_place_finds_a_picture_warm(
    server: Server, engine: WatchedEngine
) -> None:
    random = server.guild.create_text_channel("random")

    async def cached(who: MemberActor, where: ChannelHandle) -> int:
        await who.slash(where, "describe", image=("chart.png", CHART), question="What is low?")
        return engine.endings[-1].cached_tokens

    assert await cached(server.alice, server.general) == 0
    assert await cached(server.alice, random) == 0
    assert await cached(server.bob, server.general) == 0
    assert await cached(server.alice, server.general) > 0
