"""A model server on loopback: it speaks a dialect, and does what a test tells it to."""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.remote.dialects import Dialect, Fields, Refusal, Vllm, event

SENTENCE = (" The", " title", " of", " the", " book", " is", ' "DIF', " B", 'MOL"', ".")
USAGE = {"prompt_tokens": 76, "total_tokens": 106, "completion_tokens": 30}


class Exchange:
    """One question that is being answered."""

    def __init__(self, server: "ModelServer", request: web.Request, asked: Fields) -> None:
        self.server = server
        self.asked = asked
        self._request = request
        self._response: web.StreamResponse | None = None

    async def begin(self) -> None:
        """Send the headers, as vLLM does long before the first event."""
        kind = {"Content-Type": "text/event-stream; charset=utf-8"}
        self._response = web.StreamResponse(headers=kind)
        self._response.enable_chunked_encoding()
        await self._response.prepare(self._request)

    async def send(self, fields: Fields) -> None:
        """Send an event."""
        await self.write(event(fields))

    async def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        assert self._response is not None
        await self._response.write(data)

    async def say(self, *pieces: str) -> None:
        """Begin, and say the pieces, a moment each."""
        await self.begin()
        await self.send(self.server.dialect.first())
        await self.say_on(*pieces)

    async def say_on(self, *pieces: str) -> None:
        """Say the pieces, a moment each."""
        for piece in pieces:
            await asyncio.sleep(self.server.seconds_a_token)
            await self.send(self.server.dialect.piece(piece))

    async def end(self, reason: str = "stop", usage: Fields = USAGE) -> None:
        """Say why the answer ends and what it took, and end it."""
        for fields in self.server.dialect.last(reason, usage, self.asked):
            await self.send(fields)
        if self.server.dialect.ends_with_done:
            await self.write(b"data: [DONE]\n\n")

    def hang_up(self) -> None:
        """Break the connection off."""
        assert self._request.transport is not None
        self._request.transport.abort()

    @property
    def response(self) -> web.StreamResponse:
        """What has been sent."""
        assert self._response is not None
        return self._response


Behaviour = Callable[[Exchange], Awaitable[web.StreamResponse]]


def says(*pieces: str, reason: str = "stop", usage: Fields = USAGE) -> Behaviour:
    """Answer so."""

    async def behave(exchange: Exchange) -> web.StreamResponse:
        await exchange.say(*pieces)
        await exchange.end(reason, usage)
        return exchange.response

    return behave


def refuses(refusal: Refusal, **headers: str) -> Behaviour:
    """Answer with an error."""

    async def behave(_: Exchange) -> web.StreamResponse:
        return _response(refusal, headers)

    return behave


def dies_after(*pieces: str) -> Behaviour:
    """Say the pieces; then the worker is killed, and vLLM says so, and [DONE]."""

    async def behave(exchange: Exchange) -> web.StreamResponse:
        await exchange.say(*pieces)
        await exchange.send(Vllm.death())
        await exchange.write(b"data: [DONE]\n\n")
        return exchange.response

    return behave


def goes_silent_after(*pieces: str) -> Behaviour:
    """Say the pieces, then nothing, the connection open: as vLLM when it is asked to stop."""

    async def behave(exchange: Exchange) -> web.StreamResponse:
        await exchange.say(*pieces)
        await asyncio.sleep(3600)
        return exchange.response

    return behave


def hangs_up_after(*pieces: str) -> Behaviour:
    """Say the pieces and break the connection off, as a process that is killed."""

    async def behave(exchange: Exchange) -> web.StreamResponse:
        await exchange.say(*pieces)
        exchange.hang_up()
        return exchange.response

    return behave


def hangs_up() -> Behaviour:
    """Say nothing and close, as a tunnel or a port of a container that has nothing behind it."""

    async def behave(exchange: Exchange) -> web.StreamResponse:
        exchange.hang_up()
        return web.Response()

    return behave


def ends_without_reason_after(*pieces: str) -> Behaviour:
    """Say the pieces and [DONE], but not why."""

    async def behave(exchange: Exchange) -> web.StreamResponse:
        await exchange.say(*pieces)
        await exchange.write(b"data: [DONE]\n\n")
        return exchange.response

    return behave


