"""Tensors of safetensors files → the parameters of a model; each is read once."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import nn
from transformers.conversion_mapping import get_checkpoint_conversion_mapping

from inference.checkpoint.memory import is_out_of_memory
from inference.checkpoint.source import INDEX
from inference.decoder.rounding import Bytes, Kind
from inference.decoder.small_linears import kind_of, put, shrunk
from inference.errors import ModelLoadError

FULL = {"BF16", "F16", "F32"}
"""How safetensors calls the numbers of full weights."""
SMALL = ("scale", "scales", "scale_inv", "zero_point", "qweight", "qzeros", "g_idx")
"""How tensors are called that stand beside weights which others have made small."""
QDATA, SCALE, ZERO = "._weight_qdata", "._weight_scale", "._weight_zero_point"
"""How torchao calls the 8 bits of a layer's weights, their scales, and what must be nought."""
NAMED = 3

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor of a checkpoint, not read yet; `place` is the parameter that it becomes."""

    name: str
    place: str
    file: Path
    shape: tuple[int, ...]
    stored_as: str
    beside: "tuple[Tensor, ...]" = ()
    """What belongs to weights of 8 bits: their scales, and zero points if there are any."""

    @property
    def numbers(self) -> int:
        """Count the tensor's numbers."""
        return prod(self.shape)


def list_tensors(files: Sequence[Path], model: Any) -> list[Tensor]:
    """List the tensors of files, each with the place in the model that its name means.

    Raises ModelLoadError where a file is damaged or holds small numbers that are not torchao's
    8 bits with a scale a row.
    """
    renamings = get_checkpoint_conversion_mapping(model.config.model_type)
    stored = {tensor.name: tensor for file in files for tensor in _stored(file, renamings)}
    return [
        _with_its_scales(tensor, stored)
        for name, tensor in stored.items()
        if not name.endswith((SCALE, ZERO))
    ]


def _stored(file: Path, renamings: Sequence[Any]) -> Iterator[Tensor]:
    with _opened(file) as handle:
        for name in handle.keys():  # noqa: SIM118 (a safetensors file is no dict)
            part = handle.get_slice(name)
            place = name.replace(QDATA, ".weight")
            for renaming in renamings:
                place, _ = renaming.rename_source_key(place)
            yield Tensor(name, place, file, tuple(part.get_shape()), part.get_dtype())


def _with_its_scales(tensor: Tensor, stored: Mapping[str, Tensor]) -> Tensor:
    numbers = tensor.stored_as
    if not tensor.name.endswith(QDATA):
        if numbers in FULL:
            return tensor
        raise ModelLoadError(
            f"{tensor.file}: {tensor.name} is stored as {numbers}; only full weights are loaded, "
            "and torchao's 8 bits."
        )
    layer = tensor.name.removesuffix(QDATA)
    scales, zeros = stored.get(layer + SCALE), stored.get(layer + ZERO)
    if not (numbers == "I8" and scales and scales.shape == (*tensor.shape[:1], 1)):
        raise ModelLoadError(
            f"{tensor.file}: {layer} holds small weights of a kind that is not loaded; of "
            "torchao's, only 8 bits with a scale a row are."
        )
    return replace(tensor, beside=(scales, zeros) if zeros else (scales,))


def match(tensors: Sequence[Tensor], model: Any, files: Sequence[Path]) -> list[Tensor]:
    """Choose the tensors of files that become the parameters of a model, which holds no memory yet.

    Raises ModelLoadError where one is missing, has another shape or belongs to small weights.
    """
    places = {name: tuple(place.shape) for name, place in model.named_parameters()}
    found: dict[str, Tensor] = {}
    others = []
    for tensor in tensors:
        if tensor.place not in places:
            others.append(tensor)
        elif tensor.shape != (shape := places[tensor.place]):
            raise ModelLoadError(f"{tensor.file}: {tensor.name} is {tensor.shape}, not {shape}.")
        else:
            found[tensor.place] = tensor
    _judge(others, model)
    if missing := sorted(places.keys() - found.keys()):
        at_fault = files[0] if len(files) == 1 else files[0].parent / INDEX
        raise ModelLoadError(f"{at_fault} has no tensor for {missing[0]}.")
    return list(found.values())


@torch.no_grad()
def fill(
    model: Any, tensors: Sequence[Tensor], kind: Kind, progress: Callable[[float], None]
) -> None:
    """Give a model without memory its parameters, on its buffers' device, each as small as asked.

    Raises ModelLoadError where a file is damaged or holds what is no number.
    """
    device = next(model.buffers()).device
    total, done = sum(tensor.numbers for tensor in tensors), 0
    for tensor in tensors:
        _fill_in(model, tensor, kind, device)
        done += tensor.numbers
        progress(done / total)


def _fill_in(model: Any, tensor: Tensor, kind: Kind, device: torch.device) -> None:
    # A function of its own: when it ends, nothing holds what was read.
    stored, (module, name) = _read(tensor), _owner(model, tensor.place)
    layers = model.config.num_hidden_layers
    small = kind_of(tensor.place, tensor.shape, kind, device, layers)
    if small == "full":
        exact = stored.full() if isinstance(stored, Bytes) else stored
        place = getattr(module, name)
        values = torch.empty(place.shape, dtype=place.dtype, device=device).copy_(exact)
        setattr(module, name, nn.Parameter(values, requires_grad=False))
    else:
        put(model, tensor.place, shrunk(stored.to(device), small))


def _owner(model: Any, place: str) -> tuple[Any, str]:
    path, _, name = place.rpartition(".")
    return model.get_submodule(path), name


def _read(tensor: Tensor) -> torch.Tensor | Bytes:
    values = _numbers(tensor)
    if not tensor.beside:
        return values
    scales, *zeros = map(_numbers, tensor.beside)
    if any(each.any() for each in zeros):
        raise ModelLoadError(f"{tensor.file}: the 8 bits of {tensor.name} do not lie around 0.")
    return Bytes(values, scales.flatten().float())


def _numbers(tensor: Tensor) -> torch.Tensor:
    # Opened for each tensor: the pages of a file stay in memory for as long as it is open.
    with _opened(tensor.file) as handle:
        values: torch.Tensor = handle.get_tensor(tensor.name)
        if not values.sum(dtype=torch.float32).isfinite():
            raise ModelLoadError(f"{tensor.file} is damaged: {tensor.name} holds no numbers.")
        return values


def _judge(others: Sequence[Tensor], model: Any) -> None:
    unused = model._keys_to_ignore_on_load_unexpected
    strange = [
        each for each in others if not any(re.search(pattern, each.place) for pattern in unused)
    ]
    for tensor in strange:
        if tensor.name.endswith(SMALL):
            raise ModelLoadError(
                f"{tensor.file}: {tensor.name} belongs to small weights; only full "
                "ones are loaded, and torchao's 8 bits."
            )
    if strange:
        names = ", ".join(tensor.name for tensor in strange[:NAMED])
        log.warning("%d tensors have no place in the model: %s.", len(strange), names)


@contextmanager
def _opened(file: Path) -> Iterator[Any]:
    try:
        with safe_open(file, "pt") as handle:
            yield handle
    except (SafetensorError, OSError, RuntimeError) as error:
        if is_out_of_memory(error):
            raise
        raise ModelLoadError(f"{file} is damaged or cannot be read: {error}.") from error
