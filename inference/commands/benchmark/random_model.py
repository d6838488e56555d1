"""A model of the true width with random weights: as fast as the real one, layer by layer."""

from typing import Any

import torch

from inference.checkpoint.device import pick_attention, pick_device, pick_dtype
from inference.demo.tokenizer import build_tokenizer
from inference.phi3_vision import (
    Phi3VConfig,
    Phi3VForConditionalGeneration,
    Phi3VImageProcessor,
    Phi3VProcessor,
)
from inference.settings import EngineSettings

HALF_OF_HEAD = 48


def random_model(layers: int, settings: EngineSettings) -> tuple[Any, Phi3VProcessor]:
    """Make Phi-3.5-vision with `layers` of its 32 decoder layers, on the device of the settings."""
    device = pick_device(settings.device)
    dtype = pick_dtype(settings.dtype, device)
    processor = Phi3VProcessor(Phi3VImageProcessor(), build_tokenizer())
    factors = [1.0] * HALF_OF_HEAD
    config = Phi3VConfig(
        vocab_size=32064,
        hidden_size=3072,
        intermediate_size=8192,
        num_hidden_layers=layers,
        num_attention_heads=32,
        num_key_value_heads=32,
        max_position_embeddings=131072,
        original_max_position_embeddings=4096,
        rope_scaling={"type": "su", "short_factor": factors, "long_factor": factors},
        pad_token_id=0,
        image_token_id=processor.image_token_id,
    )
    with torch.device(device):
        model = Phi3VForConditionalGeneration._from_config(
            config,
            dtype=dtype,
            attn_implementation=pick_attention(settings.attention, device, dtype),
        )
    return model.eval(), processor
