"""Pictures → the decoder's rows, a few tiles at a time, so that nobody else waits for long."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch


@dataclass(eq=False)
class TiledPicture:
    """A picture that waits for the vision tower, and how far it has come."""

    key: int
    pixels: torch.Tensor
    """(height, width, 3) in uint8, on the host."""
    rows: int
    columns: int
    """Of tiles."""
    tiles: torch.Tensor | None = None
    """(1 + rows · columns, 3, side, side) on the device, the global view first, once cut."""
    patches: list[torch.Tensor] = field(default_factory=list)


class VisionEncoder:
    """The vision tower and the projector of a Phi-3-vision model.

    `cut` normalises a picture's pixels and cuts them into tiles, where they lie.
    """

    def __init__(self, model: Any, cut: Callable[[torch.Tensor], torch.Tensor]) -> None:
        self._cut = cut
        self._tower = model.model.vision_tower
        self._projector = model.model.projector

    @torch.inference_mode()
    def advance(self, picture: TiledPicture, count: int) -> torch.Tensor | None:
        """Encode `count` more tiles; after the last, return (decoder rows, hidden size)."""
        if picture.tiles is None:
            pixels = picture.pixels.to(self._tower.device, non_blocking=True)
            picture.tiles = self._cut(pixels).to(self._tower.dtype)
        done = sum(len(patches) for patches in picture.patches)
        tiles = picture.tiles[done : done + count]
        without_cls: torch.Tensor = self._tower(tiles).last_hidden_state[:, 1:]
        patches = [*picture.patches, without_cls]
        if done + len(tiles) < len(picture.tiles):
            picture.patches = patches
            return None
        rows: torch.Tensor = self._projector(torch.cat(patches), picture.rows, picture.columns)
        return rows
