"""Pictures → the decoder's rows, a few tiles at a time, so that nobody else waits for long."""

from dataclasses import dataclass, field
from typing import Any

import torch


@dataclass(eq=False)
class TiledPicture:
    """A picture that waits for the vision tower, and how far it has come."""

    key: int
    tiles: torch.Tensor
    """(1 + rows · columns, 3, side, side), the global view first."""
    rows: int
    columns: int
    patches: list[torch.Tensor] = field(default_factory=list)


class VisionEncoder:
    """The vision tower and the projector of a Phi-3-vision model."""

    def __init__(self, model: Any) -> None:
        self._tower = model.model.vision_tower
        self._projector = model.model.projector

    @torch.inference_mode()
    def advance(self, picture: TiledPicture, count: int) -> torch.Tensor | None:
        """Encode `count` more tiles; after the last, return (decoder rows, hidden size)."""
        done = sum(len(patches) for patches in picture.patches)
        tiles = picture.tiles[done : done + count]
        patches = [*picture.patches, self._encode(tiles)]
        if done + len(tiles) < len(picture.tiles):
            picture.patches = patches
            return None
        rows: torch.Tensor = self._projector(torch.cat(patches), picture.rows, picture.columns)
        return rows

    def _encode(self, tiles: torch.Tensor) -> torch.Tensor:
        pixels = tiles.to(self._tower.device, self._tower.dtype)
        without_cls: torch.Tensor = self._tower(pixels).last_hidden_state[:, 1:]
        return without_cls
