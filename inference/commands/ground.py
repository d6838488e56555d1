"""On what a model was tried, for a report: a machine with its weights, or servers elsewhere."""

import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from inference import Engine, EngineSettings, RemoteSettings

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Ground:
    """What a report says of it."""

    lines: tuple[str, ...]
    is_altered: bool = False
    """A file of the weights is another than the hub's."""


@dataclass(frozen=True)
class Weights:
    """A file of the model's, and whether it is the one that the hub knows."""

    name: str
    sha256: str
    hub_sha256: str | None

    @classmethod
    def of(cls, file: Path) -> "Weights":
        """Compute a file's checksum, which reads all of it."""
        from inference.checkpoint.checksums import checksum, hub_checksum

        return cls(file.name, checksum(file), hub_checksum(file))

    @property
    def is_altered(self) -> bool:
        """Tell whether the hub knows the file by another checksum."""
        return self.hub_sha256 not in (None, self.sha256)

    def __str__(self) -> str:
        """Write the line of the report."""
        origin = "the hub's" if self.hub_sha256 else "not from the hub's cache"
        verdict = f"NOT {self.hub_sha256}, {origin}" if self.is_altered else origin
        return f"{self.name} sha256 {self.sha256} ({verdict})"


def of_servers(servers: RemoteSettings) -> Ground:
    """Tell of servers what anybody may read: how many there are."""
    return Ground((f"servers    {len(servers.url)}", _versions("openai", "pillow")))


def of_machine(engine: Engine, settings: EngineSettings) -> Ground:
    """Tell of this machine while an engine runs on it, and compute the weights' checksums."""
    from inference.checkpoint.device import pick_device
    from inference.checkpoint.source import weight_files

    device = pick_device(settings.device)
    memory = _memory(device)
    print("Checksums …", file=sys.stderr)
    weights = [Weights.of(file) for file in weight_files(settings)]
    lines = (
        *(f"weights    {file}" for file in weights),
        f"device     {_device_name(device)}",
        *(f"path       {path}" for path in _paths(engine)),
        _versions("torch", "transformers", "pillow"),
        f"memory     {memory / 2**30:.1f} GiB",
    )
    return Ground(lines, any(file.is_altered for file in weights))


def _paths(engine: Engine) -> Iterator[str]:
    """Tell which fast paths serve beside the plain one, and why others do not."""
    from inference.engine.local import LocalEngine

    tried = engine.fast_paths if isinstance(engine, LocalEngine) else []
    yield from map(str, tried)
    if not tried:
        yield "plain"


def _versions(*packages: str) -> str:
    found = " ".join(f"{name} {version(name)}" for name in packages)
    return f"versions   python {platform.python_version()} {found}"


def _device_name(device: "torch.device") -> str:
    import torch

    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return "a Mac's own GPU"
    return f"CPU, {torch.get_num_threads()} threads, {torch.backends.cpu.get_cpu_capability()}"


def _memory(device: "torch.device") -> int:
    """Return the most bytes taken of a GPU; on a CPU, what the process holds now."""
    import torch

    if device.type == "cuda":
        return torch.cuda.max_memory_reserved(device)
    return int(psutil.Process().memory_info().rss)
