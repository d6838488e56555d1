"""How fast what is learnt: Muon for the hidden matrices, AdamW for all else, up and down."""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from inference.demo.muon import Muon


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the training: for how long, and how fast."""

    name: str
    steps: int
    muon_rate: float
    adam_rate: float
    tower_share: float = 1.0
    """How fast the vision tower and the projector learn beside the rest; 0 leaves them alone."""
    minutes: float = math.inf
    """When it ends at the latest: where a machine is lent for so long."""
    warmup_steps: int = 100

    def progress(self, step: int, elapsed: float) -> float:
        """Tell what share of it is over, after some steps in all and seconds of this run."""
        return max(step / self.steps, elapsed / 60 / self.minutes)


def build_optimizers(
    loss: nn.Module, stage: Stage, dtype: torch.dtype
) -> dict[str, torch.optim.Optimizer]:
    """Give the hidden matrices to Muon, which computes in a type, and all else to AdamW."""
    for name, parameter in loss.named_parameters():
        parameter.requires_grad_(stage.tower_share > 0 or not _sees(name))
    named = [pair for pair in loss.named_parameters() if pair[1].requires_grad]
    matrices = [pair for pair in named if _is_hidden_matrix(*pair)]
    rest = [pair for pair in named if not _is_hidden_matrix(*pair)]
    optimizers: dict[str, torch.optim.Optimizer] = {
        "adam": torch.optim.AdamW(
            _groups(rest, stage.adam_rate, stage), betas=(0.9, 0.98), weight_decay=0.01, fused=True
        )
    }
    if matrices:
        groups = _groups(matrices, stage.muon_rate, stage)
        optimizers["muon"] = Muon(groups, weight_decay=0.02, dtype=dtype)
    return optimizers


def set_rates(
    optimizers: dict[str, torch.optim.Optimizer], stage: Stage, step: int, elapsed: float
) -> None:
    """Warm up, hold, and go down to nothing over the last two fifths."""
    left = max(0.0, 1 - stage.progress(step, elapsed))
    factor = min(1.0, (step + 1) / stage.warmup_steps, left / 0.4)
    for optimizer in optimizers.values():
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * factor


def _groups(
    named: list[tuple[str, nn.Parameter]], peak: float, stage: Stage
) -> list[dict[str, Any]]:
    seeing = [each for name, each in named if _sees(name)]
    speaking = [each for name, each in named if not _sees(name)]
    groups = [(seeing, peak * stage.tower_share), (speaking, peak)]
    return [{"params": params, "lr": rate, "peak": rate} for params, rate in groups if params]


def _sees(name: str) -> bool:
    return "tower" in name or "projector" in name


def _is_hidden_matrix(name: str, parameter: torch.Tensor) -> bool:
    outer = ("embed", "lm_head", "head.slots")
    return parameter.ndim == 2 and not any(part in name for part in outer)
