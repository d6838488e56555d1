"""`python -m tests.hostile.fuzz`: hostile files through the bot's own decoders, counted."""

import argparse
import asyncio
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot.errors import is_expected, sentence_for
from bot.pictures.decode import MAX_MEMORY, MAX_SECONDS, WORKERS, Decoder
from inference.pictures import MAX_KEPT_PIXELS
from tests.hostile.mutations import mutant
from tests.hostile.seeds import sound_pictures

LONGEST = 3 * MAX_SECONDS
"""Seconds for one file, cut off once in processes that may take a while to start."""


@dataclass
class Report:
    """What became of the files."""

    answers: Counter[str] = field(default_factory=Counter)
    """How many files became a picture, and how many which sentence."""
    faults: list[str] = field(default_factory=list)
    slowest: float = 0
    seconds: float = 0
    decoders: dict[int, int] = field(default_factory=dict)
    """The processes that were seen at work, and their largest size in MiB."""

    def watch(self, process: BaseProcess) -> None:
        """Note the size of a decoder."""
        assert process.pid is not None
        known = self.decoders.get(process.pid, 0)
        self.decoders[process.pid] = max(known, _largest_size(process.pid))

    def __str__(self) -> str:
        """Lay the figures out for a person."""
        lines = [f"{self.answers.total():,} files in {self.seconds:.0f} s"]
        lines += [f"{count:7,}  {answer}" for answer, count in self.answers.most_common()]
        lines += [
            f"Slowest file: {self.slowest:.1f} s (limit {LONGEST} s)",
            f"Largest decoder: {max(self.decoders.values())} MiB (limit {MAX_MEMORY >> 20} MiB)",
            f"Decoders that died and were replaced: {len(self.decoders) - WORKERS}",
            *self.faults,
            "FAILED" if self.faults else "Every file was answered; no limit was exceeded.",
        ]
        return "\n".join(lines)


async def fuzz(files: int, seed: int, first: int = 0) -> Report:
    """Decode so many hostile files, then a sound one, which must come out."""
    others, began = set(multiprocessing.active_children()), time.monotonic()
    report, decoder = Report(), Decoder()
    room = asyncio.Semaphore(WORKERS)

    async def work_through(number: int) -> None:
        async with room:
            data = await asyncio.to_thread(mutant, seed, number)
            await _decode(decoder, data, report, f"File {number} of seed {seed}")
            for process in set(multiprocessing.active_children()) - others:
                report.watch(process)

    try:
        await asyncio.gather(*[work_through(number) for number in range(first, first + files)])
        await decoder.decode(sound_pictures()[0])
    finally:
        decoder.close()
        for process in set(multiprocessing.active_children()) - others:
            await asyncio.to_thread(process.join)
    report.seconds = time.monotonic() - began
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz as the command line asks; 1 if a file was not answered or exceeded a limit."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first file")
    options = parser.parse_args(arguments)
    report = asyncio.run(fuzz(options.files, options.seed, options.first))
    print(report)
    return 1 if report.faults else 0


async def _decode(decoder: Decoder, data: bytes, report: Report, name: str) -> None:
    began = time.monotonic()
    try:
        picture = await decoder.decode(data)
    except Exception as error:
        answer = sentence_for(error, "en-US")
        if not is_expected(error):
            report.faults.append(f"{name}: {error!r}")
    else:
        answer = "a picture"
        pixels = picture.image.width * picture.image.height
        if picture.image.mode != "RGB" or not 0 < pixels <= MAX_KEPT_PIXELS:
            report.faults.append(f"{name}: {picture.image!r}")
    seconds = time.monotonic() - began
    if seconds > LONGEST:
        report.faults.append(f"{name}: {seconds:.0f} s")
    report.answers[answer] += 1
    report.slowest = max(report.slowest, seconds)


def _largest_size(process: int) -> int:
    """Tell the largest resident size that a process has had, in MiB; 0 where it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line) // 1024


if __name__ == "__main__":
    sys.exit(main())
