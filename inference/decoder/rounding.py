"""Weights in few bits: rounded, and counted."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import torch

Kind = Literal["full", "int8", "fp8", "int4"]
GROUPS = (64, 32)
"""Weights of a row that share a scale in four bits: the first that divides the row."""
SMALLEST = 1e-12
FLOAT8 = torch.float8_e4m3fn
"""Four bits of exponent, three of mantissa."""
BLOCK = 256
"""Rows of weights that are rounded at once: in float32 a large tensor takes twice its memory."""


class Bytes(NamedTuple):
    """Weights of 8 bits."""

    numbers: torch.Tensor
    """(out, in), int8 or float8."""
    scales: torch.Tensor
    """(out,), float32."""

    def full(self) -> torch.Tensor:
        """Return the weights (out, in) in float32."""
        return self.numbers.float() * self.scales[:, None]

    def to(self, device: torch.device) -> "Bytes":
        """Return them on a device."""
        return Bytes(self.numbers.to(device), self.scales.to(device))


class Fours(NamedTuple):
    """Weights of 4 bits: (number − 8) · step + middle."""

    numbers: torch.Tensor
    """(out, in), uint8, 0 to 15."""
    steps: torch.Tensor
    """(out, groups), bfloat16."""
    middles: torch.Tensor
    """(out, groups), bfloat16."""


def in_bytes(weight: torch.Tensor, most: int = 127) -> Bytes:
    """Round weights (out, in) to whole numbers from −`most` to `most`, each row by its largest."""
    return _by_largest(weight, most, torch.int8)


def in_floats(weight: torch.Tensor) -> Bytes:
    """Round weights (out, in) to float8, each row by its largest: small ones keep their digits."""
    return _by_largest(weight, torch.finfo(FLOAT8).max, FLOAT8)


def _by_largest(weight: torch.Tensor, most: float, dtype: torch.dtype) -> Bytes:
    numbers = torch.empty_like(weight, dtype=dtype)
    scales = torch.empty(len(weight), device=weight.device)
    for first in range(0, len(weight), BLOCK):
        rows = slice(first, first + BLOCK)
        exact = weight[rows].float()
        scales[rows] = exact.abs().amax(-1).clamp_(min=SMALLEST).div_(most)
        scaled = exact / scales[rows, None]
        numbers[rows] = (scaled if dtype.is_floating_point else scaled.round_()).to(dtype)
    return Bytes(numbers, scales)


def in_fours(weight: torch.Tensor) -> Fours:
    """Round weights (out, in) to 16 steps between the bounds of each group."""
    groups = weight.float().view(len(weight), -1, group_of(weight.shape[1]))
    least, greatest = groups.aminmax(dim=-1, keepdim=True)
    # Steps and middles are rounded first, so that the numbers make up for it.
    steps = ((greatest - least) / 15).clamp_(min=SMALLEST).to(torch.bfloat16)
    middles = (least + 8 * steps).to(torch.bfloat16)
    numbers = ((groups - middles) / steps).round_().clamp_(-8, 7).add_(8)
    return Fours(numbers.to(torch.uint8).flatten(1), steps[..., 0], middles[..., 0])


def fours_by_block(weight: torch.Tensor) -> Iterator[tuple[slice, Fours]]:
    """Round weights to 4 bits a few rows at a time, to save memory."""
    for first in range(0, len(weight), BLOCK):
        rows = slice(first, first + BLOCK)
        yield rows, in_fours(weight[rows])


def group_of(width: int) -> int:
    """Return how many weights of a row share a scale in four bits."""
    return next(group for group in GROUPS if width % group == 0)


def bytes_of(shape: tuple[int, ...], kind: Kind, full: torch.dtype) -> int:
    """Count the bytes that a parameter takes; `full` is the dtype of full weights."""
    numbers = torch.Size(shape).numel()
    if kind == "full":
        return numbers * full.itemsize
    if kind in ("int8", "fp8"):
        return numbers + 4 * shape[0]
    return numbers // 2 + numbers // group_of(shape[1]) * 4
