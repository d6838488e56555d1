"""A listener on loopback that stands for every host that is none of Discord's."""

import asyncio
import socket
from typing import Self

from aiohttp import TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.wire.authority import HOSTS as DISCORDS
from tests.wire.authority import Authority


class Canary:
    """Counts who connects, by whatever name or number; open while the `async with` lasts."""

    def __init__(self) -> None:
        self.visits = 0
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._note, ["127.0.0.1"], 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    def connector(self, authority: Authority, discord_port: int) -> TCPConnector:
        """Make a connector to a loopback Discord at that port, and to here for any other name."""
        return TCPConnector(
            resolver=_Resolver(discord_port, self.port),
            ssl=authority.client_context(),
            limit=0,
            use_dns_cache=False,
        )

    async def _note(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        writer.close()


class _Resolver(AbstractResolver):
    def __init__(self, discord_port: int, canary_port: int) -> None:
        self._discord_port = discord_port
        self._canary_port = canary_port

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002
    ) -> list[ResolveResult]:
        is_discord = host in DISCORDS and port == 443
        return [
            ResolveResult(
                hostname=host,
                host="127.0.0.1",
                port=self._discord_port if is_discord else self._canary_port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Hold nothing that would need closing."""
