"""Engines over the tiny checkpoint, pictures, and a short way to ask."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from inference import EngineSettings, Picture
from inference.checkpoint.loading import load_model
from inference.decoder.runner import bytes_per_token
from inference.engine.local import Limits, LocalEngine
from tests.oracle import Oracle

MakeEngine = Callable[..., LocalEngine]


@pytest.fixture
async def make_engine(tiny_checkpoint: Path) -> AsyncIterator[MakeEngine]:
    """Load the tiny checkpoint into an engine with the given limits, in float32.

    `rows` is the length of its arena.
    """
    engines = []

    def make(rows: int | None = None, **limits: int | float) -> LocalEngine:
        settings = EngineSettings(source=str(tiny_checkpoint), dtype="float32", device="cpu")
        network, processor = load_model(settings)
        engines.append(LocalEngine(network, processor, "tiny", _limits(network, rows, limits)))
        return engines[-1]

    yield make
    for engine in engines:
        await engine.close()


@pytest.fixture
def model(tiny_checkpoint: Path) -> Any:
    """The tiny model, to be handed to an engine."""
    settings = EngineSettings(source=str(tiny_checkpoint), dtype="float32", device="cpu")
    return load_model(settings)[0]


@pytest.fixture
async def engine_of_model(model: Any, oracle: Oracle) -> AsyncIterator[MakeEngine]:
    """Hand the model to an engine with the given limits."""
    engines = []

    def make(rows: int | None = None, **limits: int | float) -> LocalEngine:
        engines.append(LocalEngine(model, oracle.processor, "tiny", _limits(model, rows, limits)))
        return engines[-1]

    yield make
    for engine in engines:
        await engine.close()


@pytest.fixture
def engine(make_engine: MakeEngine) -> LocalEngine:
    """An engine as people get it."""
    return make_engine()


@pytest.fixture(scope="session")
def landscape() -> Picture:
    """A picture that is wider than high."""
    return _picture(400, 300, 50)


@pytest.fixture(scope="session")
def portrait() -> Picture:
    """A picture that is higher than wide."""
    return _picture(300, 500, 20)


def _limits(model: Any, rows: int | None, limits: dict[str, int | float]) -> Limits:
    if rows is None:
        return Limits(**limits)
    weights = sum(tensor.nbytes for tensor in (*model.parameters(), *model.buffers()))
    return Limits(memory=weights + rows * bytes_per_token(model), **limits)


def _picture(width: int, height: int, quality: int) -> Picture:
    fractal = Image.effect_mandelbrot((width, height), (-2, -1, 1, 1), quality)
    return Picture(fractal.convert("RGB"))
