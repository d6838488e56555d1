"""The page for machines: metrics, is it alive, can it answer, and how is it."""

import hmac
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

METRICS = "/metrics"
ALIVE = "/healthz"
READY = "/readyz"
STATUS = "/status"
_KEY = "key"


def new_key(folder: Path) -> str:
    """Make a key for this run and write it where the bot's own user alone reads it."""
    key, file = secrets.token_urlsafe(), folder / _KEY
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(key)
    return key


def known_key(folder: Path) -> str:
    """Read the running bot's key. Raises OSError."""
    return (folder / _KEY).read_text(encoding="utf-8")


class HealthPage:
    """A small web server: it tells numbers, and takes two orders from who can read our files."""

    def __init__(
        self,
        registry: CollectorRegistry,
        is_ready: Callable[[], bool],
        status: Callable[[], Mapping[str, Any]],
        key: str = "",
        obey: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._registry = registry
        self._is_ready = is_ready
        self._status = status
        self._key = key
        self._obey = obey
        app = web.Application()
        app.router.add_get(METRICS, self._metrics)
        app.router.add_get(ALIVE, self._alive)
        app.router.add_get(READY, self._ready)
        app.router.add_get(STATUS, self._tell)
        app.router.add_post("/{order:pause|resume}", self._take)
        self._runner = web.AppRunner(app, access_log=None)

    async def open(self, host: str, port: int) -> int:
        """Serve on an address and tell the port; 0 asks for any. Raises OSError if it is taken."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def close(self) -> None:
        """Serve no more."""
        await self._runner.cleanup()

    async def _metrics(self, _: web.Request) -> web.Response:
        numbers = generate_latest(self._registry)
        return web.Response(body=numbers, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _alive(self, _: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def _ready(self, _: web.Request) -> web.Response:
        ready = self._is_ready()
        return web.Response(text="ready\n" if ready else "not yet\n", status=200 if ready else 503)

    async def _tell(self, _: web.Request) -> web.Response:
        return web.json_response(dict(self._status()))

    async def _take(self, request: web.Request) -> web.Response:
        """Do what is ordered, if it is in order and can be done yet."""
        key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not self._key or not hmac.compare_digest(key.encode(), self._key.encode()):
            return web.Response(text="no\n", status=403)
        if not self._obey(request.match_info["order"]):
            return web.Response(text="not yet\n", status=503)
        return web.Response(text="done\n")
