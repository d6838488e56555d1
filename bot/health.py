"""The page for machines: metrics, is it alive, can it answer, and how is it."""

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

METRICS = "/metrics"
ALIVE = "/healthz"
READY = "/readyz"
STATUS = "/status"


class HealthPage:
    """A small web server: it tells numbers, and takes nothing."""

    def __init__(
        self,
        registry: CollectorRegistry,
        is_ready: Callable[[], bool],
        status: Callable[[], Mapping[str, Any]],
    ) -> None:
        self._registry = registry
        self._is_ready = is_ready
        self._status = status
        app = web.Application()
        app.router.add_get(METRICS, self._metrics)
        app.router.add_get(ALIVE, self._alive)
        app.router.add_get(READY, self._ready)
        app.router.add_get(STATUS, self._tell)
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