def writes(*lines: bytes) -> Behaviour:
    """Write bytes into a stream."""

    async def behave(exchange: Exchange) -> web.StreamResponse:
        await exchange.begin()
        for line in lines:
            await exchange.write(line)
        return exchange.response

    return behave


class ModelServer:
    """Answers every question with a sentence, unless it is told what to do next."""

    def __init__(
        self,
        dialect: Dialect | None = None,
        *,
        model: str = "demo",
        context: int = 4096,
        slots: int = 1000,
        most: int = 1_000_000,
        key: str = "",
    ) -> None:
        self.dialect: Dialect = dialect or Vllm()
        self.model = model
        self.context = context
        self.key = key
        self.seconds_a_token = 0.02
        self.next: deque[Behaviour] = deque()
        """What is done with the next questions, before all others."""
        self.always: Behaviour = says(*SENTENCE)
        self.lists: Behaviour | None = None
        """What is done when it is asked for its models, in place of listing them."""
        self.asked: list[Fields] = []
        """The questions as they came."""
        self.running = 0
        self.most_running = 0
        self.waiting = 0
        self.finished = 0
        self.left = 0
        """Questions whose asker was gone before the answer was whole."""
        self.port = 0
        self.refused = 0
        self._most = most
        """Questions that it takes at a time; it refuses others."""
        self._slots = asyncio.Semaphore(slots)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where its face is."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Come up, on the port of the last time if there was one."""
        application = web.Application(client_max_size=100 * 1024**2)
        application.router.add_post("/v1/chat/completions", self._answer)
        application.router.add_get("/v1/models", self._models)
        application.router.add_get("/{page:health|metrics}", self._page)
        self._runner = web.AppRunner(
            application, handler_cancellation=True, shutdown_timeout=0, access_log=None
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Go away at once, as when the process is killed: every connection breaks off."""
        if self._runner is None:
            return
        runner, self._runner = self._runner, None
        for connection in list(runner.server.connections if runner.server else ()):
            if connection.transport:
                connection.transport.abort()
        await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
            return _response(Vllm.unauthorized(), {})
        asked = await request.json()
        self.asked.append(asked)
        if refusal := self.dialect.check(asked, self.model):
            return _response(refusal, {})
        if self.running + self.waiting >= self._most:
            self.refused += 1
            return _response(Refusal(429, {"error": {"message": "Too Many Requests"}}), {})
        behaviour = self.next.popleft() if self.next else self.always
        async with self._turn():
            try:
                response = await behaviour(Exchange(self, request, asked))
            except (asyncio.CancelledError, ConnectionError):
                self.left += 1
                raise
            self.finished += 1
            return response

    @contextlib.asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        self.waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self.waiting -= 1
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            yield
        finally:
            self.running -= 1
            self._slots.release()

    async def _models(self, request: web.Request) -> web.StreamResponse:
        if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
            return _response(Vllm.unauthorized(), {})
        if self.lists:
            return await self.lists(Exchange(self, request, {}))
        return web.json_response(self.dialect.models(self.model, self.context))

    async def _page(self, request: web.Request) -> web.StreamResponse:
        text = self.dialect.pages.get(request.path)
        if text is None:
            return _response(Refusal(404, {"detail": "Not Found"}), {})
        return web.Response(text=text.format(running=self.running, waiting=self.waiting))


Fate = Callable[[ModelServer], Coroutine[Any, Any, None]]


@contextlib.contextmanager
def apart(server: ModelServer, fate: Fate | None = None) -> Iterator[ModelServer]:
    """Let a server run in a loop and a thread of its own, as if it were another process.

    Its fate, if any, takes its course meanwhile.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="model server", daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(server.start(), loop).result()
        course = asyncio.run_coroutine_threadsafe(fate(server), loop) if fate else None
        yield server
        if course:
            course.result()
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _response(refusal: Refusal, headers: dict[str, str]) -> web.Response:
    if isinstance(refusal.body, str):
        return web.Response(status=refusal.status, text=refusal.body, headers=headers)
    return web.json_response(refusal.body, status=refusal.status, headers=headers)


def pictures_of(asked: Fields, message: int = -1) -> Sequence[str]:
    """List the data URLs of a message."""
    content: Any = asked["messages"][message]["content"]
    return [part["image_url"]["url"] for part in content if part["type"] == "image_url"]
