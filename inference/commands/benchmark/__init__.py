"""`python -m inference benchmark`: how soon answers begin, how fast they go on, and how far from
what the hardware could do."""

import argparse
import asyncio
import json
from dataclasses import asdict
from pathlib import Path

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options, but for `--model`, which all commands share."""
    parser.add_argument(
        "--random",
        type=_layers,
        metavar="4layers",
        help="take random weights of the true width and so many layers; nothing is downloaded",
    )
    parser.add_argument(
        "--concurrency",
        type=_numbers,
        default=[1, 4, 8],
        metavar="1,4,8",
        help="requests at once; no more than are answered at once here",
    )
    parser.add_argument("--crops", type=_numbers, default=[4], metavar="4,16")
    parser.add_argument(
        "--new-tokens", type=_several, default=128, help="of each answer, wherever it would end"
    )
    parser.add_argument("--rounds", type=_number, default=3, help="the median of these is reported")
    parser.add_argument(
        "--against", choices=["generate"], help="take turns with plain generate, one at a time"
    )
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="needs matplotlib")


def run(options: argparse.Namespace) -> int:
    """Measure, print the tables, write the files asked for; returns the exit code."""
    from inference.commands.benchmark.measurement import measure
    from inference.commands.benchmark.report import plot, tables

    report = asyncio.run(measure(options))
    print(tables(report))
    if options.json:
        options.json.write_text(json.dumps(asdict(report), indent=2) + "\n", encoding="utf-8")
    if options.plot:
        plot(report, options.plot)
    return 0


def _layers(text: str) -> int:
    return _number(text.removesuffix("layers"))


def _numbers(text: str) -> list[int]:
    return [_number(part) for part in text.split(",")]


def _several(text: str) -> int:
    return _number(text, least=2)  # the time between tokens is measured


def _number(text: str, least: int = 1) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < least:
        raise argparse.ArgumentTypeError(f"{text} is no number from {least} up")
    return number
