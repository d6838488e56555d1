"""Train or examine the small model: `python -m inference.demo train`."""

import argparse
import math
import sys
from pathlib import Path

from inference.demo import CHECKPOINT
from inference.demo.typefaces import MissingTypefaceError, require_all
from inference.errors import InferenceError

DTYPES = ("bfloat16", "float32")
"""Choose float32 on a processor that knows no bfloat16."""
SMALL = ("int8", "int4")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (MissingTypefaceError, InferenceError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m inference.demo", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    training = argparse.ArgumentParser(add_help=False)
    training.add_argument("--folder", type=Path, default=Path("training"), help="of the state")

    train = commands.add_parser(
        "train", parents=[training], help="train, or go on where a training left off"
    )
    train.add_argument("--warm-steps", type=int, default=0, help="of the reading head alone")
    train.add_argument("--see-steps", type=int, default=6000)
    train.add_argument("--speak-steps", type=int, default=12000)
    train.add_argument("--seed", type=int, default=1, help="of the pictures and random weights")
    train.add_argument("--start", type=Path, help="checkpoint that a new training begins with")
    train.add_argument("--dtype", choices=DTYPES, default="bfloat16", help="of the products")
    train.add_argument("--speak-rate", type=float, default=2e-3, help="of the second stage")
    train.add_argument("--tower-share", type=float, default=0.6, help="of that rate; 0 freezes it")
    train.add_argument("--processes", type=int, default=2, help="one core each; 1 with a card")
    train.add_argument("--device", default="cpu", help="such as cuda")
    train.add_argument("--batch-size", type=int, default=1, help="times that of `batches.py`")
    train.add_argument("--drawers", type=int, default=0, help="further processes that draw")
    train.add_argument(
        "--minutes",
        type=float,
        nargs=2,
        default=(math.inf, math.inf),
        help="of each stage, at the most",
    )
    train.set_defaults(run=_train)

    export = commands.add_parser("export", parents=[training], help="write the trained checkpoint")
    export.add_argument("--checkpoint", type=Path, default=CHECKPOINT)
    export.add_argument("--mean-with", type=Path, help="another checkpoint: write the mean")
    export.set_defaults(run=_export)

    plot = commands.add_parser("plot", parents=[training], help="draw how the loss went down")
    plot.set_defaults(run=_plot)

    evaluate = commands.add_parser("evaluate", help="examine a checkpoint and print the table")
    evaluate.add_argument("--checkpoint", type=Path, default=CHECKPOINT)
    evaluate.add_argument("--pictures", type=int, default=300, help="for each exam")
    evaluate.add_argument(
        "--seed",
        type=int,
        nargs="+",
        default=[None],
        help="of the pictures; of several seeds the answers are added up",
    )
    evaluate.add_argument("--exam", default="", help="only those with this in their name")
    evaluate.set_defaults(run=_evaluate)

    lost = commands.add_parser("lost", help="count the right answers that small weights cost")
    lost.add_argument("--checkpoint", type=Path, default=CHECKPOINT)
    lost.add_argument("--weights", nargs="+", choices=SMALL, default=SMALL)
    lost.add_argument("--exercises", type=int, default=400)
    lost.set_defaults(run=_lost)
    return parser


def _train(options: argparse.Namespace) -> None:
    require_all()
    import torch

    from inference.demo.train import Recipe, train

    recipe = Recipe(
        see_steps=options.see_steps,
        speak_steps=options.speak_steps,
        seed=options.seed,
        start=options.start,
        dtype=getattr(torch, options.dtype),
        speak_rate=options.speak_rate,
        tower_share=options.tower_share,
        device=options.device,
        batch_size=options.batch_size,
        drawers=options.drawers,
        minutes=tuple(options.minutes),
        warm_steps=options.warm_steps,
    )
    train(options.folder, recipe, options.processes)


def _export(options: argparse.Namespace) -> None:
    from inference.demo.train import export

    export(options.folder, options.checkpoint, options.mean_with)


def _plot(options: argparse.Namespace) -> None:
    from inference.demo.plot import plot

    print(f"See {plot(options.folder)}")


def _evaluate(options: argparse.Namespace) -> None:
    from inference.demo.evaluate import evaluate

    evaluate(options.checkpoint, options.pictures, options.seed, options.exam)


def _lost(options: argparse.Namespace) -> None:
    from inference.demo.lost import compare

    compare(str(options.checkpoint), options.weights, options.exercises)


if __name__ == "__main__":
    sys.exit(main())
