"""Moments of a device, which may compute long after it was told to."""

import time
from collections.abc import Callable
from functools import partial
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
    """A moment by the host's clock, once `wait` has come back: the device has done all by then."""

    def __init__(self, wait: Callable[[], object] | None = None) -> None:
        self._wait = wait
        self._at = 0.0

    def record(self) -> None:
        """Wait for the moment, and note it."""
        if self._wait:
            self._wait()
        self._at = time.monotonic()

    def elapsed_time(self, end: Any, /) -> float:
        """Return the milliseconds to a later moment."""
        milliseconds: float = (end._at - self._at) * 1000
        return milliseconds


def moments_of(device: torch.device) -> Callable[[], Moment]:
    """Return what makes a moment of a device."""
    if device.type == "cuda":
        return partial(torch.cuda.Event, enable_timing=True)
    if device.type == "cpu":
        return HostMoment
    return partial(HostMoment, torch.accelerator.synchronize)  # a Mac's GPU runs behind the host
