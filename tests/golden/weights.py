"""Weights made by rule: the reference models', and any small model's, from tensor names alone."""

import json
import math
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file

VISION = "model.vision_embed_tokens."
CLIP = VISION + "img_processor.vision_model."
NORMS = (
    "input_layernorm.weight",
    "post_attention_layernorm.weight",
    "model.norm.weight",
    "pre_layrnorm.weight",
    "post_layernorm.weight",
    "layer_norm1.weight",
    "layer_norm2.weight",
)


def write_checkpoint(folder: Path, config: dict[str, Any], clip: dict[str, Any], seed: int) -> Path:
    """Write config.json and model.safetensors with the original tensor names."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps({**config, "vision_config": clip}))
    tensors = {name: make(name, shape, seed) for name, shape in shapes(config, clip).items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def make(name: str, shape: tuple[int, ...], seed: int) -> torch.Tensor:
    """Make one tensor by the reference's rule, in bfloat16."""
    random = np.random.RandomState(zlib.crc32(name.encode()) ^ seed)
    u = 2 * random.random_sample(math.prod(shape)).reshape(shape) - 1
    if name.endswith(NORMS):
        values = 1 + 0.2 * u
    elif name.endswith("bias"):
        values = 0.1 * u
    elif name.endswith(("embed_tokens.weight", "glb_GN", "sub_GN")):
        values = math.sqrt(3) * u
    elif name.endswith(("class_embedding", "position_embedding.weight")):
        values = 0.5 * math.sqrt(3) * u
    else:
        gain = 3 if name.endswith(("lm_head.weight", "patch_embedding.weight")) else 1.5
        gain = 2 if "img_projection" in name else gain
        values = math.sqrt(3) * u * gain / math.sqrt(math.prod(shape[1:]))
    return torch.from_numpy(values).to(torch.float32).to(torch.bfloat16)


def shapes(config: dict[str, Any], clip: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """List the original tensor names and shapes of a model."""
    hidden, vocabulary = config["hidden_size"], config["vocab_size"]
    merged = 4 * clip["hidden_size"]
    found: dict[str, tuple[int, ...]] = {
        "lm_head.weight": (vocabulary, hidden),
        "model.embed_tokens.weight": (vocabulary, hidden),
        "model.norm.weight": (hidden,),
        VISION + "glb_GN": (1, 1, merged),
        VISION + "sub_GN": (1, 1, 1, merged),
        VISION + "img_projection.0.weight": (hidden, merged),
        VISION + "img_projection.0.bias": (hidden,),
        VISION + "img_projection.2.weight": (hidden, hidden),
        VISION + "img_projection.2.bias": (hidden,),
    }
    for layer in range(config["num_hidden_layers"]):
        found |= _decoder_layer(f"model.layers.{layer}.", config)
    return found | _clip(clip)


def _decoder_layer(prefix: str, config: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    heads, kv_heads = config["num_attention_heads"], config["num_key_value_heads"]
    head = hidden // heads
    return {
        prefix + "input_layernorm.weight": (hidden,),
        prefix + "post_attention_layernorm.weight": (hidden,),
        prefix + "self_attn.qkv_proj.weight": ((heads + 2 * kv_heads) * head, hidden),
        prefix + "self_attn.o_proj.weight": (hidden, heads * head),
        prefix + "mlp.gate_up_proj.weight": (2 * inner, hidden),
        prefix + "mlp.down_proj.weight": (hidden, inner),
    }


def _clip(clip: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    width, inner, patch = clip["hidden_size"], clip["intermediate_size"], clip["patch_size"]
    found: dict[str, tuple[int, ...]] = {
        CLIP + "embeddings.class_embedding": (width,),
        CLIP + "embeddings.patch_embedding.weight": (width, 3, patch, patch),
        CLIP + "embeddings.position_embedding.weight": (
            (clip["image_size"] // patch) ** 2 + 1,
            width,
        ),
    }
    linears = {"mlp.fc1": (inner, width), "mlp.fc2": (width, inner)} | {
        f"self_attn.{part}_proj": (width, width) for part in ("q", "k", "v", "out")
    }
    norms = [CLIP + "pre_layrnorm", CLIP + "post_layernorm"]
    for layer in range(clip["num_hidden_layers"]):
        prefix = f"{CLIP}encoder.layers.{layer}."
        norms += [prefix + "layer_norm1", prefix + "layer_norm2"]
        for name, shape in linears.items():
            found |= {f"{prefix}{name}.weight": shape, f"{prefix}{name}.bias": shape[:1]}
    return found | {f"{norm}.{part}": (width,) for norm in norms for part in ("weight", "bias")}
