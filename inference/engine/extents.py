"""Which rows of the arena are whose. No tensor comes in here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from operator import eq
from typing import NamedTuple


@dataclass(eq=False)
class Extent:
    """A run of rows for one sequence's keys and values; afterwards it stays warm for the next."""

    start: int
    length: int
    scope: str | None
    long_rope: bool
    is_taken: bool = True
    keys: list[int] = field(default_factory=list)
    """What its rows stand for, once it is warm."""
    last_used: int = 0

    @property
    def stop(self) -> int:
        """Tell the row after its last one."""
        return self.start + self.length

    def shares(self, keys: Sequence[int], scope: str | None, long_rope: bool) -> int:
        """Count the rows that a sequence can take over; its last one must be computed anew."""
        if self.scope is None or (self.scope, self.long_rope) != (scope, long_rope):
            return 0
        return sum(1 for _ in takewhile(bool, map(eq, self.keys, keys[:-1])))


class Seat(NamedTuple):
    """What a sequence is given."""

    extent: Extent
    cached: int
    """The rows that are computed already."""
    source: int
    """Where the first of them lies now: other than at the extent's start, they must be moved."""


class Extents:
    """Give runs of rows out, first fit, and keep what was computed until the room is needed."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._extents: list[Extent] = []
        """By their start."""
        self._uses = 0

    @property
    def idle(self) -> list[Extent]:
        """List the warm runs, the least recently used first."""
        warm = (extent for extent in self._extents if not extent.is_taken)
        return sorted(warm, key=lambda extent: extent.last_used)

    def usage(self) -> dict[str, int]:
        """Count the rows that are taken and those that are warm; from any thread."""
        rows = {True: 0, False: 0}
        for extent in [*self._extents]:
            rows[extent.is_taken] += extent.length
        return {
            "arena_rows": self._rows,
            "arena_rows_taken": rows[True],
            "arena_rows_warm": rows[False],
        }

    def take(
        self, rows: int, keys: Sequence[int], scope: str | None, long_rope: bool
    ) -> Seat | None:
        """Give a sequence exactly so many rows, and what is warm of its beginning.

        None where there is no room beside those who are being served; then nothing is let go.
        """
        if rows > max(hole for _, hole in self._holes(taken_alone=True)):
            return None
        warm, cached = self._warmest(keys, scope, long_rope)
        if warm:
            self._extents.remove(warm)
        start = self._first_fit(rows, warm)
        while start is None:
            self._extents.remove(self.idle[0])
            start = self._first_fit(rows, warm)
        extent = Extent(start, rows, scope, long_rope)
        self._extents.append(extent)
        self._extents.sort(key=lambda each: each.start)
        return Seat(extent, cached, warm.start if warm else start)

    def leave(self, extent: Extent, keys: Sequence[int]) -> None:
        """Let a run go; what was computed stays warm, where its scope may ask again."""
        self._uses += 1
        if extent.scope is None or not keys:
            self._extents.remove(extent)
        else:
            extent.is_taken, extent.last_used = False, self._uses
            extent.keys, extent.length = list(keys), len(keys)

    def forget(self, scope_prefix: str) -> None:
        """Let what these scopes have computed go; who is being served leaves nothing warm."""
        theirs = [each for each in self._extents if (each.scope or "").startswith(scope_prefix)]
        for extent in theirs:
            extent.scope = None
            if not extent.is_taken:
                self._extents.remove(extent)

    def _warmest(
        self, keys: Sequence[int], scope: str | None, long_rope: bool
    ) -> tuple[Extent | None, int]:
        # A short common beginning is not worth another sequence's warm run.
        shares = [(extent.shares(keys, scope, long_rope), extent) for extent in self.idle]
        cached, warm = max(shares, key=lambda share: share[0], default=(0, None))
        return (warm, cached) if warm and 2 * cached >= len(keys) else (None, 0)

    def _first_fit(self, rows: int, warm: Extent | None) -> int | None:
        """Find room: best of all where the warm beginning lies already."""
        holes = [start for start, length in self._holes() if length >= rows]
        if warm:
            stays = any(
                start <= warm.start and warm.start + rows <= start + length
                for start, length in self._holes()
            )
            holes = [warm.start, *holes] if stays else holes
        return next(iter(holes), None)

    def _holes(self, *, taken_alone: bool = False) -> Iterator[tuple[int, int]]:
        """List start and length of the room between runs, in the order of the rows."""
        start = 0
        for extent in self._extents:
            if extent.is_taken or not taken_alone:
                yield start, extent.start - start
                start = extent.stop
        yield start, self._rows - start
