"""Where a model's files lie: in a folder, in the hub's cache, or still on the hub."""

import logging
import re
from pathlib import Path

from huggingface_hub import constants, snapshot_download
from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

from inference.checkpoint.files import read_object
from inference.checkpoint.hub import ENDS, download, find_on_hub
from inference.errors import ModelLoadError
from inference.settings import DEMO, DEMO_CHECKPOINT, EngineSettings

INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"
BESIDE = ("config.json", "tokenizer.json")
"""What stands beside the weights of each model."""
COMMIT = re.compile("[0-9a-f]{40}")
"""What cannot change on the hub."""

log = logging.getLogger(__name__)


def find_folder(settings: EngineSettings) -> Path:
    """Return the model's folder, after a download where it takes one; raises ModelLoadError."""
    if settings.source == DEMO:
        return DEMO_CHECKPOINT
    folder = Path(settings.source).expanduser()
    if folder.is_dir():
        return folder
    if settings.source.count("/") != 1 or settings.source[0] in "./~":
        raise ModelLoadError(f"There is no folder {settings.source}.")
    cached = _cached(settings)
    if not cached:
        return download(find_on_hub(settings.source, settings.pinned_revision))
    is_pinned = COMMIT.fullmatch(settings.pinned_revision or "")
    return cached if is_pinned or constants.HF_HUB_OFFLINE else _newest(settings, cached)


def weight_files(settings: EngineSettings) -> list[Path]:
    """List the files that hold the model's weights; raises ModelLoadError."""
    return weights_in(find_folder(settings))


def local_weight_files(settings: EngineSettings) -> list[Path]:
    """List the weight files as far as they are on this machine; none before the download.

    Raises ModelLoadError where a file of a folder is missing.
    """
    if settings.source == DEMO or Path(settings.source).expanduser().is_dir():
        return weight_files(settings)
    folder = _cached(settings)
    return weights_in(folder) if folder else []


def _newest(settings: EngineSettings, cached: Path) -> Path:
    """Return the folder of the hub's newest commit, or the one in the cache where that fails."""
    try:
        model = find_on_hub(settings.source, settings.pinned_revision)
    except ModelLoadError:
        log.info("%s comes from the hub's cache; the hub did not say what is new.", settings.source)
        return cached
    try:
        return download(model)
    except ModelLoadError as error:
        log.warning("The model in the hub's cache serves, not the newest one: %s", error)
        return cached


def _cached(settings: EngineSettings) -> Path | None:
    """Return the folder of a model of the hub if all of it is in the cache."""
    try:
        folder = Path(
            snapshot_download(
                settings.source,
                revision=settings.pinned_revision,
                allow_patterns=[f"*{end}" for end in ENDS],
                local_files_only=True,
            )
        )
        weights_in(folder)
    except (LocalEntryNotFoundError, HFValidationError, ModelLoadError):
        return None
    return folder if all((folder / name).is_file() for name in BESIDE) else None


def weights_in(folder: Path) -> list[Path]:
    """List the weight files of a folder, by its index where it has one; raises ModelLoadError."""
    names = [SINGLE]
    if (folder / INDEX).is_file():
        shards = read_object(folder / INDEX).get("weight_map")
        if not isinstance(shards, dict) or not shards or not all(map(_is_name, shards.values())):
            raise ModelLoadError(f"{folder / INDEX} is damaged: it names no files.")
        names = sorted(set(shards.values()))
    files = [folder / name for name in names]
    for file in files:
        if not file.is_file():
            raise ModelLoadError(f"{file} is missing; only safetensors files are loaded.")
        if file.suffix != ".safetensors":
            raise ModelLoadError(f"{file} is not a safetensors file.")
    return files


def _is_name(value: object) -> bool:
    return isinstance(value, str) and Path(value).name == value
