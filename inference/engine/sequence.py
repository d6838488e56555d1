"""A request on its way through the engine."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inference.decoder.segment import Draw
from inference.engine.prompt import PictureSpan, Prompt
from inference.engine.transcript import Transcript

if TYPE_CHECKING:  # the scheduler knows sequences, and no tensor
    import torch

    from inference.decoder.moments import Moment
    from inference.decoder.vision import TiledPicture
from inference.interface import Ending, Request, StopReason


@dataclass
class Clock:
    """When a request reached each station, by `time.monotonic()`, and how long some work took."""

    arrived: float
    preparation: float = 0.0
    encodings: list[tuple[Moment, Moment]] = field(default_factory=list)
    """When the vision tower began and ended, each time."""
    admitted: float = 0.0
    first_token: float = 0.0

    @property
    def encoding(self) -> float:
        """Count the vision tower's seconds; it must have ended."""
        return sum(began.elapsed_time(ended) for began, ended in self.encodings) / 1000


@dataclass(eq=False)
class Sequence:
    """A request, its prompt, its answer so far, and how much of both has been computed."""

    request: Request
    prompt: Prompt
    transcript: Transcript
    tiled: dict[int, TiledPicture]
    """The pictures to encode, by key."""
    rows: dict[int, torch.Tensor]
    """The pictures' decoder rows (rows, hidden size), by key, until the prompt is computed."""
    clock: Clock
    computed: int = 0
    """Rows whose keys and values are in the arena."""
    cached: int = 0
    """The rows that were there before."""
    keeps_pictures: bool = False
    """The prompt may have to be computed again."""
    passed_by: int = 0
    """How many came later and were served before."""

    def __post_init__(self) -> None:
        self.ids = list(self.prompt.ids)
        self.keys = list(self.prompt.keys)
        self._random = random.Random(self.request.sampling.seed)
        self._point = self._random.random()

    @property
    def rows_needed(self) -> int:
        """Tell how many rows prompt and answer take at most; the last token is never computed."""
        return len(self.prompt.ids) + self.prompt.max_new_tokens - 1

    @property
    def is_prefilling(self) -> bool:
        """Tell whether more is to be computed than the row after the last token."""
        return not self.transcript.tokens or self.computed < len(self.ids) - 1

    def picture_to_encode(self) -> TiledPicture | None:
        """Return the next picture whose rows the prompt needs, if one has not got them yet."""
        missing = (
            self.tiled[span.key]
            for span in self.prompt.spans
            if span.stop > self.computed and span.key not in self.rows
        )
        return next(missing, None)

    def spans_within(self, start: int, stop: int) -> tuple[PictureSpan, ...]:
        """List the pictures that have rows among the given ones."""
        return tuple(s for s in self.prompt.spans if s.start < stop and s.stop > start)

    @property
    def draw(self) -> Draw:
        """Tell how the next token is chosen."""
        sampling = self.request.sampling
        return Draw(sampling.temperature, sampling.top_p, self._point)

    def add(self, token: int) -> StopReason | None:
        """Take the next token; return why the answer is over, if it is."""
        if not self.transcript.tokens:
            self.clock.first_token = time.monotonic()
            if not self.keeps_pictures:
                self.tiled, self.rows = {}, {}
        self.ids.append(token)
        self.keys.append(token)
        self._point = self._random.random()
        return self.transcript.add(token)

    def ending(self, reason: StopReason) -> Ending:
        """Sum up, now that the answer is over."""
        clock, encoding = self.clock, self.clock.encoding
        return Ending(
            reason,
            prompt_tokens=len(self.prompt.ids),
            cached_tokens=self.cached,
            new_tokens=len(self.transcript.tokens),
            crops=self.prompt.crops,
            queued=clock.admitted - clock.arrived - clock.preparation,
            preparation=clock.preparation,
            encoding=encoding,
            prefill=clock.first_token - clock.admitted - encoding,
            decode=time.monotonic() - clock.first_token,
            fewer_crops=self.prompt.fewer_crops,
        )
