"""A model is loaded as small as asked, and never takes more memory on the way than it needs."""

import json
import os
import subprocess
import sys
from math import prod
from pathlib import Path

import pytest
import torch

from inference import EngineSettings, ModelLoadError
from inference.checkpoint.kinds import QUESTION, pick_kind
from inference.checkpoint.loading import load_model
from inference.decoder.small_linear import SmallLinear
from inference.decoder.small_linears import can_shrink, kinds_on
from tests.golden.weights import shapes
from tests.tiny.checkpoint import CLIP, CONFIG, write_tiny_checkpoint

CPU = torch.device("cpu")
SIZES = {"full": 8 * 10**9, "int8": 4 * 10**9, "int4": 2 * 10**9}

needs_small_weights = pytest.mark.skipif(
    not can_shrink(CPU), reason="this processor has no small weights"
)


@pytest.fixture
def layers(tiny_checkpoint: Path) -> torch.nn.Module:
    return load_model(EngineSettings(source=str(tiny_checkpoint), device="cpu"))[0]


@needs_small_weights
@pytest.mark.parametrize("weights", ["int8", "int4"])
@torch.inference_mode()
def test_small_weights_say_nearly_what_full_ones_say(tiny_checkpoint: Path, weights: str) -> None:
    ids = torch.tensor([[1, *range(300, 330)]])
    logits = []
    for kind in ("full", weights):
        settings = EngineSettings(
            source=str(tiny_checkpoint), device="cpu", dtype="float32", weights=kind
        )
        model, _ = load_model(settings)
        logits.append(model(ids).logits)
    assert any(isinstance(part, SmallLinear) for part in model.modules())
    exact, near = logits
    assert (near - exact).norm() < {"int8": 0.06, "int4": 0.45}[weights] * exact.norm()


@pytest.mark.parametrize(
    ("free", "chosen"),
    [(8.0, None), (10.9, "full"), (9.3, "full"), (5.2, "int8"), (2.9, "int4"), (2.1, None)],
)
def test_auto_is_the_largest_that_leaves_room_for_two_questions_or_for_one(
    layers: torch.nn.Module, free: float, chosen: str | None
) -> None:
    """The tiny model's question takes a thousandth of a real one's; so the sizes decide."""
    question = 2 * QUESTION * 2 * 2 * 4 * 16 * layers.dtype.itemsize
    assert question < 10**8
    if free == 8.0:
        chosen = "int8"  # full weights fit, and not a question beside them
    if chosen is None:
        with pytest.raises(ModelLoadError, match=r"2\.0 GB of memory in int4 .* 2\.0 GB are free"):
            pick_kind("auto", SIZES, layers, CPU, 2 * 10**9)
    else:
        assert pick_kind("auto", SIZES, layers, CPU, int(free * 10**9)) == chosen


def test_two_questions_beside_smaller_weights_go_before_one_beside_larger(
    layers: torch.nn.Module,
) -> None:
    question = 2 * QUESTION * 2 * 2 * 4 * 16 * layers.dtype.itemsize  # on half of what is free
    sizes = {"full": 3 * question, "int8": 2 * question, "int4": question}
    assert pick_kind("auto", sizes, layers, CPU, 5 * question) == "full"
    assert pick_kind("auto", sizes, layers, CPU, 4 * question) == "int8"
    assert pick_kind("auto", {"full": 3 * question}, layers, CPU, 4 * question) == "full"


def test_auto_keeps_to_what_the_engine_may_take_and_to_what_a_step_needs(
    layers: torch.nn.Module,
) -> None:
    card = torch.device("cuda")
    assert pick_kind("auto", SIZES, layers, card, 10 * 10**9) == "full"
    assert pick_kind("auto", SIZES, layers, card, 9 * 10**9) == "int8"  # a step takes 1 GiB
    assert pick_kind("auto", SIZES, layers, card, 80 * 10**9, 6 * 10**9) == "int8"
    assert pick_kind("auto", SIZES, layers, CPU, 80 * 10**9, 3 * 10**9) == "int4"
    with pytest.raises(ModelLoadError, match="ENGINE_MEMORY allows a part"):
        pick_kind("auto", SIZES, layers, card, 80 * 10**9, 10**9)


