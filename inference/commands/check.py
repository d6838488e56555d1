"""Try a model on three drawn tasks and print a report to paste: does it see what is there?"""

import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import psutil
import torch
from PIL import Image, ImageDraw, ImageFont

from inference import (
    DEMO,
    TASKS,
    Ending,
    Engine,
    EngineSettings,
    Picture,
    Request,
    decode_picture,
    read_settings,
    sample_pictures,
)
from inference.checkpoint.checksums import checksum, hub_checksum
from inference.checkpoint.loading import pick_device, weight_files
from inference.commands.ask import load_with_progress

DEMO_SEED = 3
"""Of the small model's pictures: the same ones in every report."""
REVENUE = {"2021": 10.6, "2022": 15.0, "2023": 47.5, "2024": 115.2}


@dataclass(frozen=True)
class Trial:
    """A question about drawn pictures, and the words that a right answer has."""

    title: str
    task: str
    question: str
    draw: Callable[[], tuple[Image.Image, ...]]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What the model answered in one trial."""

    trial: Trial
    answer: str
    ending: Ending

    @property
    def missing(self) -> list[str]:
        """List the expected words that the answer lacks."""
        return [word for word in self.trial.words if word.casefold() not in self.answer.casefold()]

    @property
    def first_token(self) -> float:
        """Tell the seconds from the question to the first token."""
        ending = self.ending
        return ending.queued + ending.preparation + ending.encoding + ending.prefill


@dataclass(frozen=True)
class Weights:
    """A file of the model's, and whether it is the one that the hub knows."""

    name: str
    sha256: str
    hub_sha256: str | None

    @classmethod
    def of(cls, file: Path) -> "Weights":
        """Compute a file's checksum, which reads all of it."""
        return cls(file.name, checksum(file), hub_checksum(file))

    @property
    def is_altered(self) -> bool:
        """Tell whether the hub knows the file by another checksum."""
        return self.hub_sha256 not in (None, self.sha256)

    def __str__(self) -> str:
        """Write the line of the report."""
        origin = "the hub's" if self.hub_sha256 else "not from the hub's cache"
        verdict = f"NOT {self.hub_sha256}, {origin}" if self.is_altered else origin
        return f"{self.name} sha256 {self.sha256} ({verdict})"


async def check() -> int:
    """Run the trials on the model of the settings, and compute its checksums.

    Returns 0 where every word was found and no file is another than the hub's.
    """
    settings = read_settings(EngineSettings)
    device = pick_device(settings.device)
    started = time.perf_counter()
    engine = load_with_progress()
    loading = time.perf_counter() - started
    try:
        outcomes = [await _try(engine, trial) for trial in trials_for(settings)]
        memory = _memory(device)
    finally:
        await engine.close()
    print("Checksums …", file=sys.stderr)
    weights = [Weights.of(file) for file in weight_files(settings)]
    print(report(engine.model_name, weights, _device_name(device), loading, memory, outcomes))
    return int(
        any(outcome.missing for outcome in outcomes) or any(file.is_altered for file in weights)
    )


def trials_for(settings: EngineSettings) -> tuple[Trial, ...]:
    """Return the trials of a model; the small one is shown pictures that it can know."""
    return _demo_trials() if settings.source == DEMO else TRIALS


def report(
    model: str,
    weights: list[Weights],
    device: str,
    loading: float,
    memory: int,
    outcomes: list[Outcome],
) -> str:
    """Write the block that people paste into an issue; `memory` is in bytes."""
    packages = " ".join(f"{name} {version(name)}" for name in ("torch", "transformers", "pillow"))
    lines = [
        "```text",
        f"model      {model}",
        *(f"weights    {file}" for file in weights),
        f"device     {device}",
        f"versions   python {platform.python_version()} {packages}",
        f"loading    {loading:.1f} s",
        f"memory     {memory / 2**30:.1f} GiB",
    ]
    for outcome in outcomes:
        ending = outcome.ending
        verdict = f"missing: {', '.join(outcome.missing)}" if outcome.missing else "all words found"
        rate = (ending.new_tokens - 1) / ending.decode if ending.decode else 0.0
        lines += [
            "",
            f"{outcome.trial.title}: {verdict}",
            f"  {ending.prompt_tokens} prompt tokens, first after {outcome.first_token:.2f} s",
            f"  {ending.new_tokens} new tokens at {rate:.1f} a second ({ending.reason})",
            *(f"  > {line}" for line in outcome.answer.splitlines()),
        ]
    return "\n".join([*lines, "```"])


