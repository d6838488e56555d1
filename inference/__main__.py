"""Ask about pictures in the terminal: `python -m inference ocr photo.png`."""

import argparse
import asyncio
import io
import os
import sys

from inference import TASKS, Detail, InferenceError, ModelKind, Verdict, examine_model
from inference.commands import benchmark

NO_SERVERS = ","
"""A list without an address: an empty variable would leave the word to `.env`."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        # As Python does from 3.15 on: a code page of Windows has few of the world's letters.
        sys.stdout.reconfigure(encoding="utf-8")
    options = _parser().parse_args(arguments)
    if options.model:
        os.environ["MODEL_SOURCE"] = options.model
        os.environ["ENGINE_URL"] = NO_SERVERS
    try:
        return options.run(options)
    except InferenceError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--model", help="a hub id, a folder or demo; instead of MODEL_SOURCE and ENGINE_URL"
    )
    parser = argparse.ArgumentParser("python -m inference", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for task in TASKS.values():
        command = commands.add_parser(
            task.name, parents=[shared], help=task.words(kind=ModelKind.ANY) or "any question"
        )
        command.add_argument("pictures", nargs="+", metavar="PICTURE")
        command.add_argument("--question", required=not task.asks_by_itself, default="")
        command.add_argument("--json", action="store_true", help="print answer and figures as JSON")
        if len(task.details) > 1:
            command.add_argument(
                "--detail", choices=list(Detail), default=Detail.NORMAL, type=Detail
            )
        if not task.transcribes:
            command.add_argument(
                "--language",
                metavar="de",
                help="of the answer; English where the model is not known to speak it",
            )
        command.set_defaults(run=_ask, task=task, detail=Detail.NORMAL, language=None)
    check = commands.add_parser("check", parents=[shared], help="try a model and print a report")
    check.add_argument(
        "--wordings", action="store_true", help="ask in the words of each kind of model instead"
    )
    check.add_argument(
        "--weights",
        type=_kinds,
        metavar="full,int8",
        help="ask in these kinds of weights instead, side by side",
    )
    check.set_defaults(run=_check)
    doctor = commands.add_parser(
        "doctor", parents=[shared], help="look whether this machine is ready for the model"
    )
    doctor.set_defaults(run=_examine)
    speed = commands.add_parser("benchmark", parents=[shared], help="measure the speed here")
    benchmark.add_arguments(speed)
    speed.set_defaults(run=benchmark.run)
    return parser


def _kinds(text: str) -> list[str]:
    kinds = text.split(",")
    if others := set(kinds) - {"full", "int8", "fp8", "int4"}:
        raise argparse.ArgumentTypeError(f"{others.pop()} is none of full, int8, fp8 and int4")
    return kinds


def _ask(options: argparse.Namespace) -> int:
    from inference.commands.ask import ask

    return asyncio.run(ask(options))


def _check(options: argparse.Namespace) -> int:
    from inference.commands.check import check
    from inference.commands.weights import try_weights
    from inference.commands.wordings import try_wordings

    if options.weights:
        return asyncio.run(try_weights(options.weights))
    return asyncio.run(try_wordings() if options.wordings else check())


def _examine(_: argparse.Namespace) -> int:
    found = []
    for finding in examine_model():
        print(finding, flush=True)
        found.append(finding.verdict)
    return int(Verdict.WRONG in found)


if __name__ == "__main__":
    sys.exit(main())
