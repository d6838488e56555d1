"""An engine that asks a loopback server, both in one loop, in virtual time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

import pytest

from inference import Picture, RemoteSettings
from inference.remote.discovery import Served
from inference.remote.engine import RemoteEngine
from tests.remote.model_server import ModelServer
from tests.wire.clock import VirtualTimeLoop, one_clock

Connect = Callable[..., RemoteEngine]


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Let time pass only while nothing else can happen."""
    return {"virtual time": VirtualTimeLoop}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Let the engine see the loop's time."""
    with one_clock():
        yield


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    """vLLM, as it was heard."""
    async with ModelServer() as server:
        yield server


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Make an engine that asks servers; it knows what they serve, as after the start."""
    engines: list[RemoteEngine] = []

    def connect(*servers: ModelServer, **settings: Any) -> RemoteEngine:
        chosen = RemoteSettings(_env_file=None, url=tuple(s.url for s in servers), **settings)
        engines.append(RemoteEngine(chosen, [_served(each, **settings) for each in servers]))
        return engines[-1]

    yield connect
    for engine in engines:
        await engine.close()


def _served(server: ModelServer, model: str = "", **_: Any) -> Served:
    (listed,) = server.dialect.models(server.model, server.context)["data"]
    return Served(
        model or server.model,
        root=listed.get("root") or "",
        context=listed.get("max_model_len"),
        by_vllm=listed["owned_by"] == "vllm",
    )


@pytest.fixture
def engine(server: ModelServer, connect: Connect) -> RemoteEngine:
    """An engine with one server."""
    return connect(server)


@pytest.fixture(scope="session")
def picture() -> Picture:
    """A small picture."""
    from PIL import Image

    return Picture(Image.effect_mandelbrot((400, 300), (-2, -1, 1, 1), 50).convert("RGB"))
