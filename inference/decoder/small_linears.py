"""Linear layers with small weights: half or a quarter of the memory, and less to read a product.

Each is made of one tensor on its way to the device, so that the full model never has to fit there.
Their biases stay full, and may be set later.
"""

import warnings
from typing import Literal

import torch
from torch import nn
from torch.nn import functional as F

Kind = Literal["full", "int8", "int4"]
GROUPS = (128, 64, 32)
"""Weights of a row that share a scale in four bits: the first that divides the row."""
SMALLEST = 1e-12
BLOCK = 1024
"""Rows of weights that are rounded at once."""


class SmallLinear(nn.Module):
    """A linear layer that can only be run."""

    def __init__(self, weight: torch.Tensor, kind: Kind) -> None:
        super().__init__()
        self.out_features, self.in_features = weight.shape
        self.nbytes = bytes_of(tuple(weight.shape), kind, weight.dtype)
        self.bias: nn.Parameter | None = None

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return rows (…, in) times the weights, plus the bias: (…, out)."""
        product = self.product(rows)
        return product if self.bias is None else product + self.bias

    def product(self, rows: torch.Tensor) -> torch.Tensor:
        """Return rows (…, in) times the weights: (…, out)."""
        raise NotImplementedError


class BytesLinear(SmallLinear):
    """Weights of 8 bits with a scale for each output, rows of 8 bits between their own bounds.

    By fbgemm, on processors of the x86 family. A row's numbers depend on no other row.
    """

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__(weight, "int8")
        # Without VNNI two products are summed in 16 bits, which would overflow.
        self._most = 255 if torch.cpu.get_capabilities().get("avx512_vnni") else 127
        bytes_, scales = _in_bytes(weight)
        zeros = torch.zeros(len(weight), dtype=torch.long)
        chosen = torch.backends.quantized.engine
        torch.backends.quantized.engine = "fbgemm"
        with warnings.catch_warnings():
            # Tensors that are quantised themselves will go in a later PyTorch than the pinned one.
            warnings.simplefilter("ignore")
            made = torch._make_per_channel_quantized_tensor(bytes_, scales.double(), zeros, 0)
            self._packed = torch.ops.quantized.linear_prepack(made, None)
        torch.backends.quantized.engine = chosen

        self._sums = self._times(torch.ones(1, self.in_features))

    def product(self, rows: torch.Tensor) -> torch.Tensor:
        """Return rows (…, in) times the weights: (…, out)."""
        exact = rows.float()
        least, greatest = exact.aminmax(dim=-1, keepdim=True)
        scales = ((greatest - least) / self._most).clamp_(min=SMALLEST)
        product = self._times((exact - least) / scales).mul_(scales)
        return product.addcmul_(least, self._sums).to(rows.dtype)

    def _times(self, steps: torch.Tensor) -> torch.Tensor:
        product: torch.Tensor = torch.ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32(
            steps, 1.0, 0, self._packed
        )
        return product


class NibblesLinear(SmallLinear):
    """Weights of 4 bits, a scale for each group of a row, on a processor; rows in bfloat16."""

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__(weight, "int4")
        fours, scales = _in_fours(weight)
        self._group = _group(self.in_features)
        self._packed = torch._convert_weight_to_int4pack_for_cpu(fours.to(torch.int32) + 8, 1)
        steps = scales.to(torch.bfloat16).t()
        self._table = torch.stack([steps, torch.zeros_like(steps)], -1).contiguous()

    def product(self, rows: torch.Tensor) -> torch.Tensor:
        """Return rows (…, in) times the weights: (…, out)."""
        flat = rows.reshape(-1, self.in_features).to(torch.bfloat16)
        product = torch._weight_int4pack_mm_for_cpu(flat, self._packed, self._group, self._table)
        return product.view(*rows.shape[:-1], self.out_features).to(rows.dtype)


class UnpackingLinear(SmallLinear):
    """Weights of 8 or 4 bits that are made full for each product: on any device, for the memory."""

    def __init__(self, weight: torch.Tensor, kind: Kind) -> None:
        super().__init__(weight, kind)
        self._pairs = kind == "int4"
        if self._pairs:
            fours, scales = _in_fours(weight)
            left, right = (fours + 8).to(torch.uint8).view(len(weight), -1, 2).unbind(-1)
            self._numbers = left << 4 | right
        else:
            self._numbers, scales = _in_bytes(weight)
            scales = scales[:, None]
        self._scales = scales.to(weight.dtype)

    def product(self, rows: torch.Tensor) -> torch.Tensor:
        """Return rows (…, in) times the weights: (…, out)."""
        return F.linear(rows, self._full(rows.dtype))

    def _full(self, dtype: torch.dtype) -> torch.Tensor:
        scales = self._scales.to(dtype)
        if not self._pairs:
            return self._numbers.to(dtype).mul_(scales)
        fours = torch.stack([self._numbers >> 4, self._numbers & 15], -1).to(dtype).sub_(8)
        groups = fours.view(self.out_features, -1, _group(self.in_features))
        return groups.mul_(scales[..., None]).flatten(-2)


def shrunk(weight: torch.Tensor, kind: Kind) -> SmallLinear:
    """Make a layer of weights (out, in), on their device; `kind` must be one that it has."""
    if weight.device.type == "cpu":
        return BytesLinear(weight) if kind == "int8" else NibblesLinear(weight)
    return UnpackingLinear(weight, kind)


def can_shrink(device: torch.device) -> bool:
    """Tell whether a device has small weights: cards do, and processors of the x86 family."""
    if device.type == "cpu":
        return "fbgemm" in torch.backends.quantized.supported_engines
    return device.type == "cuda"


def kind_of(place: str, shape: tuple[int, ...], kind: Kind, device: torch.device) -> Kind:
    """Tell how small the parameter `place` becomes in a model of a kind.

    The embedding and the projector stay full; on a card the head and the tower, too, which are
    little beside the decoder there. On a processor they are what takes the time, so they take
    8 bits, and the decoder alone takes 4.
    """
    if kind == "full" or len(shape) != 2 or not place.endswith(".weight"):
        return "full"
    if ".language_model.layers." in place:
        return kind if shape[1] % GROUPS[-1] == 0 else "int8"
    beside = place == "lm_head.weight" or ".vision_tower.encoder.layers." in place
    return "int8" if beside and device.type == "cpu" else "full"


def bytes_of(shape: tuple[int, ...], kind: Kind, dtype: torch.dtype) -> int:
    """Count the bytes that a parameter takes."""
    numbers = torch.Size(shape).numel()
    if kind == "full":
        return numbers * dtype.itemsize
    if kind == "int8":
        return numbers + 4 * shape[0]
    return numbers // 2 + numbers // _group(shape[1]) * 4


@torch.no_grad()
def shrink(model: nn.Module, kind: Kind) -> None:
    """Make the weights of a model in memory small, one tensor at a time."""
    for place, weight in list(model.named_parameters()):
        small = kind_of(place, tuple(weight.shape), kind, weight.device)
        if small != "full":
            replace(model, place, shrunk(weight.detach(), small))


def replace(model: nn.Module, place: str, layer: SmallLinear) -> None:
    """Put a layer where the one stands whose weights are the parameter `place`."""
    path, _, name = place.removesuffix(".weight").rpartition(".")
    parent = model.get_submodule(path)
    layer.bias = getattr(parent, name).bias
    setattr(parent, name, layer)


def _group(width: int) -> int:
    return next(group for group in GROUPS if width % group == 0)


def _in_bytes(weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Round weights (out, in) to −127 … 127, and return them with the scales (out,)."""
    rounded, scales = _rounded(weight[:, None], 127)
    return rounded.flatten(1), scales.flatten()


def _in_fours(weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Round weights (out, in) to −7 … 7, and return them with the scales (out, groups)."""
    rounded, scales = _rounded(weight.view(len(weight), -1, _group(weight.shape[1])), 7)
    return rounded.flatten(1), scales


def _rounded(groups: torch.Tensor, most: int) -> tuple[torch.Tensor, torch.Tensor]:
    # In blocks: in float32 a large tensor would take twice its own memory once more.
    rounded = torch.empty_like(groups, dtype=torch.int8)
    scales = torch.empty(groups.shape[:-1], dtype=torch.float32, device=groups.device)
    for first in range(0, len(groups), BLOCK):
        rows = slice(first, first + BLOCK)
        exact = groups[rows].float()
        scales[rows] = exact.abs().amax(-1).clamp_(min=SMALLEST).div_(most)
        rounded[rows] = (exact / scales[rows, ..., None]).round_()
    return rounded, scales
