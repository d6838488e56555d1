"""Pack the reference folder's outputs into the few megabytes that are committed.

Run beside the reference folder: `python -m tests.golden.make`.
"""

import json
from pathlib import Path
from shutil import copyfile
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from tests.reference import REFERENCE

FOLDER = Path(__file__).parent
MODELS = {"tiny_gqa_orig4096": 1001, "tiny_mha_orig784": 2002, "tiny_phi3_orig784": 2002}
CASE_FIELDS = ("images", "num_crops", "input_ids_rle", "greedy")


def pack_sizes() -> None:
    """Keep every size row."""
    sizes = json.loads((REFERENCE / "pixels/sizes.json").read_text())
    np.savez_compressed(
        FOLDER / "sizes.npz",
        rows=np.array(sizes["rows"], dtype=np.int32),
        too_thin=np.array([size for size, _ in sizes["HD_transform_raises"]], dtype=np.int32),
    )


def pack_pixels() -> None:
    """Keep the pictures and what each becomes."""
    pixels = json.loads((REFERENCE / "pixels/pixels.json").read_text())
    fields = ("image_size_hw", "num_img_tokens", "sha256_all", "sha256_local_crops")
    packed = {case: {field: row[field] for field in fields} for case, row in pixels.items()}
    (FOLDER / "pixels.json").write_text(json.dumps(packed, indent=1))
    for picture in (REFERENCE / "images").glob("*.png"):
        copyfile(picture, FOLDER / "images" / picture.name)


def pack_models() -> None:
    """Keep each model's configuration, and of each case the ids, last logits and greedy list."""
    models: dict[str, Any] = {}
    logits: dict[str, np.ndarray] = {}
    for name, seed in MODELS.items():
        source = REFERENCE / "models" / name
        cases = json.loads((source / "cases.json").read_text())
        models[name] = {
            "seed": seed,
            "config": json.loads((source / "config.json").read_text()),
            "clip": json.loads((source / "clip_geometry.json").read_text()),
            "cases": {
                case: {field: row[field] for field in CASE_FIELDS} for case, row in cases.items()
            },
        }
        outputs = load_file(source / "outputs.safetensors")
        for case in cases:
            logits[f"{name}/{case}"] = outputs[f"{case}/logits_last_full"][::4].copy()
    (FOLDER / "models.json").write_text(json.dumps(models))
    save_file(logits, FOLDER / "last_logits_every_4th.safetensors")


if __name__ == "__main__":
    (FOLDER / "images").mkdir(exist_ok=True)
    pack_sizes()
    pack_pixels()
    pack_models()
