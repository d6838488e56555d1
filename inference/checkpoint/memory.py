"""How much memory there is, and how many slots it holds."""

from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import torch

from inference.checkpoint import cgroup
from inference.errors import ModelLoadError

GIB = 1024**3
SHARE_OF_HOST = 0.5
"""Of the host's free memory; the rest is for others, and for the file cache."""
SHARE_OF_DEVICE = 0.9
WORKING_BYTES = GIB
"""For what a step computes on a GPU: the vision tower, and the widest matrices."""


def free_memory(device: torch.device) -> int:
    """Return the bytes that are free on a device.

    For the CPU, those of the host, or those that this process may still take where that is less.
    """
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    available = int(psutil.virtual_memory().available)
    allowed = cgroup.memory_left()
    return available if allowed is None else min(available, allowed)


@contextmanager
def enough_memory(what: str) -> Iterator[None]:
    """Raise ModelLoadError where the device's memory, or the host's, has no room for it."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise ModelLoadError(f"There is too little memory for {what}.") from error
    except RuntimeError as error:
        if "DefaultCPUAllocator" not in str(error):
            raise
        raise ModelLoadError(f"There is too little memory for {what}.") from error


def memory_for_slots(device: torch.device) -> int:
    """Return the bytes that the slots may take of what is free."""
    free = free_memory(device)
    if device.type == "cuda":
        return max(0, int(free * SHARE_OF_DEVICE) - WORKING_BYTES)
    return int(free * SHARE_OF_HOST)


def fit_slots(room: int, short: int, long: int, most: int) -> tuple[int, ...]:
    """Return the lengths of the slots that `room` tokens hold: `most`, one in five long.

    Where not even one long slot fits, there is a short one if that fits, or none.
    """
    slots: list[int] = []
    while len(slots) < most:
        wanted = long if len(slots) % 5 == 0 else short
        if sum(slots) + wanted > room:
            wanted = short
        if sum(slots) + wanted > room:
            break
        slots.append(wanted)
    return tuple(sorted(slots))
