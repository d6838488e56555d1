"""Packed layers compute what plain ones do."""

import pytest
import torch
from torch import nn

from inference.decoder.linears import can_pack, held_bytes, pack_linears
from inference.decoder.small_linears import shrink


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("shape", [(1, 32), (9, 32), (2, 3, 32)])
def test_products_are_the_same(dtype: torch.dtype, shape: tuple[int, ...]) -> None:
    if not can_pack(torch.device("cpu"), dtype):
        pytest.skip("this processor has no packed layers")
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(32, 64), nn.GELU(), nn.Linear(64, 8, bias=False)).to(dtype)
    rows = torch.randn(shape).to(dtype)
    with torch.inference_mode():
        plain = model(rows)
        pack_linears(model)
        assert not any(isinstance(layer, nn.Linear) for layer in model)
        packed = model(rows)
    torch.testing.assert_close(packed, plain)


def test_packing_changes_nothing_in_what_the_weights_take(model: nn.Module) -> None:
    before = held_bytes(model)
    pack_linears(model)
    assert 0.99 < held_bytes(model) / before <= 1  # biases are left out


def test_small_weights_are_counted_as_small(model: nn.Module) -> None:
    before = held_bytes(model)
    shrink(model, "int8")
    assert held_bytes(model) < 0.8 * before
