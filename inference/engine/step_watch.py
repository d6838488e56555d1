"""Notice that a step of the model hangs."""

import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Self


class StepWatch:
    """Calls `hung` once a step takes longer than so many seconds; watches within a `with`.

    One thread watches all steps: to start one for each takes a share of a quick step.
    """

    def __init__(
        self, seconds: float, hung: Callable[[], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._hung = hung
        self._clock = clock
        self._began = clock()
        self._is_over = Event()
        self._thread = Thread(target=self._watch, name="watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def step(self) -> None:
        """Note that a step begins."""
        self._began = self._clock()

    @property
    def left(self) -> float:
        """Tell the seconds until the step in hand counts as hung."""
        return self._began + self._seconds - self._clock()

    def _watch(self) -> None:
        while not self._is_over.wait(self.left):
            if self.left <= 0:
                self._hung()
                return
