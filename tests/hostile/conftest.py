"""Hostile stories run in virtual time, as those on the wire do."""

import asyncio
from collections.abc import Callable, Mapping

from tests.wire.clock import VirtualTimeLoop


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Let time pass only while nothing else can happen."""
    return {"virtual time": VirtualTimeLoop}
