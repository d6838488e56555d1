"""Who is served next, in which slot, and what one step computes. No tensor comes in here."""

from collections import deque
from dataclasses import dataclass, field
from itertools import takewhile

from inference.decoder.step import Segment
from inference.engine.sequence import Sequence


@dataclass(eq=False)
class Slot:
    """A place for one sequence's keys and values; afterwards it stays warm for the next."""

    index: int
    length: int
    taken: bool = False
    keys: list[int] = field(default_factory=list)
    """What its rows stand for."""
    scope: str | None = None
    long_rope: bool = False
    last_used: int = 0

    def shares(self, sequence: Sequence, long_rope: bool) -> int:
        """Count the rows that a sequence can take over; its last one must be computed anew."""
        if self.scope is None or self.scope != sequence.request.scope:
            return 0
        if self.long_rope != long_rope:
            return 0
        pairs = zip(self.keys, sequence.keys[:-1], strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


class Scheduler:
    """Give slots to sequences, first come first served, and plan the steps.

    `rope_switch` is the longest sequence that uses the short rope factors.
    """

    def __init__(self, slot_lengths: tuple[int, ...], rope_switch: int) -> None:
        self.slots = [Slot(index, length) for index, length in enumerate(slot_lengths)]
        self.waiting: deque[Sequence] = deque()
        self.running: dict[Sequence, Slot] = {}
        self._rope_switch = rope_switch
        self._uses = 0

    @property
    def prefilling(self) -> Sequence | None:
        """Tell whose prompt is being computed: one at a time."""
        return next((sequence for sequence in self.running if sequence.is_prefilling), None)

    @property
    def idle_slots(self) -> list[Slot]:
        """List the slots that nobody has."""
        return [slot for slot in self.slots if not slot.taken]

    def add(self, sequence: Sequence) -> None:
        """Put a sequence at the end of the queue."""
        self.waiting.append(sequence)

    def admit(self) -> Sequence | None:
        """Give the first in the queue a slot; one whose slot is not free may be passed by.

        Nobody is admitted while another's prompt is being computed.
        """
        if self.prefilling:
            return None
        for sequence in self.waiting:
            if slot := self._best_slot(sequence):
                self.waiting.remove(sequence)
                self._seat(sequence, slot)
                return sequence
        return None

    def plan(self, chunk: int) -> list[tuple[Sequence, Segment]]:
        """Plan a step: the next row of every answer, and the next rows of the prompt.

        At most `chunk` of a prompt's.
        """
        return [
            (sequence, self._segment(sequence, slot, chunk))
            for sequence, slot in self.running.items()
            if not sequence.picture_to_encode()
        ]

    def leave(self, sequence: Sequence) -> None:
        """Let a sequence go; its slot, if it had one, stays warm."""
        if sequence in self.waiting:
            self.waiting.remove(sequence)
        if slot := self.running.pop(sequence, None):
            self._uses += 1
            slot.taken = False
            slot.keys = sequence.keys[: sequence.computed]
            slot.last_used = self._uses

    def forget(self, scope_prefix: str) -> list[Slot]:
        """Make the slots of these scopes nobody's; return those that are idle."""
        theirs = [slot for slot in self.slots if (slot.scope or "").startswith(scope_prefix)]
        for slot in theirs:
            slot.scope = None
        return [slot for slot in theirs if not slot.taken]

    def _best_slot(self, sequence: Sequence) -> Slot | None:
        fitting = [slot for slot in self.idle_slots if slot.length >= sequence.longest]
        return max(fitting, key=lambda slot: self._worth(slot, sequence), default=None)

    def _worth(self, slot: Slot, sequence: Sequence) -> tuple[int, int, int]:
        # A short common beginning is not worth another sequence's warm slot.
        shared = slot.shares(sequence, self._needs_long_rope(sequence))
        saved = shared if 2 * shared >= len(sequence.keys) else 0
        return saved, -slot.length, -slot.last_used

    def _seat(self, sequence: Sequence, slot: Slot) -> None:
        long_rope = self._needs_long_rope(sequence)
        sequence.cached = sequence.computed = slot.shares(sequence, long_rope)
        slot.taken, slot.scope, slot.long_rope = True, sequence.request.scope, long_rope
        self.running[sequence] = slot

    def _segment(self, sequence: Sequence, slot: Slot, chunk: int) -> Segment:
        start = sequence.computed
        ids = tuple(sequence.ids[start : start + chunk])
        stop = start + len(ids)
        return Segment(
            slot.index,
            start,
            ids,
            sequence.spans_within(start, stop),
            slot.long_rope,
            sequence.draw if stop == len(sequence.ids) else None,
        )

    def _needs_long_rope(self, sequence: Sequence) -> bool:
        # Fixed at admission: an answer does not change its factors in the middle.
        return sequence.longest > self._rope_switch
