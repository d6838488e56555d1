"""One question to one server: sent, read with time-outs, closed."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable
from dataclasses import dataclass
from typing import Any, TypeVar

from openai.types.chat import ChatCompletionChunk

from inference.errors import DeadlinePassedError
from inference.interface import Ending, Request, StopReason
from inference.remote.answer import Answer
from inference.remote.faults import FailedError, fault_of
from inference.remote.question import Asking
from inference.remote.server import Server
from inference.settings import RemoteSettings

T = TypeVar("T")

TAIL_SECONDS = 5.0
"""How long the count of tokens may take that follows a whole answer."""


@dataclass
class Spent:
    """What came before a request's last try: waits, and writing the question, in seconds."""

    queued: float = 0.0
    preparation: float = 0.0


class Call:
    """Reads one server's answer; leaving it closes the connection, which ends the work there."""

    def __init__(self, server: Server, request: Request, settings: RemoteSettings) -> None:
        self._server = server
        self._request = request
        self._deadline = request.deadline
        self._settings = settings
        self._answer = Answer(request)
        self._prefill: float | None = None
        """Seconds until the answer began, once it has."""
        self._decode = 0.0
        """Seconds from then to its end."""

    async def read(self, body: dict[str, Any]) -> AsyncGenerator[str, None]:
        """Send the question and give the answer, piece by piece.

        It is whole only if the server says why it ended: the mark [DONE] comes after errors, too.
        Raises a ServerError, or DeadlinePassedError.
        """
        sent = time.monotonic()
        try:
            async for chunk in self._chunks(body):
                text = self._answer.add(chunk)
                if self._prefill is None and self._answer.has_begun:
                    self._prefill = time.monotonic() - sent
                yield text
                if self._answer.reason in (StopReason.STOP, StopReason.LOOP):
                    break
        except Exception as error:
            if self._answer.reason is None:  # else it is whole, whatever follows
                if not (isinstance(error, TimeoutError) and self._is_too_late):
                    raise fault_of(error, self._server.url) from error
                if self._prefill is None:
                    raise DeadlinePassedError("The first token came too late.") from None
                yield self._answer.end(StopReason.DEADLINE)
        self._decode = time.monotonic() - sent - (self._prefill or 0.0)
        if self._answer.reason is None:
            raise FailedError(f"{self._server.url} stopped in the middle of an answer.")

    @property
    def _is_too_late(self) -> bool:
        return self._deadline is not None and time.monotonic() >= self._deadline

    async def _chunks(self, body: dict[str, Any]) -> AsyncGenerator[ChatCompletionChunk, None]:
        first_due = due = time.monotonic() + self._settings.first_token_seconds
        stream = await self._within(due, self._server.client.chat.completions.create(**body))
        async with stream:
            chunks = aiter(stream)
            while (chunk := await self._within(due, anext(chunks, None))) is not None:
                yield chunk
                due = self._next_due(first_due)

    def _next_due(self, first_due: float) -> float:
        """Tell until when the next chunk may take; one without words shortens no patience."""
        if self._answer.reason is not None:
            return time.monotonic() + TAIL_SECONDS
        due = time.monotonic() + self._settings.silence_seconds
        return due if self._answer.has_begun else max(due, first_due)

    async def _within(self, due: float, coming: Awaitable[T]) -> T:
        until = due if self._deadline is None else min(due, self._deadline)
        async with asyncio.timeout(until - time.monotonic()):
            return await coming

    def ending(self, asking: Asking, spent: Spent) -> Ending:
        """Sum up a whole answer; tokens are 0 where the server does not count them."""
        assert self._answer.reason is not None
        usage = self._answer.usage
        details = getattr(usage, "prompt_tokens_details", None)
        prompt_tokens = _count(usage, "prompt_tokens")
        return Ending(
            self._answer.reason,
            prompt_tokens=prompt_tokens,
            cached_tokens=min(_count(details, "cached_tokens"), prompt_tokens),
            new_tokens=_count(usage, "completion_tokens"),
            crops=asking.crops,
            queued=spent.queued,
            preparation=spent.preparation,
            encoding=0.0,
            prefill=self._prefill or 0.0,
            decode=self._decode,
            fewer_crops=asking.crops < self._request.crops,
        )


def _count(told: object, name: str) -> int:
    """Read a count of tokens, which a server may leave out or get wrong."""
    count = getattr(told, name, None)
    return max(0, count) if isinstance(count, int) else 0
