"""A checkpoint that torchao made small is loaded as it is, or refused in a sentence."""

from pathlib import Path
from shutil import copyfile

import pytest
import torch
from safetensors.torch import load_file, save_file

from inference import EngineSettings, ModelLoadError
from inference.checkpoint.loading import load_model
from inference.decoder.small_linear import SmallLinear
from inference.decoder.small_linears import can_shrink
from tests.tiny.made_small import FOLDER, IDS

pytestmark = pytest.mark.skipif(
    not can_shrink(torch.device("cpu")), reason="this processor has no small weights"
)

BESIDE = ("tokenizer.json", "tokenizer_config.json", "preprocessor_config.json")
DOWN = "model.layers.0.mlp.down_proj._weight_"


@pytest.fixture
def folder(tiny_checkpoint: Path, tmp_path: Path) -> Path:
    for name in BESIDE:
        copyfile(tiny_checkpoint / name, tmp_path / name)
    for file in FOLDER.iterdir():
        copyfile(file, tmp_path / file.name)
    (tmp_path / "logits.safetensors").unlink()
    return tmp_path


@torch.inference_mode()
def logits(folder: Path, weights: str) -> torch.Tensor:
    settings = EngineSettings(source=str(folder), device="cpu", dtype="float32", weights=weights)
    model, _ = load_model(settings)
    assert any(isinstance(part, SmallLinear) for part in model.modules()) == (weights != "full")
    return model(torch.tensor(IDS)).logits[0, -1]


@pytest.mark.parametrize(("weights", "most"), [("full", 1e-3), ("int8", 0.1), ("int4", 0.45)])
def test_it_says_what_it_says_in_torchao(folder: Path, weights: str, most: float) -> None:
    exact = load_file(FOLDER / "logits.safetensors")["logits"]
    assert (logits(folder, weights) - exact).norm() < most * exact.norm()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"scale": torch.ones(64, 4)}, "only 8 bits with a scale a row"),
        ({"scale": None}, "only 8 bits with a scale a row"),
        ({"qdata": torch.zeros(64, 128, dtype=torch.uint8)}, "only 8 bits with a scale a row"),
        ({"qdata": torch.zeros(64, 64, dtype=torch.int8)}, r"is \(64, 64\), not \(64, 128\)"),
        ({"zero_point": torch.ones(64, 1, dtype=torch.int8)}, "do not lie around 0"),
    ],
)
def test_another_small_kind_is_refused_in_a_sentence(
    folder: Path, changes: dict[str, torch.Tensor | None], fault: str
) -> None:
    tensors = load_file(folder / "model.safetensors")
    for name, tensor in changes.items():
        if tensor is None:
            del tensors[DOWN + name]
        else:
            tensors[DOWN + name] = tensor
    save_file(tensors, folder / "model.safetensors")
    with pytest.raises(ModelLoadError, match=fault):
        logits(folder, "int8")
