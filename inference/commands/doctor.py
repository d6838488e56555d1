"""Is this machine ready for the model: card, PyTorch, memory, weights on disk."""

import os
import platform
import shutil
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from inference.cards import Card, find_cards
from inference.errors import ModelLoadError, SettingsError
from inference.findings import Finding
from inference.settings import EngineSettings, RemoteSettings, read_settings

GIB = 1024**3
CUDA_TORCH = (
    "python -m pip install uv && "
    "python -m uv pip install --reinstall 'torch>=2.13,<2.14' --torch-backend=auto"
)
"""`pip` alone installs a PyTorch without CUDA on Windows; uv chooses by the driver."""
LEAST_CAPABILITY_OF_FLASH = 8.0
ROOM_BESIDE_THE_DOWNLOAD = GIB


def examine_model(*, reads_weights: bool = True) -> Iterator[Finding]:
    """Look at all that the model needs; to read the weights' checksums takes their whole length."""
    try:
        settings = read_settings(EngineSettings)
        remote = read_settings(RemoteSettings)
    except SettingsError as error:
        yield Finding.wrong("model settings", str(error), "Mend it in .env.")
        return
    if remote.url:
        yield from _servers(remote)
        return
    cards = find_cards()
    yield _card(cards)
    if find_spec("torch") is None:
        advice = "Install it with the command in the README, or name a server in ENGINE_URL."
        yield Finding.wrong("PyTorch", "it is not installed", advice)
        return
    yield _torch(cards)
    try:
        yield from _choices(settings, cards)
        yield from _weights(settings, reads_weights=reads_weights)
    except ModelLoadError as error:
        yield Finding.wrong("model", str(error), "Mend MODEL_… in .env.")


def _servers(settings: RemoteSettings) -> Iterator[Finding]:
    """Ask each server what it serves."""
    if find_spec("openai") is None:
        advice = "Install requirements-remote.txt, as the README says."
        yield Finding.wrong("model server", "the package openai is not installed", advice)
        return
    from inference.remote.discovery import PHI3_CONTEXT, discover

    for url in settings.url:
        label = f"model server {url}"
        try:
            alone = settings.model_copy(update={"url": (url,), "start_seconds": 0})
            (served,) = discover(alone).values()
        except ModelLoadError as error:
            yield Finding.wrong(label, str(error), "Start it, or mend ENGINE_… in .env.")
            continue
        if served.is_phi3 and served.context not in (None, PHI3_CONTEXT):
            detail = f"it serves {served.name} with {served.context} tokens: answers go wrong"
            yield Finding.wrong(label, detail, f"Start it with --max-model-len {PHI3_CONTEXT}.")
        else:
            yield Finding.ok(label, f"it serves {served.name}")


def _card(cards: Sequence[Card]) -> Finding:
    if cards:
        named = ", ".join(f"{card.name}, {card.memory / GIB:.0f} GiB" for card in cards)
        return Finding.ok("card", f"{named}, driver {cards[0].driver}")
    if platform.system() == "Darwin" and platform.machine() == "arm64":
        return Finding.ok("card", "Apple's own")
    advice = "An answer of the real model takes minutes on a processor; see the README."
    return Finding.warning("card", "no graphics card was found", advice)


def _torch(cards: Sequence[Card]) -> Finding:
    import torch

    said = version("torch")
    if cards and torch.version.cuda is None:
        return Finding.wrong("PyTorch", f"{said}, without CUDA beside a card", CUDA_TORCH)
    if cards and not torch.cuda.is_available():
        advice = f"It wants CUDA {torch.version.cuda}: update NVIDIA's driver."
        return Finding.wrong("PyTorch", f"{said}, which cannot use the card", advice)
    return Finding.ok("PyTorch", said)


def _choices(settings: EngineSettings, cards: Sequence[Card]) -> Iterator[Finding]:
    """Tell what the settings come to on this machine; raises ModelLoadError."""
    from inference.checkpoint.device import pick_device, pick_dtype

    device = pick_device(settings.device)
    dtype = str(pick_dtype(settings.dtype, device)).removeprefix("torch.")
    yield Finding.ok("device", f"{device.type} in {dtype}")
    if device.type != "cuda":
        return
    has_flash = find_spec("flash_attn") is not None
    if has_flash and cards and cards[0].capability < LEAST_CAPABILITY_OF_FLASH:
        advice = "Nothing to do: the plain path serves."
        yield Finding.warning(
            "flash-attn", f"this card is too old for it ({cards[0].capability})", advice
        )
    else:
        yield Finding.ok(
            "flash-attn", "installed" if has_flash else "not installed, and not needed"
        )


def _weights(settings: EngineSettings, *, reads_weights: bool) -> Iterator[Finding]:
    """Look for the weights on disk, or at the way to them."""
    from inference.checkpoint.source import local_weight_files

    files = local_weight_files(settings)
    if not files:
        yield from _way_to_the_weights(settings)
        return
    size = sum(file.stat().st_size for file in files)
    yield Finding.ok("weights", f"{settings.source}, {size / 1e9:.2f} GB on disk")
    if reads_weights:
        yield _checksums(files)


def _checksums(files: Sequence[Path]) -> Finding:
    from inference.checkpoint.checksums import checksum, hub_checksum

    known = {file: name for file in files if (name := hub_checksum(file))}
    damaged = [file.name for file, name in known.items() if checksum(file) != name]
    if damaged:
        advice = "Delete these files from the hub's cache; the next start fetches them again."
        return Finding.wrong("checksums", f"{', '.join(damaged)} is damaged", advice)
    if not known:
        return Finding.ok("checksums", "none are known for a local folder")
    return Finding.ok("checksums", f"{len(known)} files are what the hub has")


def _way_to_the_weights(settings: EngineSettings) -> Iterator[Finding]:
    """Look whether the first start can fetch them: network, and room on disk."""
    import huggingface_hub
    from huggingface_hub import constants

    label = "weights"
    if constants.HF_HUB_OFFLINE:
        advice = "Unset HF_HUB_OFFLINE for the first start, or name a local folder in MODEL_SOURCE."
        yield Finding.wrong(label, "they are not on disk, and HF_HUB_OFFLINE is set", advice)
        return
    try:
        info = huggingface_hub.HfApi().model_info(
            settings.source, revision=settings.pinned_revision, files_metadata=True, timeout=20
        )
    except Exception as error:  # the hub's and its HTTP library's share no base
        advice = "Look at the network and HTTPS_PROXY, or download them elsewhere."
        detail = f"they are not on disk, and the hub cannot be asked: {type(error).__name__}"
        yield Finding.wrong(label, detail, advice)
        return
    names = (".json", ".safetensors")
    needed = sum(file.size or 0 for file in info.siblings or () if file.rfilename.endswith(names))
    cache = Path(constants.HF_HUB_CACHE)
    existing = next(place for place in (cache, *cache.parents) if place.exists())
    free = shutil.disk_usage(existing).free
    detail = f"{needed / 1e9:.1f} GB to download, {free / 1e9:.0f} GB free in {os.fspath(cache)}"
    if free < needed + ROOM_BESIDE_THE_DOWNLOAD:
        advice = "Make room, or set HF_HOME to a larger disk."
        yield Finding.wrong(label, detail, advice)
    else:
        yield Finding.warning(label, detail, "The first start downloads them.")
