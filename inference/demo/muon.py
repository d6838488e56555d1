"""Muon for many small matrices: all of one shape take their step at once."""

import math
from typing import Any

import torch

QUINTIC = 3.4445, -4.7750, 2.0315
"""Coefficients of the Newton-Schulz step, after K. Jordan (2024), https://kellerjordan.github.io/posts/muon."""
ITERATIONS = 5


class Muon(torch.optim.Optimizer):
    """Step along the orthogonal matrix that is nearest to the gradients' Nesterov momentum.

    Does what `torch.optim.Muon` does with rates that match AdamW's, which takes one matrix after
    another and always in bfloat16: a card waits for its launches, and a processor that does not
    know bfloat16 is a hundred times slower.
    """

    def __init__(
        self,
        groups: list[dict[str, Any]],
        weight_decay: float,
        dtype: torch.dtype,
        momentum: float = 0.95,
    ) -> None:
        super().__init__(groups, {"weight_decay": weight_decay, "momentum": momentum})
        self._dtype = dtype

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        """Take a step with the gradients that there are."""
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[torch.Tensor]] = {}
            for matrix in group["params"]:
                if matrix.grad is not None:
                    by_shape.setdefault(matrix.shape, []).append(matrix)
            for matrices in by_shape.values():
                self._step_together(matrices, group)

    def _step_together(self, matrices: list[torch.Tensor], group: dict[str, Any]) -> None:
        grads = [matrix.grad for matrix in matrices if matrix.grad is not None]
        moments = [self._moment(matrix) for matrix in matrices]
        torch._foreach_lerp_(moments, grads, 1 - group["momentum"])
        ahead = torch.stack(torch._foreach_lerp(grads, moments, group["momentum"]))
        along = orthogonal(ahead.to(self._dtype)).to(ahead.dtype)
        rate = 0.2 * math.sqrt(max(matrices[0].shape)) * group["lr"]
        torch._foreach_mul_(matrices, 1 - group["lr"] * group["weight_decay"])
        torch._foreach_add_(matrices, list(along), alpha=-rate)

    def _moment(self, matrix: torch.Tensor) -> torch.Tensor:
        state = self.state[matrix]
        if not state:
            state["momentum_buffer"] = torch.zeros_like(matrix)
        moment: torch.Tensor = state["momentum_buffer"]
        return moment


def orthogonal(matrices: torch.Tensor) -> torch.Tensor:
    """Bring the singular values of matrices (N, rows, columns) close to 1."""
    is_tall = matrices.shape[-2] > matrices.shape[-1]
    wide = matrices.mT if is_tall else matrices
    wide = wide / wide.norm(dim=(-2, -1), keepdim=True).clamp(min=1e-7)
    linear, cubic, fifth = QUINTIC
    for _ in range(ITERATIONS):
        gram = wide @ wide.mT
        wide = linear * wide + (cubic * gram + fifth * gram @ gram) @ wide
    return wide.mT if is_tall else wide
