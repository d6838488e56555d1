"""Run a module in this process with Discord's hosts on loopback.

    SSL_CERT_FILE=authority.pem python -m tests.wire.launch 40123 bot run

Name look-up is all that differs: the module, discord.py and aiohttp run as they are, and trust
the loopback's authority because OpenSSL reads SSL_CERT_FILE.
"""

import os
import runpy
import socket
import sys
from pathlib import Path
from typing import Any

from tests.wire.authority import HOSTS, Authority


def environment(authority: Authority, folder: Path) -> dict[str, str]:
    """Make the environment in which a child process trusts the loopback."""
    certificate = folder / "authority.pem"
    authority.write(certificate)
    return {**os.environ, "SSL_CERT_FILE": str(certificate)}


def command(port: int, module: str, *arguments: str) -> list[str]:
    """Write the command line that runs a module against the loopback on a port."""
    return [sys.executable, "-m", "tests.wire.launch", str(port), module, *arguments]


def main() -> None:
    """Run the module that the command line names."""
    port, module, *arguments = sys.argv[1:]
    find_discord_on(int(port))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def find_discord_on(loopback_port: int) -> None:
    """Let this process find Discord's hosts on a port of loopback."""
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host in HOSTS:
            host, port = "127.0.0.1", loopback_port
        return look_up(host, port, *rest, **more)

    socket.getaddrinfo = getaddrinfo


if __name__ == "__main__":
    main()
