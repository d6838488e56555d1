"""What the model learns from in one step: batches of tensors, and their way to a device."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import torch


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors to learn from, in its fields."""

    def pin_memory(self) -> Self:
        """Return a copy that a card can fetch by itself; a DataLoader asks for it."""
        pinned: Self = _of_each_tensor(self, torch.Tensor.pin_memory)
        return pinned


@dataclass(frozen=True, slots=True)
class Sights(Batch):
    """Crops (N, side, side, 3) in uint8, and what lies under their rows (N, rows, slots)."""

    crops: torch.Tensor
    targets: torch.Tensor


@dataclass(frozen=True, slots=True)
class Layout(Batch):
    """The pictures that fill the same grid of crops."""

    grid: tuple[int, int]
    pixels: torch.Tensor
    """(pictures, height, width, 3) in uint8: a global view is made of them on the device."""
    places: list[int]
    """Which of all pictures they are."""


@dataclass(frozen=True, slots=True)
class Views(Batch):
    """What the tower is shown of pictures, and what it is to see there."""

    layouts: list[Layout]
    targets: torch.Tensor
    """(marked rows, slots): what lies under each that is no separator and of no global view."""
    marked: torch.Tensor
    """Which rows of all pictures these are."""


@dataclass(frozen=True, slots=True)
class Conversations(Batch):
    """Questions and answers, about pictures or about what is told, padded on the right."""

    input_ids: torch.Tensor
    """(N, length)"""
    position_ids: torch.Tensor
    """(N, length): each question stands just behind the pictures."""
    branches: torch.Tensor
    """(N, length): which question a token belongs to, 0 what all of them see."""
    pictured: torch.Tensor
    """Which of all N · length tokens are the pictures' rows."""
    speaking: torch.Tensor
    """Which of them are followed by one that the model says."""
    said: torch.Tensor
    """The ids that it says there."""
    views: Views | None
    """Of all their pictures, one after another."""


def to_device(value: Any, device: torch.device) -> Any:
    """Return tensors, batches and lists of batches on a device, all else as it is."""
    return _of_each_tensor(value, lambda tensor: tensor.to(device, non_blocking=True))


def _of_each_tensor(value: Any, change: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    match value:
        case torch.Tensor():
            return change(value)
        case Batch():
            names = [part.name for part in fields(value)]
            changed = {name: _of_each_tensor(getattr(value, name), change) for name in names}
            return replace(value, **changed)
        case [Batch(), *_]:
            return [_of_each_tensor(each, change) for each in value]
    return value
