"""What the hardware could do at best: measured on the device, and the model's work against it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

import torch
from torch import nn

from inference.decoder.runner import bytes_per_token
from inference.decoder.small_linear import SmallLinear

RUNS = 7
SIDES = {"cpu": (2048, 4096), "cuda": (8192, 8192)}
"""Rows and width of the products measured: a card is through with small ones before it is told."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a device was measured to do."""

    bytes_per_second: float
    """Read and written while copying."""
    flops_per_second: float


@dataclass(frozen=True, slots=True)
class Work:
    """What a model costs at least; attention's products are left out."""

    step_bytes: int
    """The decoder's weights and its head: read in each step."""
    token_bytes: int
    """Keys and values of one token."""
    tile_flops: int
    token_flops: int

    def decode_floor(self, machine: Machine, tokens: int, rows: int) -> float:
        """Return the seconds of a step of `rows` answers that hold `tokens` in all."""
        reading = self.step_traffic(tokens) / machine.bytes_per_second
        return max(reading, rows * self.token_flops / machine.flops_per_second)

    def step_traffic(self, tokens: int) -> int:
        """Return the bytes that a step reads when its answers hold `tokens` in all."""
        return self.step_bytes + tokens * self.token_bytes

    def first_token_floor(self, machine: Machine, tiles: int, tokens: int) -> float:
        """Return the seconds to encode `tiles` and compute a prompt of `tokens`."""
        flops = tiles * self.tile_flops + tokens * self.token_flops
        return flops / machine.flops_per_second


def measure_machine(device: torch.device, dtype: torch.dtype) -> Machine:
    """Measure a large copy and a large product; what they took is free again afterwards."""
    machine = Machine(_copying(device), _multiplying(device, dtype))
    torch.cuda.empty_cache()  # or the engine would find less memory than people's does
    return machine


def work_of(model: Any) -> Work:
    """Count what a Phi-3-vision model costs."""
    decoder, tower = model.model.language_model, model.model.vision_tower
    step = _bytes(decoder.layers) + _bytes(model.lm_head)
    patches = model.config.vision_config.image_size // model.config.vision_config.patch_size
    return Work(
        step_bytes=step,
        token_bytes=bytes_per_token(model),
        tile_flops=2 * _weights(tower) * (patches**2 + 1),
        token_flops=2 * _weights(decoder.layers),
    )


def _weights(module: nn.Module) -> int:
    return sum(part.in_features * part.out_features for part in _linears(module))


def _bytes(module: nn.Module) -> int:
    return sum(
        part.nbytes if isinstance(part, SmallLinear) else part.weight.nbytes
        for part in _linears(module)
    )


def _linears(module: nn.Module) -> Iterator[Any]:
    return (part for part in module.modules() if isinstance(part, (nn.Linear, SmallLinear)))


def _copying(device: torch.device) -> float:
    source = torch.ones(2**30, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    return 2 * source.nbytes / _seconds(lambda: target.copy_(source), device)


def _multiplying(device: torch.device, dtype: torch.dtype) -> float:
    rows, width = SIDES.get(device.type, SIDES["cpu"])
    left = torch.randn(rows, width, device=device).to(dtype)
    right = torch.randn(width, width, device=device).to(dtype)
    return 2 * rows * width**2 / _seconds(lambda: left @ right, device)


def _seconds(work: Callable[[], Any], device: torch.device) -> float:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize()
        times.append(time.perf_counter() - began)
    return median(times)
