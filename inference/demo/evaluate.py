"""Examine the small model, through the engine, on pictures and words that it has never met."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from inference import Engine, EngineSettings, Message, Picture, Request, load_engine
from inference.demo.exams import EXAMS, KNOWN, Exam
from inference.demo.exercises import Exercise, Family
from inference.demo.questions import REFUSAL
from inference.demo.typefaces import require_all


@dataclass(frozen=True, slots=True)
class Mark:
    """How an exam went."""

    exam: Exam
    right: int
    to_the_letter: int
    """Of the right ones, those in which all that was read on the way was right, too."""
    refused: int
    repeated: int
    """Follow-ups to which the first answer was said again, and wrongly so."""
    asked: int


def evaluate(model: Path, pictures: int, seeds: Sequence[int | None], named: str = "") -> None:
    """Examine a checkpoint with so many pictures of each seed, and print the table.

    Of the exams only those are held whose name has some words in it.
    """
    exams = [exam for exam in EXAMS if named in exam.name]
    if any(exam.varied for exam in exams):
        require_all()
    print(table(asyncio.run(_examine_all(model, exams, pictures, seeds))))


def table(marks: list[Mark]) -> str:
    """Write marks as a Markdown table, with 95 % Wilson intervals."""
    lines = [
        "| exam | right | of | share | 95 % interval | to reach | all to the letter |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        _row(mark.exam.name, mark.right, mark.asked, mark.exam.goal)
        + f" {mark.to_the_letter / mark.asked:.1%} |"
        for mark in marks
    ]
    plain = [m for m in marks if not (m.exam.varied or m.exam.worn)]
    known = [m for m in plain if set(m.exam.families) <= set(KNOWN) and not m.exam.follow_ups]
    near = [m for m in marks if m.exam.families == (Family.NEAR_MISSES,)]
    asked_on = [m for m in plain if m.exam.follow_ups]
    for name, answered, goal in (
        ("known, not refused", known, 0.99),
        ("near misses, not declined", near, 1.0),
    ):
        if asked := sum(m.asked for m in answered):
            accepted = asked - sum(m.refused for m in answered)
            lines.append(_row(name, accepted, asked, goal) + " |")
    if asked := sum(m.asked for m in asked_on):
        new = asked - sum(m.repeated for m in asked_on)
        lines.append(_row("follow-ups, nothing repeated", new, asked, 0.99) + " |")
    return "\n".join(lines)


def wilson_interval(right: int, asked: int) -> tuple[float, float]:
    """Return the 95 % interval of a share after E. B. Wilson (1927)."""
    z, share = 1.959964, right / asked
    middle = share + z * z / (2 * asked)
    reach = z * math.sqrt(share * (1 - share) / asked + z * z / (4 * asked * asked))
    whole = 1 + z * z / asked
    return (middle - reach) / whole, (middle + reach) / whole


async def _examine_all(
    model: Path, exams: Sequence[Exam], pictures: int, seeds: Sequence[int | None]
) -> list[Mark]:
    engine = load_engine(EngineSettings(source=str(model), device="cpu"))
    try:
        with tqdm(total=pictures * len(seeds) * len(exams), unit="picture") as bar:
            return [await _examine(engine, exam, pictures, seeds, bar) for exam in exams]
    finally:
        await engine.close()


async def _examine(
    engine: Engine, exam: Exam, pictures: int, seeds: Sequence[int | None], bar: tqdm
) -> Mark:
    turns = asyncio.Semaphore(engine.at_once())
    right = to_the_letter = refused = repeated = 0

    async def take(exercise: Exercise) -> None:
        nonlocal right, to_the_letter, refused, repeated
        async with turns:
            first, *others = await answers(engine, exercise)
        said = others[-1] if others else first
        (opening,) = exercise.questions
        question = (opening, *opening.follow_ups)[-1]
        right += question.is_right(said)
        to_the_letter += said == question.answer
        refused += said == REFUSAL
        repeated += bool(others) and said == first and not question.is_right(said)
        bar.update()

    async with asyncio.TaskGroup() as tasks:
        for seed in seeds:
            for exercise in exam.exercises(pictures, seed):
                tasks.create_task(take(exercise))
    asked = pictures * len(seeds)
    return Mark(exam, right, to_the_letter, refused, repeated, asked)


async def answer(engine: Engine, exercise: Exercise) -> str:
    """Ask the exercise's first question and its follow-ups, and return what is said at last."""
    return (await answers(engine, exercise))[-1]


async def answers(engine: Engine, exercise: Exercise) -> list[str]:
    """Ask the exercise's first question, and then each follow-up after what has been said."""
    pictures = tuple(Picture(drawing.image) for drawing in exercise.drawings)
    messages: tuple[Message, ...] = ()
    first = exercise.questions[0]
    for question in (first, *first.follow_ups):
        messages += (Message("user", question.text, () if messages else pictures),)
        request = Request(messages, max_new_tokens=256)
        said = "".join([delta.text async for delta in engine.generate(request)])
        messages += (Message("assistant", said),)
    return [message.text for message in messages if message.role == "assistant"]


def _row(name: str, right: int, asked: int, goal: float) -> str:
    low, high = wilson_interval(right, asked)
    return (
        f"| {name} | {right} | {asked} | {right / asked:.1%} | {low:.1%} – {high:.1%} "
        f"| {goal:.0%} |"
    )
