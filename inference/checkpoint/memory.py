"""How much memory there is, and how it is given back."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import torch

from inference.checkpoint import cgroup
from inference.errors import ModelLoadError

OUT_OF_MEMORY = (
    "DefaultCPUAllocator",
    "Cannot allocate memory",
    "MPS backend out of memory",
    "CUDA error: out of memory",
    "_STATUS_ALLOC_FAILED",  # of cuBLAS and the like, which take memory of their own
)
"""What errors say that are no OutOfMemoryError."""


def free_memory(device: torch.device) -> int:
    """Return the bytes that are free on a device.

    For the CPU and a Mac's GPU, which share it, those of the host, or those that this process may
    still take where that is less.
    """
    if device.type == "cuda":
        torch.cuda.empty_cache()  # what passed through while weights were made small
        return torch.cuda.mem_get_info(device)[0]
    available = int(psutil.virtual_memory().available)
    allowed = cgroup.memory_left()
    return available if allowed is None else min(available, allowed)


@contextmanager
def enough_memory(what: str) -> Iterator[None]:
    """Raise ModelLoadError where the device's memory, or the host's, has no room for it."""
    try:
        yield
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        raise ModelLoadError(f"There is too little memory for {what}.") from error


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether memory ran out, on the device or on the host."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error) for sign in OUT_OF_MEMORY)


def give_back() -> None:
    """Give what nobody holds any more back to the system and to the device.

    Only when no model is in use: graphs hold on to what cuBLAS is given here to work in.
    """
    frozen = gc.get_freeze_count()
    gc.unfreeze()  # layers may be among what was set aside as lasting
    gc.collect()
    if frozen:
        gc.freeze()
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        torch._C._cuda_clearCublasWorkspaces()
    empty_cache()


def empty_cache() -> None:
    """Give the memory that is only kept for later back to the device."""
    if torch.accelerator.is_available():
        torch.accelerator.empty_cache()
