"""Discord's rate limits, as the documentation on rate limits states them (read 2026-08)."""

import asyncio
import hashlib
import math
import time
from collections import deque
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import web

from tests.wire.answers import json_answer


@dataclass(slots=True)
class Window:
    """So many requests in so many seconds, counted from the first one."""

    most: int
    seconds: float
    used: int = 0
    ends: float = -math.inf

    def take(self, now: float) -> float:
        """Use one request; returns the seconds to wait where none is left, else 0."""
        if now >= self.ends:
            self.used, self.ends = 0, now + self.seconds
        if self.used == self.most:
            return self.ends - now
        self.used += 1
        return 0.0


@dataclass
class Limits:
    """50 requests a second in all, 5 in 5 s per route and channel or webhook; counts refusals."""

    in_all: int = 50
    per_route: int = 5
    route_seconds: float = 5.0
    invalid_in_ten_minutes: int = 10_000
    invalid: deque[float] = field(default_factory=deque)
    """When a request was answered with 401, 403 or 429."""
    _all: Window = field(init=False)
    _routes: dict[str, Window] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._all = Window(self.in_all, 1.0)

    def refuse(self, request: web.Request, route: str) -> web.Response | None:
        """Count a request; returns the 429 where it is one too many."""
        now = asyncio.get_running_loop().time()
        if self._is_banned(now):
            return web.Response(status=429, text="<html>You are being blocked</html>")
        if _counts_in_all(route) and (wait := self._all.take(now)):
            return too_many_requests(wait, everywhere=True)
        if (window := self._window(request, route)) and (wait := window.take(now)):
            return too_many_requests(wait)
        return None

    def describe(self, request: web.Request, route: str, answer: web.StreamResponse) -> None:
        """Put the bucket's headers on an answer and count it where Discord calls it invalid."""
        now = asyncio.get_running_loop().time()
        if not answer.prepared:
            answer.headers.update(self._headers(request, route, now))
        if answer.status in _INVALID:
            self.invalid.append(now)

    def _is_banned(self, now: float) -> bool:
        while self.invalid and self.invalid[0] <= now - 600:
            self.invalid.popleft()
        return len(self.invalid) >= self.invalid_in_ten_minutes

    def _window(self, request: web.Request, route: str) -> Window | None:
        if (key := _bucket(request, route)) is None:
            return None
        return self._routes.setdefault(key, Window(self.per_route, self.route_seconds))

    def _headers(self, request: web.Request, route: str, now: float) -> dict[str, str]:
        if (window := self._window(request, route)) is None:
            return {}
        left = max(window.ends - now, 0.0)
        return {
            "X-RateLimit-Limit": str(window.most),
            "X-RateLimit-Remaining": str(window.most - window.used),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": hashlib.md5(route.encode()).hexdigest(),
        }


def too_many_requests(wait: float, *, everywhere: bool = False) -> web.Response:
    """Answer 429 as Discord does; `Via` shows that it is not Cloudflare's."""
    seconds = math.ceil(wait * 1000) / 1000
    answer = json_answer(
        {"message": "You are being rate limited.", "retry_after": seconds, "global": everywhere},
        status=HTTPStatus.TOO_MANY_REQUESTS,
    )
    answer.headers["Retry-After"] = str(math.ceil(seconds))
    answer.headers["X-RateLimit-Scope"] = "global" if everywhere else "user"
    answer.headers["Via"] = "1.1 google"
    if everywhere:
        answer.headers["X-RateLimit-Global"] = "true"
    return answer


_INVALID = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}


def _counts_in_all(route: str) -> bool:
    """Interaction endpoints are not bound to the bot's global limit."""
    return "{interaction_token}" not in route and "{webhook_token}" not in route


def _bucket(request: web.Request, route: str) -> str | None:
    """Name the window that a request falls into: its route and its channel or webhook."""
    major = request.match_info.get("channel_id") or request.match_info.get("webhook_token")
    return f"{route} {major}" if major else None
