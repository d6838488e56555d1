"""Which server is asked next, and how the servers do meanwhile."""

import asyncio
import hashlib
import logging
import time
from collections.abc import Sequence
from contextlib import suppress

import openai

from inference.errors import EngineClosedError, EngineUnavailableError
from inference.remote.server import Server, root_of, waiting_in

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""Between two looks at the servers, while somebody asks or waits."""


class Pool:
    """Lends servers: the one with the fewest of our questions, first come first served."""

    def __init__(self, servers: Sequence[Server], patience: float) -> None:
        self.servers = tuple(servers)
        self._patience = patience
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None
        self._asking = 0
        self._closed = False

    @property
    def room(self) -> int:
        """Tell how many questions all servers together are given at a time, at least one."""
        return max(1, sum(int(each.window.width) for each in self.servers if each.is_up))

    async def take(self, scope: str | None, avoid: Server | None = None) -> Server:
        """Wait until a server has room; it is to be given back.

        A conversation goes to the same one where several are equally free: it may remember.
        Raises EngineUnavailableError where all have been away for as long as we are patient.
        """
        self._asking += 1
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._look())
        try:
            async with self._turn:
                while (server := self._free(scope, avoid)) is None:
                    self._check()
                    await self._change()
        except BaseException:
            self._asking -= 1
            raise
        server.take()
        return server

    def give_back(self, server: Server) -> None:
        """Return a server that was taken."""
        server.outstanding -= 1
        self._asking -= 1
        self._changed.set()

    async def close(self) -> None:
        """Send away who waits, and end the look-out."""
        self._closed = True
        self._changed.set()
        if self._watch:
            self._watch.cancel()
        for server in self.servers:
            await server.client.close()

    def _free(self, scope: str | None, avoid: Server | None) -> Server | None:
        if self._closed:
            raise EngineClosedError("The engine is closed.")
        free = [server for server in self.servers if server.has_room]
        others = [server for server in free if server is not avoid]
        return min(others or free, key=lambda s: (s.outstanding, _rank(scope, s.url)), default=None)

    def _check(self) -> None:
        away = [server.away_since for server in self.servers if server.away_since is not None]
        if len(away) == len(self.servers) and time.monotonic() - max(away) > self._patience:
            raise EngineUnavailableError("No server can be reached.")

    async def _change(self) -> None:
        """Wait until something has changed, or may have: a server has rested."""
        rests = [server.rest for server in self.servers if not server.is_up]
        self._changed.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(min(rests, default=LOOK_SECONDS) + 0.01):
                await self._changed.wait()

    async def _look(self) -> None:
        """Look after all servers while somebody asks."""
        while self._asking:
            await asyncio.gather(*map(self._look_after, self.servers))
            self._changed.set()
            await asyncio.sleep(LOOK_SECONDS)

    async def _look_after(self, server: Server) -> None:
        was_up = server.is_up
        try:
            async with asyncio.timeout(5 * LOOK_SECONDS):
                for page in tuple(server.pages):
                    await _look_at(server, page)
        except (openai.APIConnectionError, openai.InternalServerError, TimeoutError) as error:
            if was_up:
                logger.warning("%s is away (%s).", server.url, type(error).__name__)
            server.lost()


async def _look_at(server: Server, page: str) -> None:
    """Read a page beside the server's face, unless it turns out to have none such."""
    try:
        text = await server.client.get(root_of(server.url) + page, cast_to=str)
    except openai.APIStatusError as error:
        if error.status_code >= 500:
            raise
        server.pages.discard(page)
        return
    server.lives()
    if (waiting := waiting_in(text)) is not None:
        server.told(waiting)


def _rank(scope: str | None, url: str) -> bytes:
    return hashlib.blake2b(f"{scope} {url}".encode(), digest_size=8).digest()
