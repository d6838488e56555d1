"""Who is served next, on which rows of the arena, and what one step computes.

No tensor comes in here.
"""

from collections import deque
from typing import NamedTuple

from inference.decoder.segment import Segment
from inference.engine.extents import Extent, Extents
from inference.engine.sequence import Sequence

MOST_PASSED_BY = 16
"""So many may overtake a sequence that needs more room than there is; then all wait for it."""


class Admission(NamedTuple):
    """Who is served from now on, and what of it is computed already."""

    sequence: Sequence
    source: int
    """Where its first rows lie."""
    target: int
    """Where they must lie."""


class Scheduler:
    """Give sequences room, first come first served, and plan the steps.

    `rows` is the arena's length, `most` how many are served at once, `rope_switch` the longest
    sequence that uses the short rope factors.
    """

    def __init__(self, rows: int, most: int, rope_switch: int) -> None:
        self.waiting: deque[Sequence] = deque()
        self.running: dict[Sequence, Extent] = {}
        self.extents = Extents(rows)
        self._most = most
        self._rope_switch = rope_switch

    @property
    def prefilling(self) -> Sequence | None:
        """Tell whose prompt is being computed: one at a time."""
        return next((sequence for sequence in self.running if sequence.is_prefilling), None)

    def add(self, sequence: Sequence) -> None:
        """Put a sequence at the end of the queue."""
        self.waiting.append(sequence)

    def admit(self) -> Admission | None:
        """Serve the first in the queue; one that there is no room for may be passed by.

        Nobody is admitted while another's prompt is being computed.
        """
        if self.prefilling or len(self.running) >= self._most:
            return None
        passed: list[Sequence] = []
        for sequence in self.waiting:
            if admission := self._seat(sequence):
                self.waiting.remove(sequence)
                for each in passed:
                    each.passed_by += 1
                return admission
            if sequence.passed_by >= MOST_PASSED_BY:
                return None
            passed.append(sequence)
        return None

    def plan(self, chunk: int) -> list[tuple[Sequence, Segment]]:
        """Plan a step: the next row of every answer, and the next rows of the prompt.

        At most `chunk` of a prompt's.
        """
        for sequence, extent in self.running.items():
            if not extent.long_rope and len(sequence.ids) > self._rope_switch:
                # As `generate` does: what outgrows the short factors is computed anew.
                extent.long_rope, sequence.computed = True, 0
        return [
            (sequence, self._segment(sequence, extent, chunk))
            for sequence, extent in self.running.items()
            if not sequence.picture_to_encode()
        ]

    def leave(self, sequence: Sequence) -> None:
        """Let a sequence go; what of it was computed stays warm."""
        if sequence in self.waiting:
            self.waiting.remove(sequence)
        if extent := self.running.pop(sequence, None):
            self.extents.leave(extent, sequence.keys[: sequence.computed])

    def forget(self, scope_prefix: str) -> None:
        """Let what these scopes have computed go."""
        self.extents.forget(scope_prefix)

    def _seat(self, sequence: Sequence) -> Admission | None:
        is_long = len(sequence.ids) > self._rope_switch
        scope = sequence.request.scope
        seat = self.extents.take(sequence.rows_needed, sequence.keys, scope, is_long)
        if not seat:
            return None
        extent, cached, source = seat
        self.running[sequence] = extent
        sequence.cached = sequence.computed = cached
        sequence.keeps_pictures = not is_long and sequence.rows_needed > self._rope_switch
        return Admission(sequence, source, extent.start)

    def _segment(self, sequence: Sequence, extent: Extent, chunk: int) -> Segment:
        start = sequence.computed
        ids = tuple(sequence.ids[start : start + chunk])
        stop = start + len(ids)
        return Segment(
            extent.start,
            start,
            ids,
            sequence.spans_within(start, stop),
            extent.long_rope,
            sequence.draw if stop == len(sequence.ids) else None,
        )
