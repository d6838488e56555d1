"""What is kept a moment later is kept in virtual time."""

from tests.wire.conftest import pytest_asyncio_loop_factories

__all__ = ["pytest_asyncio_loop_factories"]
