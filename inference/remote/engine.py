"""The engine elsewhere: the same face over OpenAI-compatible servers."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Future
from contextlib import aclosing
from typing import Any

from inference.errors import AnswerCutError, DeadlinePassedError, EngineBusyError, EngineClosedError
from inference.interface import Delta, ModelKind, Request
from inference.remote.call import Call, Spent
from inference.remote.discovery import Served, discover
from inference.remote.faults import ServerError
from inference.remote.pool import Pool
from inference.remote.question import Asking, Phrasing
from inference.remote.server import Server
from inference.remote.tries import Tries
from inference.settings import RemoteSettings

logger = logging.getLogger(__name__)


class RemoteEngine:
    """Ask servers in the place of a model, each as much at a time as it can take.

    What all servers together cannot take waits here. To be used from one event loop at a time:
    in another one it begins anew, with connections of its own.
    """

    def __init__(self, settings: RemoteSettings, served: list[Served]) -> None:
        self.stopped: Future[None] = Future()
        """Done when the engine is closed."""
        self._settings = settings
        self._served = served
        """What each server of the settings serves."""
        self._pool = self._new_pool()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._phrasing = Phrasing(settings.extra)
        self._kind = served[0].kind
        self._model_name = served[0].name.rpartition("/")[2]
        self._most = 2 * len(served) * settings.at_once
        """Requests in hand; a queue in front of the engine hands it far fewer."""
        self._accepted = 0

    @classmethod
    def load(
        cls, settings: RemoteSettings, progress: Callable[[float], None] | None = None
    ) -> "RemoteEngine":
        """Wait until a server is up; raises ModelLoadError where none is, or one is set wrong."""
        found = discover(settings)
        usual = next(iter(found.values()))
        if progress:
            progress(1.0)
        return cls(settings, [found.get(url, usual) for url in settings.url])

    @property
    def model_name(self) -> str:
        """Name the model as people know it."""
        return self._model_name

    @property
    def kind(self) -> ModelKind:
        """Tell in what words the model is to be asked."""
        return self._kind

    def at_once(self, request: Request | None = None) -> int:  # noqa: ARG002 - servers do not tell
        """Tell how many requests the servers take at the same time, as they do now."""
        return self._pool.room

    @property
    def is_loaded(self) -> bool:
        """Tell that the servers see to it themselves."""
        return True

    def usage(self) -> dict[str, int]:
        """Tell what the servers do: how many are up, and what they are given at a time."""
        up = sum(server.is_up for server in self._pool.servers)
        return {"servers_up": up, "servers_at_once": self._pool.room}

    async def generate(self, request: Request) -> AsyncGenerator[Delta, None]:
        """Answer a request, piece by piece; see Engine.generate.

        Raises AnswerCutError where the answer broke off after its first piece,
        EngineUnavailableError where it reached no server for as long as the settings are patient,
        EngineBusyError where all refused it for so long.
        """
        self._accept()
        pool = self._pool_of_this_loop()
        tries, spent = Tries(request, self._settings.patience_seconds), Spent()
        try:
            while True:
                server = await _turn(pool, request, tries, spent)
                is_shown, taken = False, time.monotonic()
                try:
                    call = Call(server, request, self._settings)
                    body = await self._body(server, request, tries.asking, spent)
                    async with aclosing(call.read(body)) as texts:
                        async for text in texts:
                            if text:
                                is_shown = True
                                yield Delta(text)
                    server.answered(taken)
                    yield Delta("", call.ending(tries.asking, spent))
                    break
                except ServerError as fault:
                    if self.stopped.done():
                        raise EngineClosedError("The engine was closed.") from None
                    logger.warning("%s", fault)
                    if is_shown:
                        raise AnswerCutError(str(fault)) from fault
                    pause = tries.after(fault, server)
                finally:
                    pool.give_back(server)
                await asyncio.sleep(pause)
        finally:
            self._accepted -= 1

    def forget(self, scope_prefix: str) -> None:  # noqa: ARG002 - all scopes at once
        """Let no server find again what it keeps of any scope; see Engine.forget."""
        self._phrasing.forget()

    async def close(self) -> None:
        """Close all connections; what is left fails with EngineClosedError."""
        if not self.stopped.done():
            self.stopped.set_result(None)
            await self._pool.close()

    def _accept(self) -> None:
        if self.stopped.done():
            raise EngineClosedError("The engine is closed.")
        if self._accepted >= self._most:
            raise EngineBusyError("The engine has all the requests that it can take.")
        self._accepted += 1

    def _pool_of_this_loop(self) -> Pool:
        loop = asyncio.get_running_loop()
        if self._loop not in (None, loop):
            self._pool = self._new_pool()
        self._loop = loop
        return self._pool

    def _new_pool(self) -> Pool:
        addresses = zip(self._settings.url, self._served, strict=True)
        servers = [Server(url, served, self._settings) for url, served in addresses]
        return Pool(servers, self._settings.patience_seconds)

    async def _body(
        self, server: Server, request: Request, asking: Asking, spent: Spent
    ) -> dict[str, Any]:
        began = time.monotonic()
        body = await asyncio.to_thread(self._phrasing.body, server, request, asking)
        spent.preparation = time.monotonic() - began
        return body


async def _turn(pool: Pool, request: Request, tries: Tries, spent: Spent) -> Server:
    began = time.monotonic()
    left = None if request.deadline is None else request.deadline - began
    try:
        async with asyncio.timeout(left):
            return await pool.take(request.scope, tries.avoid)
    except TimeoutError:
        raise DeadlinePassedError("The deadline passed before the first token.") from None
    finally:
        spent.queued += time.monotonic() - began
