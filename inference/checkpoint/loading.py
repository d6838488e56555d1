"""A checkpoint → a model on its device, tried once."""

import logging
from collections.abc import Callable
from typing import Any

import torch
from transformers import AutoModelForImageTextToText
from transformers.initialization import no_init_weights

from inference.checkpoint.checksums import hub_checksum
from inference.checkpoint.device import pick_attention, pick_device, pick_dtype
from inference.checkpoint.files import blaming
from inference.checkpoint.kinds import pick_kind, sizes
from inference.checkpoint.memory import enough_memory, free_memory
from inference.checkpoint.parts import (
    CONFIG,
    read_config,
    read_generation_config,
    read_processor,
)
from inference.checkpoint.source import find_folder, weights_in
from inference.checkpoint.weights import fill, list_tensors, match
from inference.phi3_vision import Phi3VProcessor
from inference.settings import EngineSettings, Memory

log = logging.getLogger(__name__)


def load_model(
    settings: EngineSettings,
    progress: Callable[[float], None] | None = None,
    memory: Memory | None = None,
) -> tuple[Any, Phi3VProcessor]:
    """Load the model and its processor; `progress` is told the share of bytes read.

    `memory` is what the engine may take, weights and questions together; see Limits. Nothing
    large is read or allocated before all files fit each other. The model's `name_or_path` is
    the folder that it was read from. Raises ModelLoadError, which names the file at fault.
    """
    device = pick_device(settings.device)
    dtype = pick_dtype(settings.dtype, device)
    attention = pick_attention(settings.attention, device, dtype)
    folder = find_folder(settings)
    config = read_config(folder)
    generation = read_generation_config(folder)
    files = weights_in(folder)
    for file in files:
        sha256 = hub_checksum(file) or "unknown: not from the hub's cache"
        log.info("Weights: %s, sha256 %s.", file.name, sha256)
    with blaming(folder / CONFIG), torch.device("meta"), no_init_weights():
        model = AutoModelForImageTextToText.from_config(
            config, dtype=dtype, attn_implementation=attention
        )
    tensors = list_tensors(files, model)
    needed = sizes(tensors, device, dtype, config.num_hidden_layers)
    kind = pick_kind(settings.weights, needed, model, device, free_memory(device), memory)
    tensors = match(tensors, model, files)
    processor = read_processor(folder, config)
    with blaming(folder / CONFIG), enough_memory(f"the model in {folder}"):
        _make_buffers(model, device)
        fill(model, tensors, kind, progress or (lambda _: None))
        _try(model.eval())
    model.name_or_path = str(folder)
    if generation:
        model.generation_config = generation
    return model, processor


def _make_buffers(model: Any, device: torch.device) -> None:
    # Rope's tables and the like stand in no file: transformers' own way to compute them anew.
    for module in model.modules():
        for name, buffer in list(module.named_buffers(recurse=False)):
            made = torch.empty_like(buffer, device=device)
            module.register_buffer(name, made, persistent=False)
    model.initialize_weights()


@torch.inference_mode()
def _try(model: Any) -> None:
    """Compute one tile and one token: a model that fits its files may yet compute no numbers."""
    side = model.config.vision_config.image_size
    tile = torch.zeros(1, 3, side, side, dtype=model.dtype, device=model.device)
    patches = model.model.vision_tower(tile).last_hidden_state[:, 1:]
    rows = model.model.projector(patches.expand(2, -1, -1), 1, 1)
    ids = torch.tensor([[model.config.image_token_id]], device=model.device)
    logits = model(ids, use_cache=False).logits
    if not (rows.isfinite().all() and logits.isfinite().all()):
        raise ValueError("the model computes no numbers")
