"""Discord's host names on loopback, over TLS, by an authority that lives as long as the server."""

import socket
import ssl
from pathlib import Path

import trustme
from aiohttp import TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

HOSTS = (
    "discord.com",
    "gateway.discord.gg",
    "gateway-us-east1-b.discord.gg",
    "cdn.discordapp.com",
    "media.discordapp.net",
    "images-ext-1.discordapp.net",
    "images-ext-2.discordapp.net",
)


class Authority:
    """Issues one certificate for all of Discord's hosts, and vouches for it."""

    def __init__(self) -> None:
        self._authority = trustme.CA()
        self._certificate = self._authority.issue_cert(*HOSTS)

    def server_context(self) -> ssl.SSLContext:
        """Make the server's side of TLS."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._certificate.configure_cert(context)
        return context

    def client_context(self) -> ssl.SSLContext:
        """Make the client's side: this authority is trusted, and no other."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._authority.configure_trust(context)
        return context

    def write(self, path: Path) -> None:
        """Write the authority's certificate, as SSL_CERT_FILE wants it."""
        self._authority.cert_pem.write_to_path(str(path))


class LoopbackResolver(AbstractResolver):
    """Finds Discord's hosts on loopback and no other host anywhere."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002
    ) -> list[ResolveResult]:
        """Look a host up; raises OSError for one that is not Discord's."""
        if host not in HOSTS or port != 443:
            raise OSError(f"{host}:{port} is not on this loopback")
        return [
            ResolveResult(
                hostname=host,
                host="127.0.0.1",
                port=self._port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Hold nothing that would need closing."""


def loopback_connector(authority: Authority, port: int) -> TCPConnector:
    """Make a connector for an aiohttp session, or for `discord.Client(connector=…)`."""
    return TCPConnector(
        resolver=LoopbackResolver(port),
        ssl=authority.client_context(),
        limit=0,
        use_dns_cache=False,
    )
