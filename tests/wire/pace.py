"""An engine at a pace of the loop's time: its words are its own, the seconds are virtual."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from concurrent.futures import Future
from contextlib import aclosing

from inference import Delta, Engine, ModelKind, Request
from tests.wire.clock import VirtualTimeLoop


class PacedEngine:
    """Hands out a real engine's pieces one by one, so many seconds after each other."""

    def __init__(self, engine: Engine, seconds: float) -> None:
        self._engine = engine
        self._seconds = seconds

    @property
    def model_name(self) -> str:
        """Name the real engine's model."""
        return self._engine.model_name

    @property
    def kind(self) -> ModelKind:
        """Tell in what words the real engine's model is asked."""
        return self._engine.kind

    def at_once(self, request: Request | None = None) -> int:
        """Tell how many requests like this one are answered at the same time."""
        return self._engine.at_once(request)

    def usage(self) -> Mapping[str, float]:
        """Tell what the real engine has in use."""
        return self._engine.usage()

    @property
    def is_loaded(self) -> bool:
        """Tell whether the real engine's model is at hand."""
        return self._engine.is_loaded

    @property
    def stopped(self) -> Future[None]:
        """Wait for the real engine's end."""
        return self._engine.stopped

    async def generate(self, request: Request) -> AsyncGenerator[Delta, None]:
        """Answer as the real engine does; time stands still while the model computes."""
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        async with aclosing(self._engine.generate(request)) as deltas:
            while True:
                with loop.working():
                    delta = await anext(deltas, None)
                if delta is None:
                    return
                await asyncio.sleep(self._seconds)
                yield delta

    def forget(self, scope_prefix: str) -> None:
        """Let the real engine forget."""
        self._engine.forget(scope_prefix)

    async def close(self) -> None:
        """Leave the real engine to its owner."""