async def _try(engine: Engine, trial: Trial) -> Outcome:
    print(f"{trial.title} …", file=sys.stderr)
    pictures = tuple(Picture(image) for image in trial.draw())
    request: Request = TASKS[trial.task].request(pictures, trial.question, kind=engine.kind)
    text, ending = "", None
    async for delta in engine.generate(request):
        text += delta.text
        ending = delta.ending
    assert ending is not None
    return Outcome(trial, text.strip(), ending)


def _device_name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"CPU, {torch.get_num_threads()} threads, {torch.backends.cpu.get_cpu_capability()}"


def _memory(device: torch.device) -> int:
    """Return the most bytes taken of a GPU; on a CPU, what the process holds now."""
    if device.type == "cuda":
        return torch.cuda.max_memory_reserved(device)
    return int(psutil.Process().memory_info().rss)


def _demo_trials() -> tuple[Trial, ...]:
    return tuple(
        Trial(
            sample.filename, "ask", sample.question, partial(_decoded, sample.png), (sample.answer,)
        )
        for sample in sample_pictures(DEMO_SEED)
    )


def _decoded(file: bytes) -> tuple[Image.Image, ...]:
    return (decode_picture(file).image,)


def _chart() -> tuple[Image.Image, ...]:
    image = Image.new("RGB", (960, 640), "white")
    draw = ImageDraw.Draw(image)
    draw.text((480, 50), "Data Center Revenue", "black", ImageFont.load_default(44), "mm")
    draw.text((480, 100), "in billion dollars", "dimgray", ImageFont.load_default(26), "mm")
    draw.line((100, 560, 880, 560), "black", 3)
    for index, (year, value) in enumerate(REVENUE.items()):
        left, top = 140 + index * 190, 560 - int(value * 3.4)
        draw.rectangle((left, top, left + 120, 560), "seagreen")
        draw.text((left + 60, top - 22), f"{value}", "black", ImageFont.load_default(30), "mm")
        draw.text((left + 60, 592), year, "black", ImageFont.load_default(30), "mm")
    return (image,)


def _cover() -> tuple[Image.Image, ...]:
    image = Image.new("RGB", (600, 900), "midnightblue")
    draw = ImageDraw.Draw(image)
    draw.ellipse((330, 520, 470, 660), "lightyellow")
    draw.text((300, 250), "ALONE", "white", ImageFont.load_default(130), "mm")
    draw.text((300, 400), "a novel", "lightgray", ImageFont.load_default(40), "mm")
    draw.text((300, 800), "Morgan Maxwell", "white", ImageFont.load_default(58), "mm")
    return (image,)


def _teams() -> tuple[Image.Image, ...]:
    return _team("TEAM A", "crimson", 3), _team("TEAM B", "royalblue", 5)


def _team(name: str, colour: str, players: int) -> Image.Image:
    image = Image.new("RGB", (840, 560), "palegreen")
    draw = ImageDraw.Draw(image)
    draw.text((420, 70), name, "black", ImageFont.load_default(64), "mm")
    for player in range(players):
        x = 420 + int((player - (players - 1) / 2) * 150)
        draw.ellipse((x - 32, 180, x + 32, 244), "peachpuff", "black", 3)
        draw.rounded_rectangle((x - 46, 250, x + 46, 430), 18, colour, "black", 3)
    return image


TRIALS = (
    Trial(
        "Describe a chart",
        "ask",
        "Describe this chart: its title, its highest value and the year of that value.",
        _chart,
        ("data center", "115.2", "2024"),
    ),
    Trial(
        "Read a cover",
        "ask",
        "What is the title of this book, and who is its author?",
        _cover,
        ("alone", "morgan maxwell"),
    ),
    Trial(
        "Compare two pictures",
        "compare",
        "",
        _teams,
        ("team a", "team b", "red", "blue"),
    ),
)