def test_weights_that_do_not_fit_are_refused_and_auto_named(layers: torch.nn.Module) -> None:
    with pytest.raises(ModelLoadError, match=r"8\.0 GB of memory in full .*MODEL_WEIGHTS=auto"):
        pick_kind("full", SIZES, layers, CPU, 7 * 10**9)


def test_small_weights_are_refused_on_a_device_that_has_none(layers: torch.nn.Module) -> None:
    with pytest.raises(ModelLoadError, match=r"MODEL_WEIGHTS is int8, .* try MODEL_WEIGHTS=auto"):
        pick_kind("int8", {"full": 1}, layers, CPU, 10**9)
    assert pick_kind("auto", {"full": 1}, layers, CPU, 10**9) == "full"


def test_float8_is_for_cards_that_multiply_it(
    layers: torch.nn.Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = {}
    for capability in ((8, 6), (8, 9), (9, 0)):
        monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _, c=capability: c)
        kinds[capability] = kinds_on(torch.device("cuda"))
    assert [kind for kind, found in kinds.items() if "fp8" in found] == [(8, 9), (9, 0)]
    with pytest.raises(ModelLoadError, match=r"MODEL_WEIGHTS is fp8, but .* full, int8, int4"):
        pick_kind("fp8", dict.fromkeys(kinds[8, 6], 1), layers, CPU, 10**9)


TRUE_WIDTH = CONFIG | {
    "vocab_size": 32064,
    "hidden_size": 3072,
    "intermediate_size": 8192,
    "num_attention_heads": 192,  # as wide as the tiny model's, for which there are rope factors
    "num_key_value_heads": 192,
    "num_hidden_layers": 3,
}
LARGEST = 2 * 32064 * 3072
"""Bytes of the largest tensors, the embedding's and the head's."""
LOAD = """
import sys
import torch
from inference import EngineSettings
from inference.checkpoint.loading import load_model
from inference.decoder.linears import held_bytes

def most():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if "VmHWM" in line)

torch.set_num_threads(1)
tiny, wide, weights = sys.argv[1:]
settings = dict(device="cpu", dtype="bfloat16", weights=weights)
load_model(EngineSettings(source=tiny, **settings))  # what loading itself takes is there now
before = most()
model, _ = load_model(EngineSettings(source=wide, **settings))
print((most() - before) * 1024, held_bytes(model))
"""


@needs_small_weights
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells it")
@pytest.mark.parametrize("weights", ["full", "int8", "int4"])
def test_loading_takes_what_the_weights_do_in_the_end_and_a_tensor_or_two(
    tiny_checkpoint: Path, tmp_path: Path, weights: str
) -> None:
    """As an 8 GiB card must hold in 4 bits what takes 8.3 GB in full: never whole on the way.

    The pages of the file that are being read count, too.
    """
    full = write_zeros(tmp_path)
    arguments = [sys.executable, "-c", LOAD, str(tiny_checkpoint), str(tmp_path), weights]
    # Large memory is given back at once where it comes from the system by itself.
    at_once = os.environ | {"MALLOC_MMAP_THRESHOLD_": "65536"}
    run = subprocess.run(arguments, capture_output=True, text=True, check=True, env=at_once)
    peak, held = map(int, run.stdout.split())
    print(f"{weights}: {held / 1e6:.0f} MB in the end, {peak / 1e6:.0f} MB at most")
    assert 0.9 * held < peak < held + 1.5 * LARGEST
    assert weights == "full" or held < 0.7 * full


def write_zeros(folder: Path) -> int:
    """Write a model of zeros, as wide as the real one, and return the size of its weights."""
    write_tiny_checkpoint(folder)
    (folder / "config.json").write_text(json.dumps({**TRUE_WIDTH, "vision_config": CLIP}))
    header, end = {}, 0
    for name, shape in shapes(TRUE_WIDTH, CLIP).items():
        start, end = end, end + 2 * prod(shape)
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [start, end]}
    said = json.dumps(header).encode()
    with (folder / "model.safetensors").open("wb") as file:
        file.write(len(said).to_bytes(8, "little") + said)
        file.truncate(8 + len(said) + end)
    return end
