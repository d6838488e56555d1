"""A checkpoint → a model on its device; each tensor is read once, straight into its place."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import torch
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError
from safetensors import SafetensorError, safe_open
from transformers import AutoModelForImageTextToText, GenerationConfig
from transformers.conversion_mapping import get_checkpoint_conversion_mapping
from transformers.initialization import no_init_weights
from transformers.utils import is_flash_attn_2_available

from inference.checkpoint.checksums import hub_checksum
from inference.checkpoint.memory import free_memory
from inference.decoder.attention import PRODUCTS
from inference.errors import ModelLoadError
from inference.phi3_vision import Phi3VConfig, Phi3VProcessor
from inference.settings import DEMO, DEMO_CHECKPOINT, EngineSettings

DTYPES = {"bfloat16": torch.bfloat16, "float32": torch.float32}
INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"
PATTERNS = ["*.json", "*.safetensors"]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor of a checkpoint, not read yet."""

    name: str
    file: Path
    numbers: int


def load_model(
    settings: EngineSettings, progress: Callable[[float], None] | None = None
) -> tuple[Any, Phi3VProcessor]:
    """Load the model and its processor; `progress` is told the share of bytes read.

    Raises ModelLoadError, which names the file at fault.
    """
    device = pick_device(settings.device)
    dtype = pick_dtype(settings.dtype, device)
    folder = _folder(settings)
    config = _config(folder)
    files = _weight_files(folder)
    for file in files:
        sha256 = hub_checksum(file) or "unknown: not from the hub's cache"
        log.info("Weights: %s, sha256 %s.", file.name, sha256)
    tensors = _tensors(files)
    _check_memory(folder, tensors, device, dtype)
    processor = _processor(folder)
    with torch.device(device), no_init_weights():
        model = AutoModelForImageTextToText.from_config(
            config,
            dtype=dtype,
            attn_implementation=pick_attention(settings.attention, device, dtype),
        )
    _fill(model, tensors, progress or (lambda _: None))
    if (folder / "generation_config.json").is_file():
        model.generation_config = GenerationConfig.from_pretrained(folder)
    return model.eval(), processor


def weight_files(settings: EngineSettings) -> list[Path]:
    """List the files that hold the model's weights; raises ModelLoadError."""
    return _weight_files(_folder(settings))


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
    return _weight_files(Path(folder))


def pick_device(wanted: str) -> torch.device:
    """Return the device that a setting means; raises ModelLoadError where it is not there."""
    if wanted == "cuda" and not torch.cuda.is_available():
        raise ModelLoadError(
            "MODEL_DEVICE is cuda, but PyTorch finds no GPU; try MODEL_DEVICE=cpu."
        )
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(wanted)


def pick_dtype(wanted: str, device: torch.device) -> torch.dtype:
    """Return the dtype that a setting means: bfloat16 where the device is quick at it."""
    if wanted != "auto":
        return DTYPES[wanted]
    if device.type == "cuda":
        return torch.bfloat16
    abilities = torch.cpu.get_capabilities()
    fast = abilities.get("amx_bf16") or abilities.get("avx512_bf16")
    return torch.bfloat16 if fast else torch.float32


def pick_attention(wanted: str, device: torch.device, dtype: torch.dtype) -> str | dict[str, str]:
    """Return the attention that a setting means, as transformers takes it; raises ModelLoadError.

    In the engine it holds for the vision tower: the decoder attends to slots.
    """
    in_bfloat16 = dtype is torch.bfloat16
    able = device.type == "cuda" and in_bfloat16 and is_flash_attn_2_available()
    if wanted == "flash_attention_2" and not able:
        raise ModelLoadError(
            "MODEL_ATTENTION is flash_attention_2, but that needs flash-attn, a GPU and bfloat16; "
            "try MODEL_ATTENTION=sdpa."
        )
    if wanted != "auto":
        return wanted
    if device.type == "cpu" and in_bfloat16:
        return {"": "sdpa", "vision_config": PRODUCTS}
    return "flash_attention_2" if able else "sdpa"


def _folder(settings: EngineSettings) -> Path:
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


def _config(folder: Path) -> Phi3VConfig:
    fields = _read_json(folder / "config.json")
    if fields.get("model_type") != "phi3_v":
        raise ModelLoadError(
            f"{folder / 'config.json'} describes a {fields.get('model_type')} model, "
            f"not a phi3_v one."
        )
    return Phi3VConfig.from_pretrained(folder)


def _processor(folder: Path) -> Phi3VProcessor:
    for name in ("preprocessor_config.json", "tokenizer_config.json", "tokenizer.json"):
        _read_json(folder / name)
    return Phi3VProcessor.from_pretrained(folder)


def _weight_files(folder: Path) -> list[Path]:
    if (folder / INDEX).is_file():
        names = sorted(set(_read_json(folder / INDEX)["weight_map"].values()))
        files = [folder / name for name in names]
    else:
        files = [folder / SINGLE]
    for file in files:
        if not file.is_file():
            raise ModelLoadError(f"{file} is missing; only safetensors files are loaded.")
        if file.suffix != ".safetensors":
            raise ModelLoadError(f"{file} is not a safetensors file.")
    return files


def _tensors(files: list[Path]) -> list[Tensor]:
    tensors: list[Tensor] = []
    for file in files:
        with _opened(file) as handle:
            tensors += [
                Tensor(name, file, prod(handle.get_slice(name).get_shape()))
                for name in handle.keys()  # noqa: SIM118 (a safetensors file is no dict)
            ]
    return tensors


def _check_memory(
    folder: Path, tensors: list[Tensor], device: torch.device, dtype: torch.dtype
) -> None:
    needed = sum(tensor.numbers for tensor in tensors) * dtype.itemsize
    free = free_memory(device)
    if needed > free:
        raise ModelLoadError(
            f"The model in {folder} takes {needed / 1e9:.1f} GB of memory, "
            f"and {free / 1e9:.1f} GB are free."
        )


@torch.no_grad()
def _fill(model: Any, tensors: list[Tensor], progress: Callable[[float], None]) -> None:
    renamings = get_checkpoint_conversion_mapping(model.config.model_type)
    places = dict(model.named_parameters())
    total = sum(tensor.numbers for tensor in tensors)
    done = 0
    for tensor in tensors:
        name = tensor.name
        for renaming in renamings:
            name, _ = renaming.rename_source_key(name)
        if (place := places.pop(name, None)) is not None:
            _copy(tensor, place)
        done += tensor.numbers
        progress(done / total)
    if places:
        raise ModelLoadError(f"{tensors[0].file.parent} has no tensor for {min(places)}.")


def _copy(tensor: Tensor, place: torch.Tensor) -> None:
    # Opened for each tensor: the pages of a file stay in memory for as long as it is open.
    with _opened(tensor.file) as handle:
        values = handle.get_tensor(tensor.name)
    if values.shape != place.shape:
        raise ModelLoadError(
            f"{tensor.file}: {tensor.name} is {tuple(values.shape)}, not {tuple(place.shape)}."
        )
    place.copy_(values)


@contextmanager
def _opened(file: Path) -> Iterator[Any]:
    try:
        with safe_open(file, "pt") as handle:
            yield handle
    except (SafetensorError, OSError, RuntimeError) as error:
        raise ModelLoadError(f"{file} is damaged or cannot be read: {error}.") from error


def _read_json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelLoadError(f"{file} is missing.") from None
    except ValueError:
        raise ModelLoadError(f"{file} is damaged: it is not JSON.") from None
