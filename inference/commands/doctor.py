"""Is this machine ready for the model: card, PyTorch, memory, weights on disk."""

import os
import platform
import shlex
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from inference.cards import Card, find_cards
from inference.errors import ModelLoadError, SettingsError
from inference.findings import Finding
from inference.settings import EngineSettings, RemoteSettings, read_settings, refuse_small_weights

GIB = 1024**3
LEAST_CAPABILITY_OF_FLASH = 8.0
SHARES = {"int8": 0.57, "fp8": 0.57, "int4": 0.39}
"""Of weights of 16 bits, what smaller ones take on a card; a little less on a processor."""


def examine_model(*, reads_weights: bool = True) -> Iterator[Finding]:
    """Look at all that the model needs; to read the weights' checksums takes their whole length."""
    try:
        settings = read_settings(EngineSettings)
        remote = read_settings(RemoteSettings)
        refuse_small_weights(settings, remote)
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
        advice = "Install requirements-remote.txt, as deploy/README.md says."
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
    advice = "On a processor the real model is slow: deploy/README.md says how slow."
    return Finding.warning("card", "no graphics card was found", advice)


def _torch(cards: Sequence[Card]) -> Finding:
    import torch

    said = version("torch")
    if cards and torch.version.cuda is None:
        return Finding.wrong("PyTorch", f"{said}, without CUDA beside a card", _install_cuda())
    if cards and not torch.cuda.is_available():
        advice = f"It wants CUDA {torch.version.cuda}: update NVIDIA's driver."
        return Finding.wrong("PyTorch", f"{said}, which cannot use the card", advice)
    return Finding.ok("PyTorch", said)


def _install_cuda() -> str:
    """Write the commands: `pip` takes a PyTorch without CUDA on Windows; uv looks at the driver."""
    python = f'& "{sys.executable}"' if os.name == "nt" else shlex.quote(sys.executable)
    install = f'{python} -m uv pip install --reinstall "torch==2.13.*" --torch-backend=auto'
    return f"{python} -m pip install uv\n{install}"


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
    yield _memory(size, settings)
    if reads_weights:
        yield _checksums(files)


def _memory(weights: int, settings: EngineSettings) -> Finding:
    """Hold so many bytes of weights, which have 16 bits a number, against what is free."""
    from inference.checkpoint.device import pick_device, pick_dtype
    from inference.checkpoint.memory import free_memory
    from inference.decoder.small_linears import can_shrink

    device = pick_device(settings.device)
    kind = "full" if settings.weights == "auto" else settings.weights
    full = pick_dtype(settings.dtype, device).itemsize / 2
    needed, free = weights * SHARES.get(kind, full), free_memory(device)
    detail = f"{free / 1e9:.1f} GB are free, and {kind} weights take {needed / 1e9:.1f}"
    if needed < free:
        return Finding.ok("memory", detail)
    if settings.weights == "auto" and can_shrink(device) and weights * SHARES["int4"] < free:
        advice = "They are made smaller, which costs some accuracy."
        return Finding.warning("memory", detail, advice)
    advice = "End what else takes memory; MODEL_WEIGHTS=auto takes the largest that fit."
    return Finding.wrong("memory", detail, advice)


def _checksums(files: Sequence[Path]) -> Finding:
    from inference.checkpoint.checksums import checksum, hub_checksum

    known = {file: name for file in files if (name := hub_checksum(file))}
    damaged = [str(file.resolve()) for file, name in known.items() if checksum(file) != name]
    if damaged:
        advice = "Delete what is damaged; the next start fetches it again."
        return Finding.wrong("checksums", f"damaged: {', '.join(damaged)}", advice)
    if not known:
        return Finding.ok("checksums", "none are known for a local folder")
    return Finding.ok("checksums", f"{len(known)} files are what the hub has")


def _way_to_the_weights(settings: EngineSettings) -> Iterator[Finding]:
    """Look whether the first start can fetch them: network, and room on disk."""
    from huggingface_hub import constants

    from inference.checkpoint.hub import find_on_hub, free_room

    try:
        model = find_on_hub(settings.source, settings.pinned_revision)
    except ModelLoadError as error:
        yield Finding.wrong("weights", str(error), "MODEL_SOURCE=demo does without the hub.")
        return
    free = free_room()
    detail = f"{model.missing / 1e9:.1f} GB to download, {free / 1e9:.0f} GB free in "
    detail += os.fspath(constants.HF_HUB_CACHE)
    if model.missing > free:
        yield Finding.wrong("weights", detail, "Make room, or set HF_HOME to a larger disk.")
    else:
        yield Finding.warning("weights", detail, "The first start downloads them.")
        yield _memory(sum(file.size for file in model.files), settings)
