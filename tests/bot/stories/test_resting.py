"""The model has left memory since nobody asked."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.locales import say
from bot.locales import sentences as s
from inference import EngineSettings
from inference.engine.local import LocalEngine
from tests.bot.stories.conftest import Expect, Server
from tests.bot.stories.pictures import CHART


@pytest.fixture
async def engine(tiny_checkpoint: Path) -> AsyncIterator[LocalEngine]:
    settings = EngineSettings(source=str(tiny_checkpoint), device="cpu", dtype="float32")
    engine = LocalEngine.load(settings)
    yield engine
    await engine.close()


async def test_who_asks_a_resting_model_hears_that_it_wakes_up_and_is_answered(
    server: Server, expect: Expect, engine: LocalEngine
) -> None:
    question, waking = "which bar is low?", say("en-US", s.WAKING)
    for rests in (False, True):
        if rests:
            await asyncio.wrap_future(engine.release())
        result = await server.alice.slash(
            server.general, "ask", image=("chart.png", CHART), question=question
        )
        expect.answer(result.response, "ask", [CHART], question)
        assert (waking in server.posted()) == rests
