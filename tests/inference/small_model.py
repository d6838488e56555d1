"""A model so small that hundreds of schedules run in seconds, with both rope factors in reach."""

import json
from pathlib import Path

from tests.golden.weights import write_checkpoint
from tests.tiny.checkpoint import CLIP, CONFIG, write_tiny_checkpoint

SWITCH = 64
"""Sequences longer than this use the long rope factors."""


def write_small_checkpoint(folder: Path) -> Path:
    """Write the tiny checkpoint with shared key heads and pictures of a few rows.

    Its two layers are the fewest that show everything: with one, a row's keys would depend on no
    other row.
    """
    write_tiny_checkpoint(folder)
    decoder = {
        "num_key_value_heads": 2,
        "original_max_position_embeddings": SWITCH,
    }
    write_checkpoint(folder, CONFIG | decoder, CLIP | {"patch_size": 84}, seed=7)
    file = folder / "preprocessor_config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"num_img_tokens": 4}))
    return folder
