"""How long people wait, from how long the last answers took."""

import math
from collections.abc import Callable

from bot.locales import say
from bot.locales import sentences as s

WEIGHT = 0.2
"""Of the newest answer in the running mean."""


class Estimate:
    """A running mean of the seconds that an answer takes."""

    def __init__(self, at_once: Callable[[], int], mean: float | None = None) -> None:
        self._at_once = at_once
        self.mean = mean
        """None while nothing was measured."""

    def add(self, seconds: float) -> None:
        """Count an answer."""
        self.mean = seconds if self.mean is None else (1 - WEIGHT) * self.mean + WEIGHT * seconds

    def wait(self, position: int) -> float | None:
        """Estimate the seconds until this place in the queue is answered; None at first."""
        return None if self.mean is None else math.ceil(position / self._at_once()) * self.mean


def duration(seconds: float, locale: str) -> str:
    """Say a duration roughly: seconds below a minute, then minutes."""
    if seconds < 60:
        return say(locale, s.SECONDS, count=max(1, math.ceil(seconds)))
    return say(locale, s.MINUTES, count=math.ceil(seconds / 60))
