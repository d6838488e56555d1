"""The loopback Discord and the real bot on it."""

from tests.wire.conftest import (
    alice,
    general,
    loopback,
    pytest_asyncio_loop_factories,
    truth,
)
from tests.wire.test_bot_on_the_wire import start_bot, tiny_engine, vision_bot

__all__ = [
    "alice",
    "general",
    "loopback",
    "pytest_asyncio_loop_factories",
    "start_bot",
    "tiny_engine",
    "truth",
    "vision_bot",
]
