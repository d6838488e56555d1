"""Fetch pictures from Discord's own hosts, and from nowhere else."""

import time
from typing import Protocol

import aiohttp
from yarl import URL

from bot.errors import DeclinedError
from bot.locales import sentences as s

HOSTS = frozenset(
    {
        "cdn.discordapp.com",  # attachments and stickers
        "media.discordapp.net",  # attachments, resized
        "images-ext-1.discordapp.net",  # embeds, through Discord's proxy
        "images-ext-2.discordapp.net",
    }
)
MAX_BYTES = 25 * 1024 * 1024
TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=10, sock_read=10)
LEAST_RATE = 32 * 1024
"""Bytes a second since the answer began, judged from the fifth second on."""


class Media(Protocol):
    """Where the bytes of a message's pictures come from."""

    async def fetch(self, link: str) -> bytes:
        """Return a picture's bytes. Raises DeclinedError."""
        ...

    async def close(self) -> None:
        """Let go of all connections."""
        ...


def is_discords(link: str) -> bool:
    """Tell whether a link leads to one of Discord's own media hosts."""
    return _checked(link) is not None


class DiscordMedia:
    """Discord's media hosts over https: no redirects, no cookies, bounded in bytes and time.

    aiohttp bounds the headers itself: 128 of them, 8,190 bytes each. Make it inside the event
    loop; the connector decides how names and certificates are looked up.
    """

    def __init__(self, connector: aiohttp.BaseConnector | None = None) -> None:
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=TIMEOUT,
            headers={"Accept-Encoding": "identity"},  # a compressed body could grow without bound
            auto_decompress=False,
        )

    async def fetch(self, link: str) -> bytes:
        """Return a picture's bytes. Raises DeclinedError."""
        if (url := _checked(link)) is None:
            raise DeclinedError(s.LINK_ONLY)
        try:
            async with self._session.get(url, allow_redirects=False) as response:
                if response.status in (403, 404, 410):
                    raise DeclinedError(s.PICTURE_GONE)
                if response.status != 200:
                    raise DeclinedError(s.PICTURE_UNREACHABLE)
                return await _read(response)
        except (TimeoutError, aiohttp.ClientError):
            raise DeclinedError(s.PICTURE_UNREACHABLE) from None

    async def close(self) -> None:
        """Let go of all connections."""
        await self._session.close()


def _checked(link: str) -> URL | None:
    """Read a link; None where it does not lead to one of Discord's media hosts."""
    try:
        # Byte for byte: the proxy signs a path as it is spelt. What is no plain ASCII is quoted.
        url = URL(link, encoded=link.isascii() and link.isprintable() and " " not in link)
    except ValueError:
        return None
    # The authority is host, port and credentials in one, as it would go over the wire.
    return url if url.scheme == "https" and url.raw_authority in HOSTS else None


async def _read(response: aiohttp.ClientResponse) -> bytes:
    if (response.content_length or 0) > MAX_BYTES:
        raise DeclinedError(s.FILE_TOO_LARGE, most=MAX_BYTES // 1024**2)
    data, began = bytearray(), time.monotonic()
    async for piece in response.content.iter_chunked(64 * 1024):
        data += piece
        if len(data) > MAX_BYTES:
            raise DeclinedError(s.FILE_TOO_LARGE, most=MAX_BYTES // 1024**2)
        if (seconds := time.monotonic() - began) > 5 and len(data) < LEAST_RATE * seconds:
            raise DeclinedError(s.PICTURE_UNREACHABLE)
    return bytes(data)
