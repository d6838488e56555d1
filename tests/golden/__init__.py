"""What Microsoft's own code produced, packed; `weights` makes the models that it ran."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from safetensors.torch import load_file

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One prompt with its pictures, and what the original made of it."""

    model: str
    name: str
    images: list[str]
    num_crops: int
    input_ids: list[int]
    """With −N for each row of picture N."""
    greedy: list[int]

    def __str__(self) -> str:
        return f"{self.model}-{self.name}"

    @property
    def last_logits(self) -> torch.Tensor:
        """Every fourth logit of the last prompt position."""
        return _last_logits()[f"{self.model}/{self.name}"]


@cache
def models() -> dict[str, Any]:
    """Read the models: seed, config, clip geometry, cases."""
    return json.loads((FOLDER / "models.json").read_text())


def cases() -> list[Case]:
    """List every case of every model."""
    return [
        Case(
            model,
            name,
            row["images"],
            row["num_crops"],
            run_lengths(row["input_ids_rle"]),
            row["greedy"],
        )
        for model, fields in models().items()
        for name, row in fields["cases"].items()
    ]


def picture(name: str) -> Image.Image:
    """Open one of the reference pictures."""
    return Image.open(FOLDER / "images" / f"{name}.png")


def run_lengths(pairs: list[list[int]]) -> list[int]:
    """Expand [id, count] pairs."""
    return [value for value, count in pairs for _ in range(count)]


@cache
def _last_logits() -> dict[str, torch.Tensor]:
    return load_file(FOLDER / "last_logits_every_4th.safetensors")
