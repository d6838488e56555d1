"""One server: what is known of it, and how much it is given at a time."""

import random
import time

from openai import AsyncOpenAI, Timeout

from inference.remote.discovery import Served
from inference.settings import RemoteSettings

FIRST_WINDOW = 4.0
ROUND_SECONDS = 1.0
"""However many questions of one moment are refused, the window is halved once."""
FIRST_REST, LONGEST_REST = 0.25, 10.0
"""Seconds until a server that is away is tried again, which double each time."""


class Window:
    """How many questions a server is given at a time: additive increase, halved when too many.

    It opens with each answer while it is full, more slowly above half of what was too much.
    """

    def __init__(self, most: int) -> None:
        self.width = min(FIRST_WINDOW, most)
        self._most = most
        self._too_wide = float(most)
        self._halved = -ROUND_SECONDS

    def open(self) -> None:
        """Widen by one, or above what was too wide by one for each window of answers."""
        step = 1.0 if self.width < self._too_wide else 1.0 / self.width
        self.width = min(self.width + step, self._most)

    def narrow(self, to: float, now: float) -> None:
        """Narrow to what the server takes, but by no more than half, and once in a round."""
        if now - self._halved >= ROUND_SECONDS and to < self.width:
            self._halved = now
            self.width = max(1.0, to, self.width / 2)
            self._too_wide = self.width

    def close(self) -> None:
        """Begin anew with one question: the server has been away."""
        self._too_wide = max(self.width, FIRST_WINDOW)
        self.width = 1.0


class Server:
    """A server, how it does, and how many questions it has of us."""

    def __init__(self, url: str, served: Served, settings: RemoteSettings) -> None:
        self.url = url
        self.served = served
        self.takes_crops = served.by_vllm and served.is_phi3
        """Whether it lets us say how closely it looks; vLLM does if it is told to trust us."""
        self.outstanding = 0
        self.waiting = 0
        """How many questions, of whomever, it last said that it lets wait."""
        self.pages = {"/health", "/metrics"}
        """Where it tells how it does, beside its face; those that it has not got are dropped."""
        self.away_since: float | None = None
        """When it was first found away, by `time.monotonic()`; None while it lives."""
        self.window = Window(settings.at_once)
        self._filled = 0.0
        """When it was last given as much as it can take."""
        self._rests_until = 0.0
        self._failures = 0
        self.client = AsyncOpenAI(
            base_url=url,
            api_key=settings.key.get_secret_value() or "none",
            max_retries=0,
            timeout=Timeout(None, connect=settings.connect_seconds),
        )

    @property
    def is_up(self) -> bool:
        """Tell whether it is worth asking now."""
        return time.monotonic() >= self._rests_until

    @property
    def seems_away(self) -> bool:
        """Tell whether it has shown no sign of life since it was doubted, though it would have."""
        return self.away_since is not None and bool(self.pages)

    @property
    def has_room(self) -> bool:
        """Tell whether it is given one more question now."""
        return self.is_up and self.outstanding < int(self.window.width)

    @property
    def rest(self) -> float:
        """Tell in how many seconds it is worth asking again."""
        return max(0.0, self._rests_until - time.monotonic())

    def take(self) -> None:
        """Note that it is given a question."""
        self.outstanding += 1
        if self.outstanding >= int(self.window.width):
            self._filled = time.monotonic()

    def answered(self, since: float) -> None:
        """Note an answer that came to its end, to a question that it has had since."""
        self.lives()
        if not self.waiting and self._filled >= since:
            self.window.open()

    def lives(self) -> None:
        """Note a sign of life."""
        self.away_since = None
        if self._failures:
            self._failures = 0
            self._rests_until = 0.0

    def refused(self, seconds: float) -> None:
        """Note that it takes no more, and for how long it wants to be left alone."""
        self.away_since = None
        self.window.narrow(self.outstanding / 2, time.monotonic())
        self._rest(max(seconds, FIRST_REST))

    def doubted(self) -> None:
        """Note that it may be away, where a look at its pages is going to show whether it is."""
        if self.pages:
            self.away_since = self.away_since or time.monotonic()

    def lost(self) -> None:
        """Note that it is away."""
        if self.is_up:  # whoever else finds it so in this moment
            self.away_since = self.away_since or time.monotonic()
            self._failures += 1
            self.window.close()
            self._rest(min(FIRST_REST * 2 ** min(self._failures, 10), LONGEST_REST))

    def told(self, waiting: int) -> None:
        """Note how many questions it lets wait."""
        self.waiting = waiting
        if waiting:
            self.window.narrow(self.outstanding - waiting, time.monotonic())

    def _rest(self, seconds: float) -> None:
        # Jittered, so that those who were refused together do not come again together.
        self._rests_until = time.monotonic() + seconds * random.uniform(0.75, 1.25)


def root_of(url: str) -> str:
    """Return where a server tells of its health, given where its OpenAI face is."""
    return url.removesuffix("/v1")


def waiting_in(metrics: str) -> int | None:
    """Read vLLM's metrics: how many requests wait; None where they do not say."""
    counts = [
        float(line.rpartition(" ")[2])
        for line in metrics.splitlines()
        if line.startswith("vllm:num_requests_waiting{")
    ]
    return int(sum(counts)) if counts else None
