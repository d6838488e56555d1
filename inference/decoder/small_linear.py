"""What linear layers with small weights have in common."""

import torch
from torch import nn

from inference.decoder.rounding import Kind, bytes_of


class SmallLinear(nn.Module):
    """A linear layer that can only be run."""

    def __init__(self, shape: torch.Size, kind: Kind) -> None:
        super().__init__()
        self.kind = kind
        self.out_features, self.in_features = shape
        self.nbytes = bytes_of(tuple(shape), kind, torch.bfloat16)
        self.bias: nn.Parameter | None = None

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return rows (…, in) times the weights, plus the bias: (…, out)."""
        product = self.product(rows)
        return product if self.bias is None else product + self.bias

    def product(self, rows: torch.Tensor) -> torch.Tensor:
        """Return rows (…, in) times the weights: (…, out)."""
        raise NotImplementedError
