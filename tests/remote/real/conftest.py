"""Two real vLLMs with the small model, for all tests beside this; in real time."""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from inference.demo import CHECKPOINT
from tests.remote.real.environment import vllm_python
from tests.remote.real.served import RealVllm


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The servers are other processes: their time is real."""
    return {"real time": asyncio.SelectorEventLoop}


@pytest.fixture(autouse=True)
def clock() -> None:
    """Leave the time as it is."""


@pytest.fixture(scope="session")
def vllms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RealVllm, RealVllm]]:
    """Two servers: both come up together, and each may be ended once."""
    if "PYTEST_XDIST_WORKER" in os.environ:  # each would start its own
        pytest.skip("Two servers are enough: python -m pytest -n 0 tests/remote/real")
    python = vllm_python()
    folder: Path = tmp_path_factory.mktemp("vllm")
    with ExitStack() as ends:
        servers = []
        for name in ("first.log", "second.log"):
            servers.append(RealVllm(python, CHECKPOINT, folder / name))
            ends.callback(servers[-1].end)
        for server in servers:
            server.wait()
        yield servers[0], servers[1]
