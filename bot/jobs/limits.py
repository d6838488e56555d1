"""How often is too often."""

from collections import deque
from collections.abc import Callable

MINUTE = 60.0
HOUR = 3600.0
MOST_STRIKES = 5


class RateLimit:
    """At most so many in a minute, by person or by server."""

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._most = most
        self._clock = clock
        self._times: dict[int, deque[float]] = {}

    def wait(self, who: int) -> float:
        """Tell the seconds until the next one is in order; 0 where it is."""
        times = self._times.get(who)
        if times is None or len(times) < self._most:
            return 0
        return max(0, times[0] + MINUTE - self._clock())

    def count(self, who: int) -> None:
        """Count one, and forget those who have been quiet for a minute."""
        now = self._clock()
        self._times = {
            other: times for other, times in self._times.items() if times[-1] > now - MINUTE
        }
        self._times.setdefault(who, deque(maxlen=self._most)).append(now)

    def forget(self, who: int) -> None:
        """Forget all that was counted of one."""
        self._times.pop(who, None)


class Strikes:
    """Ignores for an hour whoever runs into a limit five times in a row."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._strikes: dict[int, int] = {}
        self._ignored_until: dict[int, float] = {}

    def add(self, person: int) -> None:
        """Count a run into a limit."""
        self._strikes[person] = self._strikes.get(person, 0) + 1
        if self._strikes[person] >= MOST_STRIKES:
            del self._strikes[person]
            self._ignored_until[person] = self._clock() + HOUR

    def clear(self, person: int) -> None:
        """Start counting anew, after a question that was in order."""
        self._strikes.pop(person, None)

    def wait(self, person: int) -> float:
        """Tell the seconds until a person is listened to again; 0 for most people."""
        now = self._clock()
        self._ignored_until = {
            other: until for other, until in self._ignored_until.items() if until > now
        }
        return max(0, self._ignored_until.get(person, 0) - now)
