"""Linear layers with small weights on a card.

Many rows are multiplied with weights that are made full for the product: for the memory. For the
few rows of a step, in which reading the weights takes the time, a quicker way may serve.
"""

from collections.abc import Callable

import torch
from torch.nn import functional as F

from inference.decoder.rounding import Bytes, fours_by_block, group_of
from inference.decoder.small_linear import SmallLinear

FEW_ROWS = 16


class CardLinear(SmallLinear):
    """A layer whose weights are made full, but where `quick` serves; it takes (rows, in)."""

    quick: Callable[[torch.Tensor], torch.Tensor] | None = None

    def product(self, rows: torch.Tensor) -> torch.Tensor:
        """Return rows (…, in) times the weights: (…, out)."""
        if self.quick and rows.dim() == 2 and len(rows) <= FEW_ROWS:
            return self.quick(rows)
        return self.plain_product(rows)

    def plain_product(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the product with the weights made full."""
        raise NotImplementedError


class EightsLinear(CardLinear):
    """Weights of 8 bits, whole numbers or float8, with a scale for each output."""

    def __init__(self, weight: Bytes) -> None:
        is_float = weight.numbers.dtype.is_floating_point
        super().__init__(weight.numbers.shape, "fp8" if is_float else "int8")
        self.numbers, self.scales = weight

    def plain_product(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the product with the weights made full; scaled afterwards, there is less of it."""
        return F.linear(rows, self.numbers.to(rows.dtype)).mul_(self.scales)


class FoursLinear(CardLinear):
    """Weights of 4 bits in groups, the first half of a group in the high bits of its bytes."""

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__(weight.shape, "int4")
        self.group = group_of(self.in_features)
        groups = self.in_features // self.group
        self.numbers = weight.new_empty(
            self.out_features, groups, self.group // 2, dtype=torch.uint8
        )
        self.steps = weight.new_empty(self.out_features, groups, 1, dtype=torch.bfloat16)
        self.middles = torch.empty_like(self.steps)
        for rows, fours in fours_by_block(weight):
            first, second = fours.numbers.view(-1, groups, self.group).chunk(2, -1)
            self.numbers[rows] = first << 4 | second
            self.steps[rows, :, 0], self.middles[rows, :, 0] = fours.steps, fours.middles

    def plain_product(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the product with the weights made full."""
        steps, middles = self.steps.to(rows.dtype), self.middles.to(rows.dtype)
        numbers = torch.cat([self.numbers >> 4, self.numbers & 15], -1).to(rows.dtype).sub_(8)
        return F.linear(rows, torch.addcmul(middles, numbers, steps).flatten(1))
