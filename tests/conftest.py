"""Fixtures for all: the tiny checkpoints, and the plain way to ask one."""

import os
from pathlib import Path

import pytest
import torch
from hypothesis import settings

from tests.oracle import Oracle
from tests.tiny.brief import write_brief_checkpoint
from tests.tiny.checkpoint import write_tiny_checkpoint

# However busy it is; and what fails fails each time. `--hypothesis-profile default` explores.
settings.register_profile("any machine", deadline=None, derandomize=True)
settings.load_profile("any machine")


def pytest_configure() -> None:
    """Compute on one thread, here and in bots that tests start: a tiny model needs no more."""
    torch.set_num_threads(1)
    os.environ["OMP_NUM_THREADS"] = "1"


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny model: configuration, tokenizer, weights."""
    return write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoint") / "tiny")


@pytest.fixture(scope="session")
def brief_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny model that soon falls silent."""
    return write_brief_checkpoint(tmp_path_factory.mktemp("checkpoint") / "brief")


@pytest.fixture(scope="session")
def oracle(tiny_checkpoint: Path) -> Oracle:
    """The tiny model asked through transformers' own `generate`, one request at a time."""
    return Oracle(tiny_checkpoint)
