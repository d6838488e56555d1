"""The operator sees which weights run, and no file that could run code is loaded."""

import hashlib
import logging
import shutil
from pathlib import Path

import pytest

from inference import EngineSettings, ModelLoadError
from inference.checkpoint.loading import load_model
from inference.checkpoint.source import weight_files
from inference.commands.ground import Weights


def settings(folder: Path) -> EngineSettings:
    return EngineSettings(source=str(folder), device="cpu", dtype="float32", _env_file=None)


@pytest.fixture
def folder(tiny_checkpoint: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_checkpoint, tmp_path / "model"))


def test_the_log_shows_the_checksum_that_the_hub_knows_a_file_by(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    weights = folder / "model.safetensors"
    checksum = hashlib.sha256(weights.read_bytes()).hexdigest()
    weights.rename(folder.parent / checksum)
    weights.symlink_to(folder.parent / checksum)
    with caplog.at_level(logging.INFO):
        load_model(settings(folder))
    assert f"Weights: model.safetensors, sha256 {checksum}." in caplog.text


def test_a_checksum_is_never_made_up(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        load_model(settings(folder))
    assert "Weights: model.safetensors, sha256 unknown" in caplog.text


def test_the_check_computes_each_checksum_and_finds_a_file_that_was_altered(folder: Path) -> None:
    weights = folder / "model.safetensors"
    original = hashlib.sha256(weights.read_bytes()).hexdigest()
    (file,) = weight_files(settings(folder))
    assert str(Weights.of(file)) == f"{file.name} sha256 {original} (not from the hub's cache)"

    weights.rename(folder.parent / original)
    weights.symlink_to(folder.parent / original)
    assert str(Weights.of(weights)) == f"{file.name} sha256 {original} (the hub's)"
    assert not Weights.of(weights).is_altered

    with weights.open("ab") as data:
        data.write(b"more")
    altered = hashlib.sha256(weights.read_bytes()).hexdigest()
    found = Weights.of(weights)
    assert found.is_altered
    assert str(found) == f"{file.name} sha256 {altered} (NOT {original}, the hub's)"


def test_weights_that_could_run_code_are_not_loaded(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelLoadError, match="only safetensors files are loaded"):
        load_model(settings(folder))
