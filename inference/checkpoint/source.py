"""Where a model's files lie: in a folder, in the hub's cache, or still on the hub."""

from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

from inference.checkpoint.files import read_object
from inference.errors import ModelLoadError
from inference.settings import DEMO, DEMO_CHECKPOINT, EngineSettings

INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"
PATTERNS = ["*.json", "*.safetensors"]


def find_folder(settings: EngineSettings) -> Path:
    """Return the model's folder, after a download where it takes one; raises ModelLoadError."""
    if settings.source == DEMO:
        return DEMO_CHECKPOINT
    folder = Path(settings.source).expanduser()
    if folder.is_dir():
        return folder
    if settings.source.count("/") != 1 or settings.source[0] in "./~":
        raise ModelLoadError(f"There is no folder {settings.source}.")
    try:
        return Path(
            snapshot_download(
                settings.source,
                revision=settings.pinned_revision,
                allow_patterns=PATTERNS,
            )
        )
    except HFValidationError:
        raise ModelLoadError(
            f"There is no folder {settings.source}, and no model of the hub can have that name."
        ) from None
    except Exception as error:  # the hub's, its HTTP library's and its downloader's share no base
        raise ModelLoadError(
            f"The model {settings.source} is not here and could not be downloaded: "
            f"{type(error).__name__}."
        ) from error


def weight_files(settings: EngineSettings) -> list[Path]:
    """List the files that hold the model's weights; raises ModelLoadError."""
    return weights_in(find_folder(settings))


def local_weight_files(settings: EngineSettings) -> list[Path]:
    """List the weight files as far as they are on this machine; none before the download.

    Raises ModelLoadError where a file of a folder is missing.
    """
    if settings.source == DEMO or Path(settings.source).expanduser().is_dir():
        return weight_files(settings)
    try:
        folder = snapshot_download(
            settings.source,
            revision=settings.pinned_revision,
            allow_patterns=PATTERNS,
            local_files_only=True,
        )
    except (LocalEntryNotFoundError, HFValidationError):
        return []
    return weights_in(Path(folder))


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
