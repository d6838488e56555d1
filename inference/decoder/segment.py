"""What one step computes, said without a tensor."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draw:
    """How one row's next token is chosen; temperature 0 takes the likeliest."""

    temperature: float
    top_p: float
    point: float
    """Where in [0, 1) of the distribution the token lies: chance is drawn outside, so that equal
    draws give equal tokens whoever shares the step."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a picture's rows stand in a prompt."""

    key: int
    """Names the picture and its crops: equal keys have equal rows. Always negative."""
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of one sequence's rows, to be computed in one step."""

    base: int
    """The arena's row that holds the sequence's first."""
    start: int
    ids: tuple[int, ...]
    spans: Sequence[Span]
    long_rope: bool
    draw: Draw | None
    """How to choose the token after the run; None where the prompt goes on."""

    @property
    def stop(self) -> int:
        """Tell the row after the last one."""
        return self.start + len(self.ids)
