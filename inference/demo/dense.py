"""Dense targets: what lies under each patch of a drawn picture, to learn to see before to speak."""

import string

import torch
from torch import nn
from torch.nn import functional as F

from inference.demo.drawing import Drawing
from inference.demo.scenes import COLOURS, SHAPES, SIZES, Thing
from inference.demo.signs import ARROWS
from inference.phi3_vision import Phi3VImageProcessor

SLOTS = 6
"""The most things noted under one merged patch, in reading order, which is that of drawing."""
NOTHING = 0
LABELS = (
    "",
    *string.ascii_letters,
    *string.digits,
    *".&",
    *ARROWS,
    *(str(Thing(size, colour, shape)) for size in SIZES for colour in COLOURS for shape in SHAPES),
)
_LABEL_IDS = {label: number for number, label in enumerate(LABELS)}


class DenseHead(nn.Module):
    """Read what lies under each merged patch from its projected row; thrown away at the end."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.slots = nn.Linear(width, SLOTS * len(LABELS))
        nn.init.zeros_(self.slots.weight)  # it must not shake a tower that sees already
        self.slots.bias.data.view(SLOTS, -1)[:] = torch.eye(len(LABELS))[NOTHING] * 8

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Project (..., width) to logits (..., slots, labels)."""
        return self.slots(rows).unflatten(-1, (SLOTS, len(LABELS)))


def dense_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return the cross-entropy of all slots, per thing that is there."""
    loss = F.cross_entropy(logits.flatten(0, -2).float(), targets.flatten(), reduction="sum")
    return loss / (targets != NOTHING).sum().clamp(min=1)


def dense_targets(drawing: Drawing, processor: Phi3VImageProcessor, num_crops: int) -> torch.Tensor:
    """Note what lies under each merged patch: label ids (crops, rows of a crop, slots)."""
    size = processor.hd_size(*drawing.image.size, num_crops)
    left = (size.padded_width - size.resized_width) // 2
    top = (size.padded_height - size.resized_height) // 2
    side = int(processor.num_img_tokens**0.5)
    patch = processor.crop_size // side
    rows, columns = size.padded_height // patch, size.padded_width // patch
    found: dict[tuple[int, int], list[int]] = {}
    for mark in drawing.marks:
        x = mark.x * size.resized_width + left
        y = mark.y * size.resized_height + top
        cell = min(int(y / patch), rows - 1), min(int(x / patch), columns - 1)
        found.setdefault(cell, []).append(_LABEL_IDS[mark.label])
    targets = torch.zeros(rows, columns, SLOTS, dtype=torch.long)
    for (row, column), things in found.items():
        for slot, label in enumerate(things[:SLOTS]):
            targets[row, column, slot] = label
    tiles = targets.view(rows // side, side, columns // side, side, SLOTS).transpose(1, 2)
    return tiles.reshape(-1, side * side, SLOTS)
