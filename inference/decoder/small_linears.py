"""Linear layers with small weights: half or a quarter of the memory, and less to read a product.

Each is made of one tensor on its way to the device, so that the full model never has to fit there.
Their biases stay full, and may be set later.
"""

import re
import warnings
from typing import Any

import torch
from torch import nn

from inference.decoder.card_linears import EightsLinear, FoursLinear
from inference.decoder.rounding import (
    GROUPS,
    SMALLEST,
    Bytes,
    Kind,
    fours_by_block,
    group_of,
    in_bytes,
    in_floats,
)
from inference.decoder.small_linear import SmallLinear

IN_CACHE = 128
"""Rows whose numbers stay in a core's cache from step to step: a fifth less time for a layer of
the tower than with all 1,154 of two tiles at once (AVX512)."""
FIRST_WITH_FLOATS = (8, 9)
"""The compute capability of cards that multiply numbers of float8."""
LAYER = re.compile(r"\.language_model\.layers\.(\d+)\.")


class BytesLinear(SmallLinear):
    """Weights of 8 bits with a scale for each output, rows of 8 bits between their own bounds.

    By fbgemm, on processors of the x86 family. A row's numbers depend on no other row.
    """

    def __init__(self, weight: Bytes) -> None:
        super().__init__(weight.numbers.shape, "int8")
        self._most = 255 if weight.numbers.abs().amax() <= largest_byte() else 127
        zeros = torch.zeros(self.out_features, dtype=torch.long)
        chosen = torch.backends.quantized.engine
        torch.backends.quantized.engine = "fbgemm"
        with warnings.catch_warnings():
            # Tensors that are quantised themselves will go in a later PyTorch than the pinned one.
            warnings.simplefilter("ignore")
            made = torch._make_per_channel_quantized_tensor(
                weight.numbers, weight.scales.double(), zeros, 0
            )
            self._packed = torch.ops.quantized.linear_prepack(made, None)
        torch.backends.quantized.engine = chosen

        self._sums = self._times(torch.ones(1, self.in_features))

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return rows (…, in) times the weights, plus the bias: (…, out)."""
        flat = rows.reshape(-1, self.in_features)
        sums = rows.new_empty(len(flat), self.out_features)
        parts = (torch.split(each, IN_CACHE) for each in (flat, sums))
        for part, into in zip(*parts, strict=True):
            product = self.product(part)
            into.copy_(product if self.bias is None else product.add_(self.bias))
        return sums.view(*rows.shape[:-1], self.out_features)

    def product(self, rows: torch.Tensor) -> torch.Tensor:
        """Return rows (rows, in) times the weights in float32: (rows, out)."""
        # Of bfloat16, `amin` and `amax` take a third of the time of `aminmax`.
        least, greatest = (bound(-1, keepdim=True).float() for bound in (rows.amin, rows.amax))
        scales = ((greatest - least) / self._most).clamp_(min=SMALLEST)
        product = self._times(torch.sub(rows, least).div_(scales)).mul_(scales)
        return product.addcmul_(least, self._sums)

    def _times(self, steps: torch.Tensor) -> torch.Tensor:
        product: torch.Tensor = torch.ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32(
            steps, 1.0, 0, self._packed
        )
        return product


class NibblesLinear(SmallLinear):
    """Weights of 4 bits on a processor; rows in bfloat16."""

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__(weight.shape, "int4")
        self._group = group_of(self.in_features)
        self._packed = torch.empty(self.out_features, self.in_features // 2, dtype=torch.uint8)
        groups = self.in_features // self._group
        self._table = torch.empty(groups, self.out_features, 2, dtype=torch.bfloat16)
        for rows, fours in fours_by_block(weight):
            numbers = fours.numbers.to(torch.int32)
            self._packed[rows] = torch._convert_weight_to_int4pack_for_cpu(numbers, 1)
            self._table[:, rows] = torch.stack([fours.steps.t(), fours.middles.t()], -1)

    def product(self, rows: torch.Tensor) -> torch.Tensor:
        """Return rows (…, in) times the weights: (…, out)."""
        flat = rows.reshape(-1, self.in_features).to(torch.bfloat16)
        product = torch._weight_int4pack_mm_for_cpu(flat, self._packed, self._group, self._table)
        return product.view(*rows.shape[:-1], self.out_features).to(rows.dtype)


def shrunk(weight: torch.Tensor | Bytes, kind: Kind) -> SmallLinear:
    """Make a layer of weights (out, in), on their device; `kind` must be one that it has."""
    if kind == "int8":
        if not isinstance(weight, Bytes):
            weight = in_bytes(weight, largest_byte() if weight.is_cpu else 127)
        return BytesLinear(weight) if weight.numbers.is_cpu else EightsLinear(weight)
    exact = weight.full() if isinstance(weight, Bytes) else weight
    if kind == "fp8":
        return EightsLinear(in_floats(exact))
    return NibblesLinear(exact) if exact.is_cpu else FoursLinear(exact)


def largest_byte() -> int:
    """Return the largest weight that products with rows of 8 bits have room for on this processor.

    Without VNNI two of them are summed in 16 bits. Rows hold far outliers and weights do not, so
    the rows are given their 8 bits, and the weights 7.
    """
    return 127 if torch.cpu.get_capabilities().get("avx512_vnni") else 64


def kinds_on(device: torch.device) -> tuple[Kind, ...]:
    """List the kinds of weights that a device has, the largest first; all have full ones."""
    if device.type == "cuda":
        has_floats = torch.cuda.get_device_capability(device) >= FIRST_WITH_FLOATS
        return ("full", "int8", "fp8", "int4") if has_floats else ("full", "int8", "int4")
    has_bytes = device.type == "cpu" and "fbgemm" in torch.backends.quantized.supported_engines
    return ("full", "int8", "int4") if has_bytes else ("full",)


def can_shrink(device: torch.device) -> bool:
    """Tell whether a device has small weights: cards do, and processors of the x86 family."""
    return len(kinds_on(device)) > 1


def kind_of(
    place: str, shape: tuple[int, ...], kind: Kind, device: torch.device, layers: int
) -> Kind:
    """Tell how small the parameter `place` becomes in a model of a kind with so many layers.

    The embedding and the projector stay full; on a card the head and the tower, too, which are
    little beside the decoder there. On a processor they are what takes the time, so they take
    8 bits. The decoder alone takes 4, but for its first and its last layer, in which rounding
    costs most.
    """
    if kind == "full" or len(shape) != 2 or not place.endswith(".weight"):
        return "full"
    if layer := LAYER.search(place):
        is_inner = 0 < int(layer[1]) < layers - 1
        if kind == "int4":
            return kind if is_inner and shape[1] % GROUPS[-1] == 0 else "int8"
        return kind
    beside = place == "lm_head.weight" or ".vision_tower.encoder.layers." in place
    return "int8" if beside and device.type == "cpu" else "full"


@torch.no_grad()
def shrink(model: Any, kind: Kind) -> None:
    """Make the weights of a model in memory small, one tensor at a time."""
    for place, weight in list(model.named_parameters()):
        layers = model.config.num_hidden_layers
        small = kind_of(place, tuple(weight.shape), kind, weight.device, layers)
        if small != "full":
            put(model, place, shrunk(weight.detach(), small))


def put(model: nn.Module, place: str, layer: SmallLinear) -> None:
    """Put a layer where the one stands whose weights are the parameter `place`."""
    path, _, name = place.removesuffix(".weight").rpartition(".")
    parent = model.get_submodule(path)
    layer.bias = getattr(parent, name).bias
    setattr(parent, name, layer)
