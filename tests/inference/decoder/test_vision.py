"""Pictures become rows, a few tiles at a time, in any dtype."""

from pathlib import Path
from typing import Any

import pytest
import torch

from inference import EngineSettings, Picture
from inference.checkpoint.loading import load_model
from inference.decoder.linears import pack_linears
from inference.decoder.vision import TiledPicture, VisionEncoder


def encode(folder: Path, picture: Picture, dtype: str, tiles_at_once: int) -> torch.Tensor:
    settings = EngineSettings(source=str(folder), device="cpu", dtype=dtype)
    model, processor = load_model(settings)
    pixels = processor.image_processor.pixels(picture.image, 4)
    assert pixels.dtype is torch.uint8  # what is carried over to a card
    height, width, _ = pixels.shape
    tiled = TiledPicture(0, pixels, height // 336, width // 336)
    pack_linears(model)
    encoder = VisionEncoder(model, processor.image_processor.cut)
    rows = None
    while rows is None:
        rows = encoder.advance(tiled, tiles_at_once)
    return rows.float()


def distance(left: torch.Tensor, right: torch.Tensor) -> float:
    return float((left - right).norm() / right.norm())


@pytest.mark.parametrize("tiles_at_once", [1, 2, 3, 100])
def test_rows_do_not_depend_on_how_many_tiles_are_taken_at_once(
    tiny_checkpoint: Path, landscape: Picture, oracle: Any, tiles_at_once: int
) -> None:
    inputs = oracle.processor.image_processor(landscape.image, num_crops=4, return_tensors="pt")
    with torch.inference_mode():
        features = oracle.model.get_image_features(inputs["pixel_values"], inputs["image_sizes"])
    rows = encode(tiny_checkpoint, landscape, "float32", tiles_at_once)
    assert distance(rows, features.pooler_output[0]) < 1e-5


def test_bfloat16_stays_near_float32(tiny_checkpoint: Path, landscape: Picture) -> None:
    precise = encode(tiny_checkpoint, landscape, "float32", 2)
    assert 0 < distance(encode(tiny_checkpoint, landscape, "bfloat16", 2), precise) < 0.02
