"""Whoever comes and goes in whatever order, each greedy answer is the one of plain `generate`.

Schedules are drawn: requests short and long, with and without pictures, that join, share a scope,
are cancelled, and use slots again, on either side of the switch between the rope factors.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from inference import EngineSettings, Picture
from inference.checkpoint.loading import load_model
from inference.decoder.linears import pack_linears
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
    question("Describe what is shown in this picture, " * 8, max_new_tokens=20),
    question("What is this?", SQUARE, crops=1, max_new_tokens=12),
    question("What is this?", SQUARE, crops=1, max_new_tokens=4),
    question("And what is that?", SQUARE, crops=1, max_new_tokens=12),
    question("What is this? " * 11, SQUARE, crops=1, max_new_tokens=16),
    question("What differs? " * 6, SQUARE, WIDE, crops=4, max_new_tokens=16),
    question("What differs? " * 6, WIDE, SQUARE, crops=4, max_new_tokens=16),
)
SLOTS = ((160,), (64, 160), (160, 160), (40, 64, 64, 160))

ask = st.tuples(
    st.just("ask"), st.integers(0, len(REQUESTS) - 1), st.sampled_from((None, "lounge", "kitchen"))
)
cancel = st.tuples(st.just("cancel"), st.integers(0, 9))
wait = st.tuples(st.just("turns"), st.integers(1, 12))


class Service:
    """The engine without its threads: every turn is taken by hand."""

    def __init__(self, folder: Path) -> None:
        chosen = EngineSettings(source=str(folder), dtype="float32", device="cpu")
        self._model, self._processor = load_model(chosen)
        pack_linears(self._model)
        self._vocabulary = vocabulary_of(self._model, self._processor)

    def open(self, slots: tuple[int, ...], chunk: int) -> tuple[Turns, Preparation]:
        """Start with empty slots and caches."""
        features = FeatureCache(max_bytes=20_000)
        turns = Turns(
            Scheduler(slots, rope_switch=SWITCH),
            Runner(self._model, slots),
            VisionEncoder(self._model),
            features,
            StepSizes(chunk, tiles=1),
        )
        return turns, Preparation(self._processor, self._vocabulary, features, max(slots))


@pytest.fixture(scope="module")
def small_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_checkpoint(tmp_path_factory.mktemp("checkpoint") / "small")


@pytest.fixture(scope="module")
def service(small_checkpoint: Path) -> Service:
    return Service(small_checkpoint)


@pytest.fixture(scope="module")
def expected(small_checkpoint: Path) -> Callable[[int], list[int]]:
    oracle = Oracle(small_checkpoint)
    return cache(lambda number: oracle.tokens(REQUESTS[number]))


def test_the_requests_are_on_both_sides_of_the_switch(service: Service) -> None:
    _, preparation = service.open((160,), chunk=16)
    sequences = [preparation.sequence(request, arrived=0.0) for request in REQUESTS]
    short = [sequence for sequence in sequences if sequence.longest <= SWITCH]
    long = [sequence for sequence in sequences if len(sequence.prompt.ids) > SWITCH]
    assert len(short) + len(long) == len(sequences)  # `generate` would switch in mid-answer
    assert len(short) >= 4
    assert len(long) >= 4
    assert max(sequence.longest for sequence in short) == SWITCH


@settings(
    max_examples=250,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    slots=st.sampled_from(SLOTS),
    chunk=st.sampled_from((1, 7, 32, 200)),
    events=st.lists(st.one_of(ask, ask, ask, wait, cancel), min_size=2, max_size=14),
)
def test_each_answer_is_what_generate_says_alone(
    slots: tuple[int, ...],
    chunk: int,
    events: list[tuple],
    service: Service,
    expected: Callable[[int], list[int]],
) -> None:
    turns, preparation = service.open(slots, chunk)
    asked: list[tuple[int, Sequence]] = []
    cancelled = set()
    for event in events:
        match event:
            case ("ask", number, scope):
                request = replace(REQUESTS[number], scope=scope)
                sequence = preparation.sequence(request, arrived=0.0)
                turns.add(sequence)
                asked.append((number, sequence))
            case ("cancel", which) if which < len(asked):
                turns.cancel(asked[which][1])
                cancelled.add(asked[which][1])
            case ("turns", count):
                for _ in range(count):
                    turns.turn()
    while turns.has_work:
        turns.turn()
    for number, sequence in asked:
        said, should = sequence.transcript.tokens, expected(number)
        assert said == (should[: len(said)] if sequence in cancelled else should)
