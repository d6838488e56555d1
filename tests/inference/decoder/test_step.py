"""One step is a function of tensors whose shapes are fixed: counted, compiled, and equal."""

from collections import Counter
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from inference import EngineSettings
from inference.checkpoint.loading import load_model
from inference.decoder.runner import Runner
from inference.decoder.segment import Draw, Segment
from tests.inference.small_model import SWITCH, write_small_checkpoint
from tests.tiny.checkpoint import CONFIG

GREEDY = Draw(temperature=0.0, top_p=1.0, point=0.0)
ROWS = 400
LONGEST = 100
LAYERS_OF_THE_REAL_MODEL = 32
VIEWS = {
    "view", "_unsafe_view", "transpose", "slice", "select", "unsqueeze", "expand", "permute", "t",
    "split", "split_with_sizes", "chunk", "tensor_split", "unbind", "alias", "detach", "squeeze",
    "_reshape_alias", "as_strided", "narrow", "flatten", "reshape",
}  # fmt: skip
"""Operators that launch nothing: they look at the same memory in another way."""


class Count(TorchDispatchMode):
    """Counts the operators that compute something; an operator of ours is one."""

    def __init__(self) -> None:
        super().__init__()
        self.operators: Counter[str] = Counter()

    def __torch_dispatch__(
        self, operator: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        name = operator.name().split("::")[1].split(".")[0]
        if name not in VIEWS:
            self.operators[name] += 1
        return operator(*args, **(kwargs or {}))


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A small model whose key heads are shared, in float32."""
    folder = write_small_checkpoint(tmp_path_factory.mktemp("checkpoint") / "small")
    settings = EngineSettings(source=str(folder), dtype="float32", device="cpu")
    return load_model(settings)[0]


@pytest.fixture
def runner(network: Any) -> Runner:
    return Runner(network, ROWS, LONGEST)


def inputs(rows: int, length: int) -> list[torch.Tensor]:
    """Make the tensors of a decode step: so many sequences of the same length, end to end."""
    bases = torch.arange(rows) * 20
    return [torch.full((rows,), 7), torch.full((rows,), length - 1), bases, bases * 0 + length]


def ids(seed: int, length: int) -> tuple[int, ...]:
    generator = torch.Generator().manual_seed(seed)
    return tuple(torch.randint(3, 500, (length,), generator=generator).tolist())


def segment(base: int, tokens: tuple[int, ...], start: int = 0, *, long: bool = False) -> Segment:
    return Segment(base, start, tokens, (), long, GREEDY)


@pytest.mark.parametrize("rows", [1, 2, 4, 8, 16])
def test_what_is_compiled_does_not_depend_on_lengths(network: Any, rows: int) -> None:
    """Whole, without a break, and once: so a graph can capture it."""
    runner = Runner(network, ROWS, LONGEST)
    for layer in runner.arena.layers:
        layer.zero_()
    torch._dynamo.reset()
    compiled = torch.compile(runner.decode, fullgraph=True, backend="eager")
    with torch._dynamo.config.patch(error_on_recompile=True):
        for length in (1, 2, 9, 20):
            logits, tokens = compiled(*inputs(rows, length))
            plain = runner.decode(*inputs(rows, length))
            torch.testing.assert_close(logits, plain.logits)
            assert tokens.tolist() == plain.tokens.tolist()


def test_a_step_launches_equally_many_operators_for_one_row_and_for_sixteen(
    runner: Runner,
) -> None:
    counts = []
    for rows in (1, 16):
        tensors = inputs(rows, 9)
        with Count() as count:
            runner.decode(*tensors)
        counts.append(count.operators)
    assert counts[0] == counts[1]
    layers = CONFIG["num_hidden_layers"]
    assert counts[0]["attend_one_by_one"] == layers
    outside = operators_outside_layers(counts[0], layers)
    a_layer = (counts[0].total() - outside) // layers
    assert LAYERS_OF_THE_REAL_MODEL * a_layer + outside <= 700


def operators_outside_layers(count: Counter[str], layers: int) -> int:
    """Count what is done once a step: all that no layer does equally often."""
    return sum(number % layers for number in count.values())


def test_nothing_in_a_step_is_read_back(runner: Runner) -> None:
    """A read from the device would make the host wait in mid-step."""
    tensors = inputs(4, 9)
    with Count() as count:
        runner.decode(*tensors)
    assert not count.operators.keys() & {"_local_scalar_dense", "item", "nonzero", "_to_cpu"}


@pytest.mark.parametrize("rows", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("long", [False, True])
def test_rows_are_what_they_are_alone(network: Any, rows: int, long: bool) -> None:
    """Chunk by chunk and together, or alone and at one go: the same tokens."""
    runner = Runner(network, 1600, LONGEST)
    prompts = [ids(row, 5 + 3 * row) for row in range(rows)]
    alone = []
    for prompt in prompts:
        (token,) = Runner(network, LONGEST, LONGEST).step([segment(0, prompt, long=long)], {})
        alone.append(token)
    together: list[int | None] = []
    for row, prompt in enumerate(prompts):  # one prompt in two pieces, beside the others' decoding
        base = 100 * row
        cut = len(prompt) // 2
        first = Segment(base, 0, prompt[:cut], (), long, None)
        runner.step([first], {})
        others = [
            segment(100 * other, prompts[other][-1:], len(prompts[other]) - 1, long=long)
            for other in range(row)
        ]
        tokens = runner.step([*others, segment(base, prompt[cut:], cut, long=long)], {})
        together.append(tokens[-1])
        assert tokens[:-1] == alone[:row]
    assert together == alone
    again = [
        segment(100 * row, prompt[-1:], len(prompt) - 1, long=long)
        for row, prompt in enumerate(prompts)
    ]
    assert runner.step(again, {}) == alone


def test_rows_that_only_fill_up_change_nothing(network: Any) -> None:
    runner = Runner(network, ROWS, LONGEST)
    prompt = ids(1, 9)
    expected = runner.step([segment(40, prompt)], {})
    last, position, base, length = torch.tensor([[prompt[-1]], [8], [40], [9]])
    spare = torch.tensor([0, 0, runner.arena.spare_row, 1])
    filled = [
        torch.cat([part, spare[which].repeat(7)])
        for which, part in enumerate((last, position, base, length))
    ]
    assert runner.decode(*filled).tokens[0].item() == expected[0]
    assert runner.step([segment(40, prompt[-1:], 8)], {}) == expected


def test_long_and_short_factors_stand_side_by_side(network: Any) -> None:
    runner = Runner(network, ROWS, LONGEST)
    prompt = ids(3, 30)
    both = [segment(0, prompt), segment(100, prompt, long=True)]
    tokens = runner.step(both, {})
    assert tokens == [runner.step([each], {})[0] for each in both]
    assert LONGEST > SWITCH


def test_rows_can_be_moved_within_the_arena(network: Any) -> None:
    runner = Runner(network, ROWS, LONGEST)
    prompt = ids(5, 40)
    expected = runner.step([segment(30, prompt)], {})
    runner.arena.move(30, 10, 39)  # the runs overlap
    assert runner.step([segment(10, prompt[-1:], 39)], {}) == expected
