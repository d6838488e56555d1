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
        """Count one."""
        self.forget()
        self._times.setdefault(who, deque(maxlen=self._most)).append(self._clock())

    def clear(self, who: int) -> None:
        """Start counting anew."""
        self._times.pop(who, None)

    def forget(self) -> None:
        """Forget those who have been quiet for a minute."""
        earliest = self._clock() - MINUTE
        self._times = {who: times for who, times in self._times.items() if times[-1] > earliest}


class Strikes:
    """Ignores for an hour whoever runs into a limit five times in a row."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._strikes: dict[int, tuple[int, float]] = {}
        """How many in a row, and when they are forgotten."""
        self._ignored_until: dict[int, float] = {}

    def add(self, person: int) -> None:
        """Count a run into a limit."""
        count, _ = self._strikes.pop(person, (0, 0.0))
        until = self._clock() + HOUR
        if count + 1 < MOST_STRIKES:
            self._strikes[person] = (count + 1, until)
        else:
            self._ignored_until[person] = until

    def clear(self, person: int) -> None:
        """Start counting anew, after a question that was in order."""
        self._strikes.pop(person, None)

    def wait(self, person: int) -> float:
        """Tell the seconds until a person is listened to again; 0 for most people."""
        now = self._clock()
        self._strikes = {
            other: (count, until) for other, (count, until) in self._strikes.items() if until > now
        }
        self._ignored_until = {
            other: until for other, until in self._ignored_until.items() if until > now
        }
        return max(0, self._ignored_until.get(person, 0) - now)
