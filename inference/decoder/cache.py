"""The slots' keys and values."""

import torch


class KeyValues:
    """Keys and values of every slot, one tensor (2, layers, heads, length, head size) each."""

    def __init__(
        self,
        slot_lengths: tuple[int, ...],
        layers: int,
        heads: int,
        head_size: int,
        like: torch.Tensor,
    ) -> None:
        self._shapes = [(2, layers, heads, length, head_size) for length in slot_lengths]
        self._like = like
        self._slots: dict[int, torch.Tensor] = {}

    def write(
        self, layer: int, slot: int, start: int, keys: torch.Tensor, values: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Write new rows (heads, rows, head size) from `start` on; return all up to the last."""
        stop = start + keys.shape[1]
        held = self._slots[slot][:, layer, :, :stop]
        held[0, :, start:] = keys
        held[1, :, start:] = values
        return held[0], held[1]

    def reserve(self, slot: int) -> None:
        """See to it that a slot has its memory."""
        if slot not in self._slots:
            self._slots[slot] = self._like.new_empty(self._shapes[slot])

    def drop(self, slot: int) -> bool:
        """Give a slot's memory back; tell whether it had any."""
        return self._slots.pop(slot, None) is not None
