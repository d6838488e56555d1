"""The graphics cards of this machine, as their driver tells them; needs no torch."""

import shutil
import subprocess
from dataclasses import dataclass

QUERY = "name,memory.total,driver_version,compute_cap"


@dataclass(frozen=True, slots=True)
class Card:
    """An NVIDIA card."""

    name: str
    memory: int
    """Bytes."""
    driver: str
    capability: float
    """CUDA's compute capability, as 8.9."""


def find_cards() -> list[Card]:
    """Ask NVIDIA's driver for its cards; none where there is no driver."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return []
    try:
        said = subprocess.run(
            [tool, f"--query-gpu={QUERY}", "--format=csv,noheader,nounits"],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        ).stdout
        return [_card(line) for line in said.splitlines() if line.strip()]
    except (OSError, subprocess.SubprocessError, ValueError):
        return []


def _card(line: str) -> Card:
    name, mebibytes, driver, capability = (part.strip() for part in line.split(","))
    return Card(name, int(mebibytes) * 1024**2, driver, float(capability))
