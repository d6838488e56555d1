"""Whoever comes and goes in whatever order, each greedy answer is the one of plain `generate`.

    python -m tests.inference.engine.test_schedules --schedules 1000

Schedules are drawn: requests short and long, with and without pictures, that join, share a scope,
follow up, are cancelled, are forgotten, on either side of the switch between the rope factors and
across it, while memory runs out at any computation.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
import torch
from PIL import Image

from inference import EngineSettings, GenerationError, Picture
from inference.checkpoint.loading import load_model
from inference.decoder.linears import pack_linears
from inference.decoder.moments import HostMoment, Moment
from inference.decoder.runner import Runner
from inference.decoder.vision import VisionEncoder
from inference.engine.features import FeatureCache
from inference.engine.local import vocabulary_of
from inference.engine.preparation import Preparation
from inference.engine.scheduler import Scheduler
from inference.engine.sequence import Sequence
from inference.engine.step_sizes import StepSizes
from inference.engine.turns import Turns
from tests.inference.asking import question
from tests.inference.small_model import SWITCH, write_small_checkpoint
from tests.oracle import Oracle

SQUARE = Picture(Image.linear_gradient("L").convert("RGB"))
WIDE = Picture(Image.radial_gradient("L").convert("RGB").resize((300, 100)))
REQUESTS = (
    question("Hi", max_new_tokens=9),
    question("Hi there, what do you see?", max_new_tokens=20),
    question("Hi there, what do you see?" * 3, max_new_tokens=11),
    question("Hi there, what do you see?" * 3, max_new_tokens=40),
    question("Describe what is shown in this picture, " * 8, max_new_tokens=20),
    question("What is this?", SQUARE, crops=1, max_new_tokens=12),
    question("What is this?", SQUARE, crops=1, max_new_tokens=4),
    question("What is this?", SQUARE, crops=1, max_new_tokens=60),
    question("And what is that?", SQUARE, crops=1, max_new_tokens=12),
    question("What is this? " * 11, SQUARE, crops=1, max_new_tokens=16),
    question("What differs? " * 6, SQUARE, WIDE, crops=4, max_new_tokens=16),
    question("What differs? " * 6, WIDE, SQUARE, crops=4, max_new_tokens=16),
)
SCOPES = (None, "lounge", "kitchen")
ROWS = (150, 200, 320, 640)
CHUNKS = (1, 7, 32, 200)


class Memory:
    """Runs out at the computations that are named by their number."""

    def __init__(self, model: Any) -> None:
        self._left: list[int] = []
        layers = model.model.language_model.layers
        for part in (model.model.vision_tower, *(layer.mlp.activation_fn for layer in layers)):
            part.register_forward_pre_hook(self._compute)

    def run_out(self, after: list[int]) -> None:
        """Let it run out after so many computations, counted from now."""
        self._left = after

    def _compute(self, *_: Any) -> None:
        self._left = [count - 1 for count in self._left]
        if 0 in self._left:
            raise torch.OutOfMemoryError("no memory left")


class Service:
    """The engine without its threads: every turn is taken by hand."""

    def __init__(self, folder: Path) -> None:
        chosen = EngineSettings(source=str(folder), dtype="float32", device="cpu")
        self.model, self._processor = load_model(chosen)
        pack_linears(self.model)
        self._vocabulary = vocabulary_of(self.model, self._processor)
        self.memory = Memory(self.model)

    def open(
        self, rows: int, chunk: int, most: int, moment: Callable[[], Moment] = HostMoment
    ) -> tuple[Turns, Scheduler, Preparation]:
        """Start with an empty arena and empty caches."""
        features = FeatureCache(max_bytes=20_000)
        scheduler = Scheduler(rows, most, rope_switch=SWITCH)
        turns = Turns(
            scheduler,
            Runner(self.model, rows, longest=150),
            VisionEncoder(self.model, self._processor.image_processor.cut),
            features,
            StepSizes(chunk, tiles=1),
            moment,
        )
        return turns, scheduler, Preparation(self._processor, self._vocabulary, features, 150)


def run_schedule(seed: int, service: Service, expected: Callable[[int], list[int]]) -> Counter[str]:
    """Draw a schedule, serve it to its end, look at everything; return what happened."""
    chance = Random(seed)
    rows = chance.choice(ROWS)
    turns, scheduler, preparation = service.open(
        rows, chance.choice(CHUNKS), chance.choice((2, 16))
    )
    shortages = [chance.randint(1, 400) for _ in range(chance.choice((0, 0, 0, 1, 3)))]
    if shortages and chance.random() < 0.3:  # a shortage that lasts
        shortages = list(range(shortages[0], shortages[0] + 40))
    service.memory.run_out(shortages)
    asked: list[tuple[int, Sequence]] = []
    given_up: set[Sequence] = set()
    happened: Counter[str] = Counter()

    def take_turn() -> None:
        for sequence, item in turns.turn():
            if isinstance(item, GenerationError):
                given_up.add(sequence)
                happened["failed"] += 1
        check_extents(scheduler, rows)
        happened["turns"] += 1
        happened.update(fragmentation(scheduler, rows))

    for _ in range(chance.randint(2, 14)):
        match chance.choice(("ask", "ask", "ask", "turns", "cancel", "forget")):
            case "ask":
                number = chance.randrange(len(REQUESTS))
                request = replace(REQUESTS[number], scope=chance.choice(SCOPES))
                sequence = preparation.sequence(request, arrived=0.0)
                turns.add(sequence)
                asked.append((number, sequence))
            case "cancel" if asked:
                _, sequence = chance.choice(asked)
                turns.cancel(sequence)
                given_up.add(sequence)
            case "forget":
                turns.forget(chance.choice(("lounge", "kitchen")))
            case _:
                for _ in range(chance.randint(1, 12)):
                    take_turn()
    while turns.has_work:
        take_turn()
    service.memory.run_out([])
    for number, sequence in asked:
        said, should = sequence.transcript.tokens, expected(number)
        assert said == (should[: len(said)] if sequence in given_up else should), seed
        happened["equal answers"] += sequence not in given_up
        happened["found warm"] += sequence.cached > 0
        before, after = len(sequence.prompt.ids), len(sequence.prompt.ids) + len(said)
        happened["outgrew the short factors"] += before <= SWITCH < after - 1
    happened["schedules"] += 1
    return happened


def check_extents(scheduler: Scheduler, rows: int) -> None:
    """No two runs share a row, and none is lost: who is served has one, who is warm has a scope."""
    extents = sorted([*scheduler.running.values(), *scheduler.extents.idle], key=lambda e: e.start)
    stop = 0
    for extent in extents:
        assert stop <= extent.start
        stop = extent.stop
    assert stop <= rows
    rows_held = sum(extent.length for extent in extents)
    usage = scheduler.extents.usage()
    assert usage["arena_rows_taken"] + usage["arena_rows_warm"] == rows_held
    assert all(extent.scope for extent in scheduler.extents.idle)


def fragmentation(scheduler: Scheduler, rows: int) -> Counter[str]:
    """Measure how far the room beside those who are being served is in pieces.

    Warm runs count as room: they give way.
    """
    served = sorted(scheduler.running.values(), key=lambda extent: extent.start)
    starts, stops = [e.start for e in served], [e.stop for e in served]
    holes = [start - stop for stop, start in zip([0, *stops], [*starts, rows], strict=True)]
    needs = [sequence.rows_needed for sequence in scheduler.waiting]
    return Counter(
        {
            "rows free": sum(holes),
            "rows free in the largest piece": max(holes),
            "turns in which somebody waits for room": bool(needs),
            "turns in which the pieces would hold who waits, and none does": any(
                max(holes) < need <= sum(holes) for need in needs
            ),
        }
    )


@pytest.fixture(scope="module")
def small_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_checkpoint(tmp_path_factory.mktemp("checkpoint") / "small")


@pytest.fixture(scope="module")
def service(small_checkpoint: Path) -> Service:
    return Service(small_checkpoint)


@pytest.fixture(scope="module")
def expected(small_checkpoint: Path) -> Callable[[int], list[int]]:
    return expected_of(small_checkpoint)


def expected_of(checkpoint: Path) -> Callable[[int], list[int]]:
    oracle = Oracle(checkpoint)
    return cache(lambda number: oracle.tokens(REQUESTS[number]))


def test_the_requests_are_on_both_sides_of_the_switch_and_across(service: Service) -> None:
    _, _, preparation = service.open(160, chunk=16, most=1)
    sequences = [preparation.sequence(request, arrived=0.0) for request in REQUESTS]
    kinds = Counter(
        "long" if len(s.ids) > SWITCH else "short" if s.rows_needed <= SWITCH else "across"
        for s in sequences
    )
    assert min(kinds[kind] for kind in ("short", "long", "across")) >= 2
    assert max(s.rows_needed for s in sequences if s.rows_needed <= SWITCH) >= SWITCH - 1


@pytest.mark.parametrize("first", range(0, 100, 10))
def test_each_answer_is_what_generate_says_alone(
    first: int, service: Service, expected: Callable[[int], list[int]]
) -> None:
    for seed in range(first, first + 10):
        run_schedule(seed, service, expected)


def main() -> int:
    """Run schedules and print what happened in them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    checkpoint = write_small_checkpoint(Path(tempfile.mkdtemp()) / "small")
    service, expected = Service(checkpoint), expected_of(checkpoint)
    happened: Counter[str] = Counter()
    for seed in range(options.first, options.first + options.schedules):
        happened += run_schedule(seed, service, expected)
    for what, count in happened.items():
        print(f"{count:>10,}  {what}")
    whole = happened["rows free in the largest piece"] / happened["rows free"]
    print(f"Fragmentation: {1 - whole:.1%} of the free rows lie outside the largest piece.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
