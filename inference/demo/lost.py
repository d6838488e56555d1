"""What small weights cost: the right answers of full ones that they lose."""

import asyncio
import math
from collections.abc import Sequence
from random import Random

from inference import EngineSettings, load_engine
from inference.demo.evaluate import answer, wilson_interval
from inference.demo.exercises import Exercise, Family, draw_exercise
from inference.demo.words import Split


def compare(model: str, kinds: Sequence[str], count: int) -> None:
    """Let a checkpoint answer exercises in full weights and in others, and print the table."""
    exercises = [
        draw_exercise(family, Random(f"lost {number}"), Split.TEST)
        for number in range(math.ceil(count / len(Family)))
        for family in Family
    ]
    full, *others = [asyncio.run(_answers(model, kind, exercises)) for kind in ("full", *kinds)]
    print("| weights | lost | of right ones | share | 95 % interval | gained | other words |")
    print("|---|---|---|---|---|---|---|")
    for kind, said in zip(kinds, others, strict=True):
        print(row(kind, exercises, full, said))


def row(kind: str, exercises: Sequence[Exercise], full: list[str], said: list[str]) -> str:
    """Write a kind's row: its answers beside those of full weights."""
    right = [
        (exercise.questions[0].is_right(exact), exercise.questions[0].is_right(near))
        for exercise, exact, near in zip(exercises, full, said, strict=True)
    ]
    before = sum(exact for exact, _ in right)
    lost, gained = right.count((True, False)), right.count((False, True))
    low, high = wilson_interval(lost, before)
    others = sum(exact != near for exact, near in zip(full, said, strict=True))
    return (
        f"| {kind} | {lost} | {before} | {lost / before:.1%} | {low:.1%} – {high:.1%} "
        f"| {gained} | {others} |"
    )


async def _answers(model: str, kind: str, exercises: Sequence[Exercise]) -> list[str]:
    settings = EngineSettings(source=model, device="cpu", dtype="float32")
    engine = load_engine(settings.model_copy(update={"weights": kind}))
    turns = asyncio.Semaphore(engine.at_once())

    async def take(exercise: Exercise) -> str:
        async with turns:
            return await answer(engine, exercise)

    try:
        return await asyncio.gather(*map(take, exercises))
    finally:
        await engine.close()
