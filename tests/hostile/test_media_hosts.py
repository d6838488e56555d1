"""Even Discord's own hosts may answer with anything: every answer is bounded."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.locales import sentences as s
from bot.pictures.fetch import LEAST_RATE, MAX_BYTES, DiscordMedia
from tests.bot.declining import declines
from tests.hostile.canary import Canary
from tests.wire.authority import Authority
from tests.wire.clock import one_clock

PICTURE = "https://cdn.discordapp.com/attachments/1/2/a.png"

Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    async with Canary() as canary:
        yield canary


@asynccontextmanager
async def media_of(serve: Serve, canary: Canary) -> AsyncIterator[DiscordMedia]:
    """Let Discord's media hosts answer each request in the same way."""
    authority = Authority()
    app = web.Application()
    app.router.add_get("/{path:.*}", serve)
    server = TestServer(app, scheme="https")
    await server.start_server(ssl=authority.server_context())
    assert server.port is not None
    media = DiscordMedia(canary.connector(authority, server.port))
    with one_clock():
        yield media
    await media.close()
    await server.close()


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "place",
    ["https://evil.example/", "//127.0.0.1:{port}/", "http://localhost:{port}/", "https://[::1]/"],
)
async def test_no_redirect_is_followed(canary: Canary, status: int, place: str) -> None:
    location = place.format(port=canary.port)

    async def redirect(_: web.Request) -> web.StreamResponse:
        headers = {"Location": location, "Refresh": f"0; url={location}"}
        return web.Response(status=status, headers=headers)

    async with media_of(redirect, canary) as media:
        with declines(s.PICTURE_UNREACHABLE):
            await media.fetch(PICTURE)
    assert canary.visits == 0


@pytest.mark.parametrize(
    "headers", [{"X": "x" * 9000}, {f"X-{number}": "x" for number in range(200)}]
)
async def test_a_flood_of_headers_is_cut_off(canary: Canary, headers: dict[str, str]) -> None:
    async def flood(_: web.Request) -> web.StreamResponse:
        return web.Response(body=b"picture", headers=headers)

    async with media_of(flood, canary) as media:
        with declines(s.PICTURE_UNREACHABLE):
            await media.fetch(PICTURE)


async def test_an_endless_file_is_cut_off_where_it_gets_too_large(canary: Canary) -> None:
    sent = 0

    async def pour(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(2**20))
            sent += 2**20

    async with media_of(pour, canary) as media:
        with declines(s.FILE_TOO_LARGE):
            await media.fetch(PICTURE)
    assert sent < MAX_BYTES + 16 * 2**20, "more than what the sockets hold was read"


async def test_a_compressed_answer_does_not_grow(canary: Canary) -> None:
    bomb = gzip.compress(bytes(100_000_000))

    async def compress(_: web.Request) -> web.StreamResponse:
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    async with media_of(compress, canary) as media:
        assert await media.fetch(PICTURE) == bomb


@pytest.mark.parametrize(
    ("rate", "seconds"),
    [(100, 6), (LEAST_RATE // 2, 6), (2 * LEAST_RATE, 31)],
    ids=["drop by drop", "too slowly", "well, but without an end"],
)
async def test_nobody_keeps_the_bot_waiting(canary: Canary, rate: int, seconds: int) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(rate))
            await asyncio.sleep(1)

    async with media_of(drip, canary) as media:
        began = asyncio.get_running_loop().time()
        with declines(s.PICTURE_UNREACHABLE):
            await media.fetch(PICTURE)
        assert asyncio.get_running_loop().time() - began <= seconds


async def test_a_host_that_falls_silent_is_given_up(canary: Canary) -> None:
    async def fall_silent(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"\x89PNG")
        await asyncio.sleep(3600)
        return response

    async with media_of(fall_silent, canary) as media:
        began = asyncio.get_running_loop().time()
        with declines(s.PICTURE_UNREACHABLE):
            await media.fetch(PICTURE)
        assert asyncio.get_running_loop().time() - began <= 11
