"""Pictures → the decoder's rows, a few tiles at a time, so that nobody else waits for long."""

from dataclasses import dataclass, field
from typing import Any

import torch
from transformers import AttentionInterface

PRODUCTS = "products"
HEADS_AT_ONCE = 4


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
        if self._tower.device.type == "cpu" and self._tower.dtype is torch.bfloat16:
            self._tower.set_attn_implementation(PRODUCTS)

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


def _attend_by_products(
    module: Any,  # noqa: ARG001
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: None,  # noqa: ARG001
    scaling: float,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    # In bfloat16 on a CPU about twice as fast as scaled_dot_product_attention, so long as only a
    # few heads are at hand: large temporaries come from the system page by page.
    attended = torch.empty_like(query)
    for first in range(0, query.shape[1], HEADS_AT_ONCE):
        heads = slice(first, first + HEADS_AT_ONCE)
        weights = (query[:, heads] * scaling @ key[:, heads].mT).softmax(-1)
        attended[:, heads] = weights @ value[:, heads]
    return attended.transpose(1, 2), None


AttentionInterface.register(PRODUCTS, _attend_by_products)
