"""Pictures come from Discord's own hosts, bounded, or not at all."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.locales import sentences as s
from bot.pictures.fetch import HOSTS, MAX_BYTES, DiscordMedia
from tests.bot.declining import declines
from tests.wire.authority import Authority, loopback_connector

PICTURE = "https://cdn.discordapp.com/attachments/1/2/a.png"


class Shelf:
    """A media server on loopback that speaks for Discord's hosts, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[web.Request] = []

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        match request.match_info["name"]:
            case "a.png":
                response = web.Response(body=b"picture")
                response.set_cookie("track", "you")
                return response
            case "gone.png":
                return web.Response(status=404)
            case "moved.png":
                raise web.HTTPFound(PICTURE)
            case "huge.png":
                return web.Response(body=bytes(MAX_BYTES + 1))
            case "said_to_be_huge.png":
                response = web.StreamResponse(headers={"Content-Length": str(MAX_BYTES + 1)})
                await response.prepare(request)
                await asyncio.Event().wait()  # not a byte of it need come
            case "cut.png":
                response = web.StreamResponse(headers={"Content-Length": "100"})
                await response.prepare(request)
                await response.write(b"only this")
                assert request.transport is not None
                request.transport.abort()
                return response
        return web.Response(status=503)


@pytest.fixture
async def shelf() -> AsyncIterator[tuple[Shelf, DiscordMedia]]:
    shelf, authority = Shelf(), Authority()
    app = web.Application()
    app.router.add_get("/{folder:.*}/{name}", shelf.serve)
    server = TestServer(app, scheme="https")
    await server.start_server(ssl=authority.server_context())
    assert server.port is not None
    media = DiscordMedia(loopback_connector(authority, server.port))
    yield shelf, media
    await media.close()
    await server.close()


async def test_a_picture_on_discord_is_fetched(shelf: tuple[Shelf, DiscordMedia]) -> None:
    assert await shelf[1].fetch(PICTURE) == b"picture"


async def test_no_cookie_ever_goes_back(shelf: tuple[Shelf, DiscordMedia]) -> None:
    await shelf[1].fetch(PICTURE)
    await shelf[1].fetch(PICTURE)
    assert "Cookie" not in shelf[0].asked[1].headers


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("gone.png", s.PICTURE_GONE),
        ("moved.png", s.PICTURE_UNREACHABLE),
        ("huge.png", s.FILE_TOO_LARGE),
        ("said_to_be_huge.png", s.FILE_TOO_LARGE),
        ("cut.png", s.PICTURE_UNREACHABLE),
        ("broken.png", s.PICTURE_UNREACHABLE),
    ],
)
async def test_what_is_no_whole_picture_ends_in_a_sentence(
    shelf: tuple[Shelf, DiscordMedia], name: str, sentence: str
) -> None:
    with declines(sentence):
        await shelf[1].fetch(f"https://cdn.discordapp.com/attachments/1/2/{name}")
    assert len(shelf[0].asked) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/external/Zk3v-9_x/https/pics.example/media/Gull7.jpg%3Alarge",
        "/external/Zk3v-9_x/%3Fq%3Dtbn%3AANd9%26s%3D10/https/t.example/images",
        "/external/Zk3v-9_x/https/pics.example/a%2520b%7Ec.png?width=64&height=%34%38",
    ],
)
async def test_a_link_goes_out_byte_for_byte_as_discord_signed_it(
    shelf: tuple[Shelf, DiscordMedia], path: str
) -> None:
    with declines(s.PICTURE_UNREACHABLE):
        await shelf[1].fetch(f"https://images-ext-1.discordapp.net{path}")
    assert [request.raw_path for request in shelf[0].asked] == [path]


@pytest.mark.parametrize("name", ["gull bee.png", "Möwe.png", "a.png\r\nX-Evil: 1"])
async def test_what_cannot_stand_in_a_request_is_quoted(
    shelf: tuple[Shelf, DiscordMedia], name: str
) -> None:
    with declines(s.PICTURE_UNREACHABLE):
        await shelf[1].fetch(f"https://cdn.discordapp.com/attachments/1/{name}")
    (request,) = shelf[0].asked
    assert request.raw_path.isascii()
    assert "X-Evil" not in request.headers


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com/a.png",
        "https://cdn.discordapp.com.evil.example/a.png",
        "https://evilcdn.discordapp.com/a.png",
        "http://cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com:8443/a.png",
        "https://user@cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com@evil.example/a.png",
        "https://127.0.0.1/a.png",
        "https://[::1]/a.png",
        "file:///etc/passwd",
        "//cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com:port/a.png",
        "",
    ],
)
async def test_no_link_of_a_stranger_is_ever_opened(
    shelf: tuple[Shelf, DiscordMedia], link: str
) -> None:
    with declines(s.LINK_ONLY):
        await shelf[1].fetch(link)
    assert shelf[0].asked == []


async def test_a_name_that_cannot_be_found_ends_in_a_sentence() -> None:
    authority = Authority()
    media = DiscordMedia(loopback_connector(authority, 1))
    with declines(s.PICTURE_UNREACHABLE):
        await media.fetch(PICTURE)
    await media.close()


def test_the_hosts_are_discords() -> None:
    assert all(host.endswith((".discordapp.com", ".discordapp.net")) for host in HOSTS)
