"""However the engine serves a question, the trained model's answer stays the same."""

import asyncio
import math
from collections.abc import AsyncIterator
from random import Random

import pytest

from inference import Ending, Engine, EngineSettings, Message, Picture, Request, load_engine
from inference.decoder.small_linears import largest_byte
from inference.demo import CHECKPOINT
from inference.demo.exercises import Exercise, Family, draw_exercise
from inference.demo.words import Split
from tests.inference.asking import ask
from tests.oracle import Oracle

EXERCISES = [
    draw_exercise(family, Random(f"unchanged {number}"), Split.TEST)
    for number in range(20)
    for family in Family
]
FEW = EXERCISES[:40]
OF_BYTES = 0.01 if largest_byte() == 127 else 0.03
"""Without VNNI the weights have 7 bits."""


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    engine = load("float32")
    yield engine
    await engine.close()


async def test_together_and_warm_each_answer_is_the_one_of_plain_generate(engine: Engine) -> None:
    oracle = Oracle(CHECKPOINT)
    alone = [oracle.answer(request_of(exercise)) for exercise in FEW]
    assert texts(await ask_together(engine, FEW)) == alone
    again = await ask_together(engine, FEW[-engine.at_once() :])
    assert texts(again) == alone[-engine.at_once() :]
    assert sum(ending.cached_tokens > 0 for _, ending in again) > engine.at_once() // 2
    assert all(ending.encoding == 0 for _, ending in again)


@pytest.mark.parametrize(
    ("dtype", "weights", "share"),
    [("bfloat16", "full", 0.01), ("float32", "int8", OF_BYTES), ("float32", "int4", 0.05)],
)
async def test_rounding_changes_few_right_answers(
    engine: Engine, dtype: str, weights: str, share: float
) -> None:
    """Of wrong ones it changes more: there, two tokens are nearly as likely."""
    exact = texts(await ask_together(engine, EXERCISES))
    rounding = load(dtype, weights)
    rounded = texts(await ask_together(rounding, EXERCISES))
    await rounding.close()
    right = [
        after == before
        for exercise, before, after in zip(EXERCISES, exact, rounded, strict=True)
        if before == exercise.questions[0].answer
    ]
    assert len(right) >= 0.4 * len(EXERCISES)
    assert right.count(False) <= math.ceil(share * len(right))


def load(dtype: str, weights: str = "full") -> Engine:
    return load_engine(EngineSettings(source="demo", device="cpu", dtype=dtype, weights=weights))


def request_of(exercise: Exercise) -> Request:
    pictures = tuple(Picture(drawing.image) for drawing in exercise.drawings)
    return Request((Message("user", exercise.questions[0].text, pictures),), scope="lounge")


async def ask_together(engine: Engine, exercises: list[Exercise]) -> list[tuple[str, Ending]]:
    """Ask about the exercises, as many at a time as are answered at once."""
    turns = asyncio.Semaphore(engine.at_once())

    async def take(exercise: Exercise) -> tuple[str, Ending]:
        async with turns:
            return await ask(engine, request_of(exercise))

    return await asyncio.gather(*map(take, exercises))


def texts(answers: list[tuple[str, Ending]]) -> list[str]:
    return [text for text, _ in answers]
