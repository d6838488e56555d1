"""Small weights compute nearly what full ones do, each row as if it were alone."""

from collections.abc import Callable

import pytest
import torch
from torch import nn

from inference.decoder.card_linears import EightsLinear, FoursLinear
from inference.decoder.rounding import Bytes, bytes_of, in_bytes, in_fours
from inference.decoder.small_linear import SmallLinear
from inference.decoder.small_linears import (
    BytesLinear,
    NibblesLinear,
    can_shrink,
    kind_of,
    shrink,
    shrunk,
)

CPU, CARD = torch.device("cpu"), torch.device("cuda")
LAYERS: dict[str, tuple[Callable[[torch.Tensor], SmallLinear], float]] = {
    "8 bits on a processor": (lambda weight: shrunk(weight, "int8"), 0.02),
    "rows of 7 bits": (lambda weight: BytesLinear(in_bytes(weight)), 0.02),
    "4 bits on a processor": (NibblesLinear, 0.1),
    "8 bits unpacked": (lambda weight: EightsLinear(in_bytes(weight)), 0.02),
    "float8 unpacked": (lambda weight: shrunk(weight, "fp8"), 0.05),
    "4 bits unpacked": (FoursLinear, 0.1),
}

pytestmark = pytest.mark.skipif(not can_shrink(CPU), reason="this processor has no small weights")


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("shape", [(1, 192), (9, 192), (2, 3, 192)])
@torch.inference_mode()
def test_products_are_nearly_the_same(
    name: str, dtype: torch.dtype, shape: tuple[int, ...]
) -> None:
    make, tolerance = LAYERS[name]
    torch.manual_seed(0)
    plain = nn.Linear(192, 64)
    rows = torch.randn(shape)
    small = make(plain.weight.detach().to(dtype))
    small.bias = plain.bias
    exact, near = plain(rows), small(rows.to(dtype))
    assert near.dtype == (dtype if dtype is torch.float32 else near.dtype)
    assert near.shape == exact.shape
    assert (near.float() - exact).norm() < tolerance * exact.norm()


@pytest.mark.parametrize("name", LAYERS)
@torch.inference_mode()
def test_no_row_changes_for_a_large_neighbour(name: str) -> None:
    make, _ = LAYERS[name]
    torch.manual_seed(1)
    small = make(torch.randn(64, 192))
    row, loud = torch.randn(1, 192), 1000 * torch.randn(1, 192)
    torch.testing.assert_close(small(torch.cat([loud, row]))[1:], small(row), rtol=1e-5, atol=1e-5)


@torch.inference_mode()
def test_what_is_no_number_comes_out_as_none() -> None:
    rows = torch.zeros(2, 32)
    rows[1, 3] = torch.nan
    numbers = shrunk(torch.eye(32), "int8")(rows).isfinite().all(-1)
    assert numbers.tolist() == [True, False]


def test_a_layer_takes_the_bytes_that_are_counted_for_it() -> None:
    weight = torch.randn(64, 256, dtype=torch.bfloat16)
    small = FoursLinear(weight)
    held = small.numbers.nbytes + small.steps.nbytes + small.middles.nbytes
    assert held == small.nbytes == bytes_of((64, 256), "int4", torch.bfloat16) < weight.nbytes / 3
    packed = NibblesLinear(weight)
    assert packed._packed.nbytes + packed._table.nbytes == held


def test_products_hold_where_all_numbers_are_as_large_as_may_be() -> None:
    """Without VNNI two products are summed in 16 bits: what is larger would be cut off."""
    weight = torch.full((32, 64), 3.0)
    for layer in (shrunk(weight, "int8"), BytesLinear(in_bytes(weight))):
        rows = torch.cat([torch.full((1, 63), 5.0), torch.zeros(1, 1)], 1)
        torch.testing.assert_close(layer(rows), rows @ weight.T, rtol=1e-3, atol=0)


def test_weights_that_have_8_bits_already_keep_them() -> None:
    weight = Bytes(torch.arange(-128, 128, dtype=torch.int8).repeat(2, 1), torch.ones(2))
    assert torch.equal(shrunk(weight, "int8")(torch.eye(256)).round().T, weight.full())


def test_4_bits_lie_between_the_bounds_of_each_group() -> None:
    """Around 0, up to the largest, the error would be 0.108."""
    weight = torch.randn(64, 256, generator=torch.Generator().manual_seed(2))
    fours = in_fours(weight)
    steps, middles = (each.float().repeat_interleave(64, 1) for each in fours[1:])
    error = ((fours.numbers - 8.0) * steps + middles - weight).norm() / weight.norm()
    assert error < 0.092


@pytest.mark.parametrize(
    ("place", "kind", "on_processor", "on_card"),
    [
        ("model.language_model.layers.3.mlp.down_proj.weight", "int8", "int8", "int8"),
        ("model.language_model.layers.3.mlp.down_proj.weight", "fp8", "fp8", "fp8"),
        ("model.language_model.layers.0.mlp.down_proj.weight", "fp8", "fp8", "fp8"),
        ("model.language_model.layers.3.mlp.down_proj.weight", "int4", "int4", "int4"),
        ("model.language_model.layers.3.mlp.down_proj.weight", "full", "full", "full"),
        ("model.language_model.layers.0.mlp.down_proj.weight", "int4", "int8", "int8"),
        ("model.language_model.layers.31.mlp.down_proj.weight", "int4", "int8", "int8"),
        ("lm_head.weight", "int4", "int8", "full"),
        ("model.vision_tower.encoder.layers.0.mlp.fc1.weight", "int8", "int8", "full"),
        ("model.vision_tower.encoder.layers.0.mlp.fc1.bias", "int8", "full", "full"),
        ("model.language_model.embed_tokens.weight", "int8", "full", "full"),
        ("model.projector.img_projection.0.weight", "int8", "full", "full"),
    ],
)
def test_each_part_is_as_small_as_it_may_be(
    place: str, kind: str, on_processor: str, on_card: str
) -> None:
    shape = (64, 256) if place.endswith("weight") else (64,)
    assert kind_of(place, shape, kind, CPU, 32) == on_processor
    assert kind_of(place, shape, kind, CARD, 32) == on_card


def test_a_model_in_memory_is_shrunk_in_place(model: nn.Module) -> None:
    shrink(model, "int8")
    small = [name for name, part in model.named_modules() if isinstance(part, SmallLinear)]
    assert len(small) == 2 * 4 + 1 + 2 * 6  # decoder layers, head, the tower's computed layers
    ids = torch.tensor([[1, 5, 6]])
    assert model(ids).logits.isfinite().all()
