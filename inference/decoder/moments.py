"""Moments of a device, which may compute long after it was told to."""

import time
from collections.abc import Callable
from typing import Any, Protocol

import torch


class Moment(Protocol):
    """A moment in the work of a device: torch.cuda.Event is one."""

    def record(self) -> object:
        """Note the moment at which all that the device was told so far is done."""
        ...

    def elapsed_time(self, end: Any, /) -> float:
        """Return the milliseconds to a later moment; both must be over."""
        ...


class HostMoment:
    """A moment of a device that has done what it was told by then."""

    at = 0.0

    def record(self) -> None:
        """Note the moment."""
        self.at = time.monotonic()

    def elapsed_time(self, end: Any, /) -> float:
        """Return the milliseconds to a later moment."""
        milliseconds: float = (end.at - self.at) * 1000
        return milliseconds


def moments_of(device: torch.device) -> Callable[[], Moment]:
    """Return what makes a moment of a device."""
    if device.type == "cuda":
        return lambda: torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]
    return HostMoment
