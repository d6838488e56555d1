"""Engines over the tiny checkpoint, pictures, and a short way to ask."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from inference import EngineSettings, Picture
from inference.checkpoint.loading import load_model
from inference.engine.local import Limits, LocalEngine
from tests.oracle import Oracle

MakeEngine = Callable[..., LocalEngine]


@pytest.fixture
async def make_engine(tiny_checkpoint: Path) -> AsyncIterator[MakeEngine]:
    """Load the tiny checkpoint into an engine with the given limits, in float32."""
    engines = []

    def make(**limits: int | float) -> LocalEngine:
        settings = EngineSettings(source=str(tiny_checkpoint), dtype="float32", device="cpu")
        engines.append(LocalEngine.load(settings, limits=Limits(**limits)))
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

    def make(**limits: int | float) -> LocalEngine:
        engines.append(LocalEngine(model, oracle.processor, "tiny", Limits(**limits)))
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


def _picture(width: int, height: int, quality: int) -> Picture:
    fractal = Image.effect_mandelbrot((width, height), (-2, -1, 1, 1), quality)
    return Picture(fractal.convert("RGB"))
