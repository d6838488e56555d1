"""How small a model's weights must be to fit a device, with questions beside them."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from inference.budget import arena_bytes
from inference.checkpoint.weights import Tensor
from inference.decoder.rounding import Kind, bytes_of
from inference.decoder.runner import bytes_per_token
from inference.decoder.small_linears import kind_of, kinds_on
from inference.errors import ModelLoadError
from inference.settings import Memory

QUESTION = 3200
"""Tokens of one about a picture in 16 crops: at most 2,653, its words, and its answer."""

log = logging.getLogger(__name__)


def sizes(
    tensors: Sequence[Tensor], device: torch.device, dtype: torch.dtype, layers: int
) -> Mapping[Kind, int]:
    """Count the bytes of a model's weights with so many layers, in each kind the device has."""
    return {
        kind: sum(
            bytes_of(tensor.shape, kind_of(tensor.place, tensor.shape, kind, device, layers), dtype)
            for tensor in tensors
        )
        for kind in kinds_on(device)
    }


def pick_kind(
    wanted: str,
    needed: Mapping[Kind, int],
    model: Any,
    device: torch.device,
    free: int,
    memory: Memory | None = None,
) -> Kind:
    """Return the kind that a setting means, where it fits the free bytes; raises ModelLoadError.

    `auto` is the largest that leaves room for two questions, or else for one, of what the engine
    may take; `memory` says how much that is.
    """
    if wanted != "auto":
        kind = next((each for each in needed if each == wanted), None)
        if kind is None:
            raise ModelLoadError(
                f"MODEL_WEIGHTS is {wanted}, but this device has {', '.join(needed)} weights only; "
                "try MODEL_WEIGHTS=auto."
            )
        if needed[kind] <= free:
            return kind
        raise ModelLoadError(
            f"The model takes {needed[kind] / 1e9:.1f} GB of memory in {kind} weights, and "
            f"{free / 1e9:.1f} GB are free; MODEL_WEIGHTS=auto takes the largest that fits."
        )
    question = min(QUESTION, model.config.max_position_embeddings) * bytes_per_token(model)
    on_gpu = device.type == "cuda"
    for questions in (2, 1):
        for kind, weights in needed.items():
            room = arena_bytes(max(0, free - weights), weights, memory, on_gpu=on_gpu)
            if questions * question <= room:
                log.info("Weights: %s, %.1f GB.", kind, weights / 1e9)
                return kind
    kind, weights = min(needed.items(), key=lambda item: item[1])
    raise ModelLoadError(
        f"The model takes {weights / 1e9:.1f} GB of memory in {kind} weights, one question "
        f"{question / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free"
        f"{', of which ENGINE_MEMORY allows a part' if memory else ''}."
    )
