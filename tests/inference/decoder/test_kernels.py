"""Kernels for a card equal the plain products; where Triton is there, it runs them on a processor.

As `TRITON_INTERPRET=1 python -m pytest -n 0 tests/inference/decoder/test_kernels.py`.
"""

import os

import pytest
import torch

pytest.importorskip("triton", reason="Triton comes with PyTorch for CUDA")
if not os.environ.get("TRITON_INTERPRET") and not torch.cuda.is_available():
    pytest.skip("neither a card nor TRITON_INTERPRET=1", allow_module_level=True)

from inference.decoder.card_linears import EightsLinear, FoursLinear
from inference.decoder.kernels import times_eights, times_fours
from inference.decoder.rounding import in_bytes, in_floats

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
SHAPES = ((64, 320), (50, 192), (33, 64), (40, 96))
"""Of weights (out, in), that fill the kernels' tiles and that do not."""


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", [1, 5, 16])
@torch.inference_mode()
def test_kernels_equal_the_plain_products(shape: tuple[int, int], count: int) -> None:
    torch.manual_seed(0)
    weight = torch.randn(shape, device=DEVICE)
    rows = torch.randn(count, shape[1], device=DEVICE)
    bytes_, floats = EightsLinear(in_bytes(weight)), EightsLinear(in_floats(weight))
    fours = FoursLinear(weight)
    near = {
        bytes_: times_eights(rows, bytes_.numbers, bytes_.scales),
        fours: times_fours(rows, fours.numbers, fours.steps, fours.middles),
    }
    if DEVICE == "cuda":
        near[floats] = times_eights(rows, floats.numbers, floats.scales)
    for layer, product in near.items():
        expected = layer.plain_product(rows)
        assert (product - expected).norm() < 0.01 * expected.norm()
