"""A tiny untrained Phi-3-vision with the real geometry: what it says means nothing."""

import json
from pathlib import Path
from shutil import copyfile
from typing import Any

from tests.golden.weights import write_checkpoint

FOLDER = Path(__file__).parent
SEED = 3003

CONFIG: dict[str, Any] = {
    "architectures": ["Phi3VForCausalLM"],
    "model_type": "phi3_v",
    "vocab_size": 544,
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 4,
    "max_position_embeddings": 131072,
    "original_max_position_embeddings": 4096,
    "rms_norm_eps": 1e-5,
    "rope_theta": 10000.0,
    "rope_scaling": {
        "type": "su",
        "short_factor": [1.0, 1.1, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2],
        "long_factor": [1.0, 2.0, 6.0, 12.0, 24.0, 40.0, 56.0, 64.0],
    },
    "bos_token_id": 1,
    "eos_token_id": [541, 538],
    "pad_token_id": 538,
    "image_token_id": 543,
}
CLIP = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "image_size": 336,
    "patch_size": 14,
    "hidden_act": "quick_gelu",
}
FILES: dict[str, dict[str, Any]] = {
    "generation_config.json": {"eos_token_id": [541, 538], "pad_token_id": 538},
    "preprocessor_config.json": {
        "image_processor_type": "Phi3VImageProcessor",
        "processor_class": "Phi3VProcessor",
        "num_crops": 4,
        "num_img_tokens": 144,
    },
    "tokenizer_config.json": {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<s>",
        "eos_token": "<|endoftext|>",
        "pad_token": "<|endoftext|>",
        "unk_token": "<unk>",
        "clean_up_tokenization_spaces": False,
    },
}


def write_tiny_checkpoint(folder: Path, **changes: Any) -> Path:
    """Write the checkpoint as the hub would have it; `changes` go into config.json."""
    write_checkpoint(folder, CONFIG | changes, CLIP, SEED)
    for name, fields in FILES.items():
        (folder / name).write_text(json.dumps(fields))
    copyfile(FOLDER / "tokenizer.json", folder / "tokenizer.json")
    return folder
