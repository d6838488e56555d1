"""The loopback Discord itself: one server for REST, gateway and media."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import TCPConnector, web
from discord import Client

from tests.wire import cdn, errors, rest
from tests.wire.answers import json_answer
from tests.wire.authority import Authority, loopback_connector
from tests.wire.contract import Contract, read_description
from tests.wire.errors import ApiError
from tests.wire.faults import Faults, Handler, suffer
from tests.wire.gateway import Gateway
from tests.wire.limits import Limits
from tests.wire.people import Person, until
from tests.wire.rest.application import GATEWAY
from tests.wire.rest.bodies import read_body
from tests.wire.rest.places import WORLD
from tests.wire.world import World

API = "/api/v10"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Seen:
    """A request and how it was answered."""

    method: str
    route: str
    path: str
    fields: Any
    status: int
    at: float
    """Loop time, in seconds."""


class Discord:
    """A Discord on loopback, open while the `async with` block lasts.

    Where the bot's speed is measured, nothing that is said is held against Discord's description.
    """

    def __init__(self, *, limits: Limits | None = None, is_checked: bool = True) -> None:
        self.world = World()
        description = read_description() if is_checked else None
        self.contract = Contract(description) if description else None
        self.gateway = Gateway(self.world, self.contract)
        self.limits = limits or Limits()
        self.faults = Faults()
        self.authority = Authority()
        self.requests: list[Seen] = []
        self.fetched: list[str] = []
        """The paths of the files that were asked for, on any of the media hosts."""
        self.port = 0
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=0)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(
            self._runner, "127.0.0.1", 0, ssl_context=self.authority.server_context()
        )
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.gateway.drop()
        await self._runner.cleanup()

    def connector(self) -> TCPConnector:
        """Make a connector through which Discord's hosts are found here."""
        return loopback_connector(self.authority, self.port)

    def member(self, name: str, *, locale: str = "en-US") -> Person:
        """Let somebody join Discord."""
        return Person(self.world, self.world.user(name, locale=locale))

    @asynccontextmanager
    async def running(self, client: Client) -> AsyncIterator[None]:
        """Log a client in and keep it running; raises what ends it before its time."""
        life = asyncio.create_task(client.start(self.world.token))
        connected = asyncio.create_task(self._connected())
        try:
            await asyncio.wait({life, connected}, return_when=asyncio.FIRST_COMPLETED)
            if life.done():
                life.result()
            await connected
            yield
        finally:
            connected.cancel()
            await client.close()
            await asyncio.wait({life})

    def seen(self, method: str, route: str) -> list[Seen]:
        """List the requests on a route, as "/channels/{channel_id}/messages"."""
        return [each for each in self.requests if (each.method, each.route) == (method, route)]

    def raise_if_contract_broken(self) -> None:
        """Raise ContractBrokenError where anything was not as Discord describes its API."""
        if self.contract:
            self.contract.raise_if_broken()

    async def _connected(self) -> None:
        await until(self.world, lambda: self.gateway.is_connected, lambda: "no bot logs in")

    def _application(self) -> web.Application:
        app = web.Application(
            middlewares=[self._record, self._limit, self._fail, self._explain],
            client_max_size=64 * 2**20,
        )
        app[WORLD] = self.world
        app[GATEWAY] = self.gateway
        app.add_routes([web.get("/", self.gateway.serve), *rest.ROUTES, *cdn.ROUTES])
        return app

    @web.middleware
    async def _record(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Validate each request to the API, and keep it with its answer's status."""
        if not request.path.startswith(API):
            self.fetched += [request.path] if request.path != "/" else []
            return await handler(request)
        fields = (await read_body(request)).fields if request.can_read_body else None
        path = request.path.removeprefix(API)
        if self.contract:
            self.contract.check(request.method, path, set(request.query), fields)
        answer = await handler(request)
        if self.contract and isinstance(answer, web.Response) and answer.content_type == JSON:
            body = json.loads(answer.text or "null")
            self.contract.check_answer(request.method, path, answer.status, body)
        now = asyncio.get_running_loop().time()
        route = _route(request).removeprefix(API)
        self.requests.append(Seen(request.method, route, path, fields, answer.status, now))
        return answer

    @web.middleware
    async def _limit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Keep the rate limits, and say on each answer how much is left."""
        if not request.path.startswith(API):
            return await handler(request)
        route = f"{request.method} {_route(request)}"
        answer = self.limits.refuse(request, route) or await handler(request)
        self.limits.describe(request, route, answer)
        return answer

    @web.middleware
    async def _fail(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let a fault happen where one was placed."""
        fault = self.faults.take(request, _route(request).removeprefix(API))
        return await (suffer(fault, request, handler) if fault else handler(request))

    @web.middleware
    async def _explain(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Turn away strangers, and answer a refusal as Discord words it."""
        try:
            if _needs_token(request):
                self._authorize(request)
            return await handler(request)
        except ApiError as error:
            return json_answer(error.body, status=error.status)
        except web.HTTPNotFound:
            return json_answer({"message": "404: Not Found", "code": 0}, status=404)

    def _authorize(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bot {self.world.token}":
            raise errors.unauthorized()


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else request.path


def _needs_token(request: web.Request) -> bool:
    has_own_token = {"interaction_token", "webhook_token"} & request.match_info.keys()
    return request.path.startswith(API) and not has_own_token
