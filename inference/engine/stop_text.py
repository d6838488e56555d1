"""Text that grows, up to the first stop string in it."""

from collections.abc import Iterable


class StopText:
    """Holds back what may yet turn out to be the beginning of a stop string."""

    def __init__(self, stop: tuple[str, ...]) -> None:
        self._stop = stop
        self._settled = ""
        self._held = ""

    def add(self, text: str) -> bool:
        """Take more text; tell whether a stop string ends it."""
        self._held += text
        if self._cut_at_stop():
            return True
        self._settle(len(self._held) - _overlap(self._held, self._stop))
        return False

    def end(self) -> None:
        """Let go of all that is held back: nothing more comes."""
        self._settle(len(self._held))

    def take(self) -> str:
        """Return the text that can be shown and has not been taken before."""
        text, self._settled = self._settled, ""
        return text

    def _cut_at_stop(self) -> bool:
        found = [at for stop in self._stop if (at := self._held.find(stop)) >= 0]
        if found:
            self._settle(min(found))
        return bool(found)

    def _settle(self, length: int) -> None:
        self._settled += self._held[:length]
        self._held = self._held[length:]


def _overlap(text: str, stops: Iterable[str]) -> int:
    return max(
        (
            length
            for stop in stops
            for length in range(1, min(len(stop), len(text) + 1))
            if text.endswith(stop[:length])
        ),
        default=0,
    )
