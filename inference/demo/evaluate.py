"""Examine the small model, through the engine, on pictures and words that it has never met."""

import asyncio
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tqdm import tqdm

from inference import Engine, EngineSettings, Message, Picture, Request, load_engine
from inference.demo.exercises import Exercise, Family, draw_exercise
from inference.demo.questions import REFUSAL, Kind
from inference.demo.words import Split

EVERY_KIND = frozenset(Kind)
KNOWN = (Family.COVERS, Family.SCENES, Family.DIFFERENCES, Family.CHARTS)


@dataclass(frozen=True, slots=True)
class Exam:
    """Exercises that are marked together, and the share to reach."""

    name: str
    families: tuple[Family, ...]
    goal: float
    kinds: frozenset[Kind] = EVERY_KIND
    held_out_wording: bool = False

    def exercises(self, count: int) -> Iterator[Exercise]:
        """Draw the exercises, always the same."""
        for number in range(count):
            yield draw_exercise(
                self.families[number % len(self.families)],
                Random(f"exam {self.name} {number}"),
                Split.TEST,
                kinds=self.kinds,
                held_out_wording=self.held_out_wording,
            )


@dataclass(frozen=True, slots=True)
class Mark:
    """How an exam went."""

    exam: Exam
    right: int
    to_the_letter: int
    """Of the right ones, those in which all that was read on the way was right, too."""
    refused: int
    asked: int


EXAMS = (
    Exam("covers, exact", (Family.COVERS,), 0.95),
    Exam("scenes, all objects", (Family.SCENES,), 0.95, frozenset({Kind.DESCRIBE})),
    Exam("scenes, counts", (Family.SCENES,), 0.95, frozenset({Kind.COUNT})),
    Exam("differences", (Family.DIFFERENCES,), 0.95, frozenset({Kind.COMPARE})),
    Exam("charts, value asked for", (Family.CHARTS,), 0.90, frozenset({Kind.VALUE})),
    Exam("charts, highest and lowest", (Family.CHARTS,), 0.95, frozenset({Kind.EXTREMES})),
    Exam("charts, read wholly", (Family.CHARTS,), 0.90,
         frozenset({Kind.DESCRIBE, Kind.OCR, Kind.TABLE})),
    Exam("anything else, refused", (Family.OTHERS,), 0.98),
    Exam("known, seen wordings", KNOWN, 0.95),
    Exam("known, held-out wordings", KNOWN, 0.90, held_out_wording=True),
)  # fmt: skip


def evaluate(model: Path, pictures: int) -> None:
    """Examine a checkpoint and print the table."""
    marks = asyncio.run(_examine_all(model, pictures))
    print(table(marks))


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
    known = [mark for mark in marks if mark.exam.families != (Family.OTHERS,)]
    accepted, asked = sum(m.asked - m.refused for m in known), sum(m.asked for m in known)
    return "\n".join([*lines, _row("known, not refused", accepted, asked, 0.99) + " |"])


def wilson_interval(right: int, asked: int) -> tuple[float, float]:
    """Return the 95 % interval of a share after E. B. Wilson (1927)."""
    z, share = 1.959964, right / asked
    middle = share + z * z / (2 * asked)
    reach = z * math.sqrt(share * (1 - share) / asked + z * z / (4 * asked * asked))
    whole = 1 + z * z / asked
    return (middle - reach) / whole, (middle + reach) / whole


async def _examine_all(model: Path, pictures: int) -> list[Mark]:
    engine = load_engine(EngineSettings(source=str(model), device="cpu"))
    try:
        with tqdm(total=pictures * len(EXAMS), unit="picture") as bar:
            return [await _examine(engine, exam, pictures, bar) for exam in EXAMS]
    finally:
        await engine.close()


async def _examine(engine: Engine, exam: Exam, pictures: int, bar: tqdm) -> Mark:
    turns = asyncio.Semaphore(engine.at_once())
    right = to_the_letter = refused = 0

    async def take(exercise: Exercise) -> None:
        nonlocal right, to_the_letter, refused
        async with turns:
            said = await answer(engine, exercise)
        (question,) = exercise.questions
        right += question.is_right(said)
        to_the_letter += said == question.answer
        refused += said == REFUSAL
        bar.update()

    async with asyncio.TaskGroup() as tasks:
        for exercise in exam.exercises(pictures):
            tasks.create_task(take(exercise))
    return Mark(exam, right, to_the_letter, refused, pictures)


async def answer(engine: Engine, exercise: Exercise) -> str:
    """Ask the exercise's first question, and return all that is said."""
    pictures = tuple(Picture(drawing.image) for drawing in exercise.drawings)
    message = Message("user", exercise.questions[0].text, pictures)
    request = Request((message,), max_new_tokens=256)
    return "".join([delta.text async for delta in engine.generate(request)])


def _row(name: str, right: int, asked: int, goal: float) -> str:
    low, high = wilson_interval(right, asked)
    return (
        f"| {name} | {right} | {asked} | {right / asked:.1%} | {low:.1%} – {high:.1%} "
        f"| {goal:.0%} |"
    )
