"""Try a model on three drawn tasks and print a report to paste: does it see what is there?"""

import platform
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil
import torch

from inference import (
    TASKS,
    Ending,
    Engine,
    EngineSettings,
    Picture,
    Request,
    read_settings,
)
from inference.checkpoint.checksums import checksum, hub_checksum
from inference.checkpoint.device import pick_device
from inference.checkpoint.source import weight_files
from inference.commands.ask import load_with_progress
from inference.commands.trials import Trial, trials_for
from inference.engine.local import LocalEngine


@dataclass(frozen=True)
class Outcome:
    """What the model answered in one trial."""

    trial: Trial
    answer: str
    ending: Ending

    @property
    def missing(self) -> list[str]:
        """List the expected words that the answer lacks."""
        return self.trial.missing_in(self.answer)

    @property
    def verdict(self) -> str:
        """Say whether all expected words are there."""
        return f"missing: {', '.join(self.missing)}" if self.missing else "all words found"

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
        outcomes = [await try_on(engine, trial) for trial in trials_for(settings)]
        memory = _memory(device)
    finally:
        await engine.close()
    print("Checksums …", file=sys.stderr)
    weights = [Weights.of(file) for file in weight_files(settings)]
    print(
        report(
            engine.model_name,
            weights,
            _device_name(device),
            _paths(engine),
            loading,
            memory,
            outcomes,
        )
    )
    return int(
        any(outcome.missing for outcome in outcomes) or any(file.is_altered for file in weights)
    )


def report(
    model: str,
    weights: list[Weights],
    device: str,
    paths: list[str],
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
        *(f"path       {path}" for path in paths),
        f"versions   python {platform.python_version()} {packages}",
        f"loading    {loading:.1f} s",
        f"memory     {memory / 2**30:.1f} GiB",
    ]
    for outcome in outcomes:
        ending = outcome.ending
        rate = (ending.new_tokens - 1) / ending.decode if ending.decode else 0.0
        lines += [
            "",
            f"{outcome.trial.title}: {outcome.verdict}",
            f"  {ending.prompt_tokens} prompt tokens, first after {outcome.first_token:.2f} s",
            f"  {ending.new_tokens} new tokens at {rate:.1f} a second ({ending.reason})",
            *(f"  > {line}" for line in outcome.answer.splitlines()),
        ]
    return "\n".join([*lines, "```"])


async def try_on(engine: Engine, trial: Trial) -> Outcome:
    """Ask an engine one trial."""
    print(f"{trial.title} …", file=sys.stderr)
    pictures = tuple(Picture(image) for image in trial.draw())
    request: Request = TASKS[trial.task].request(pictures, trial.question, kind=engine.kind)
    text, ending = "", None
    async for delta in engine.generate(request):
        text += delta.text
        ending = delta.ending
    assert ending is not None
    return Outcome(trial, text.strip(), ending)


def _paths(engine: Engine) -> list[str]:
    """Tell which fast paths serve beside the plain one, and why others do not."""
    tried = engine.fast_paths if isinstance(engine, LocalEngine) else []
    return [str(result) for result in tried] or ["plain"]


def _device_name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return "a Mac's own GPU"
    return f"CPU, {torch.get_num_threads()} threads, {torch.backends.cpu.get_cpu_capability()}"


def _memory(device: torch.device) -> int:
    """Return the most bytes taken of a GPU; on a CPU, what the process holds now."""
    if device.type == "cuda":
        return torch.cuda.max_memory_reserved(device)
    return int(psutil.Process().memory_info().rss)
