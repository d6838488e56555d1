"""Faults as data: what goes wrong on which route for the next requests."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from tests.wire.answers import json_answer
from tests.wire.limits import too_many_requests

NO_ANSWER = 444
"""Stands in the record for an answer that never came."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Refused:
    """Answered with an error and without effect."""

    status: int
    code: int = 0
    message: str = "fault"


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Answered with 429 and without effect."""

    retry_after: float
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset before or after the request has had its effect."""

    when: Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Slow:
    """The request has its effect, and its answer, so many seconds later."""

    seconds: float


@dataclass(frozen=True, slots=True)
class CutOff:
    """The answer's body ends after so many bytes, though its length promised more."""

    after: int


@dataclass(frozen=True, slots=True)
class Garbled:
    """Answered without effect, and with something that is no HTTP."""


Fault = Refused | RateLimited | Reset | Slow | CutOff | Garbled


@dataclass(slots=True)
class _Placed:
    method: str
    route: str
    fault: Fault
    times: int


class Faults:
    """The faults that wait for their requests."""

    def __init__(self) -> None:
        self._placed: list[_Placed] = []
        self._spent = asyncio.Event()

    def place(self, route: str, fault: Fault, *, times: int = 1) -> None:
        """Let a fault happen to the next requests on a route, as "POST /channels/{channel_id}"."""
        method, path = route.split(" ", 1)
        self._placed.append(_Placed(method, path, fault, times))
        self._spent.clear()

    def clear(self) -> None:
        """Let no more faults happen."""
        self._placed.clear()
        self._spent.set()

    @property
    def are_spent(self) -> bool:
        """Tell whether each fault has happened as often as it was placed for."""
        return not self._placed

    async def until_spent(self) -> None:
        """Wait until each fault has happened as often as it was placed for."""
        await self._spent.wait()

    def take(self, request: web.Request, route: str) -> Fault | None:
        """Hand out the next fault for a request, if any."""
        for placed in self._placed:
            if (placed.method, placed.route) == (request.method, route):
                placed.times -= 1
                if not placed.times:
                    self._placed.remove(placed)
                    if self.are_spent:
                        self._spent.set()
                return placed.fault
        return None


async def suffer(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a fault happen to a request."""
    match fault:
        case Refused(status, code, message):
            return json_answer({"code": code, "message": message}, status=status)
        case RateLimited(retry_after, everywhere):
            return too_many_requests(retry_after, everywhere=everywhere)
        case Reset(when):
            if when == "after":
                await handler(request)
            return _reset(request)
        case Slow(seconds):
            await asyncio.sleep(seconds)
            return await handler(request)
        case CutOff(after):
            return await _cut_off(request, await handler(request), after)
        case Garbled():
            assert request.transport is not None
            request.transport.write(b"garbled\r\n\r\n")
            request.transport.close()
            return web.Response(status=NO_ANSWER)


def _reset(request: web.Request) -> web.Response:
    assert request.transport is not None
    connection = request.transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()
    return web.Response(status=NO_ANSWER)


async def _cut_off(
    request: web.Request, whole: web.StreamResponse, after: int
) -> web.StreamResponse:
    assert isinstance(whole, web.Response)
    assert isinstance(whole.body, bytes)
    part = web.StreamResponse(status=whole.status, headers={"Content-Type": whole.content_type})
    part.content_length = len(whole.body)
    await part.prepare(request)
    await part.write(whole.body[:after])
    _reset(request)
    return part
