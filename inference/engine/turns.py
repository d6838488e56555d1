"""The engine's turn: admit, encode, step, hand out. All of it runs on one thread."""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import torch

from inference.checkpoint.memory import empty_cache, is_out_of_memory
from inference.decoder.moments import HostMoment, Moment
from inference.decoder.runner import Runner
from inference.decoder.segment import Segment
from inference.decoder.vision import VisionEncoder
from inference.engine.features import FeatureCache
from inference.engine.scheduler import Admission, Scheduler
from inference.engine.sequence import Sequence
from inference.engine.step_sizes import StepSizes
from inference.errors import DeadlinePassedError, GenerationError, InferenceError
from inference.interface import Delta, StopReason

logger = logging.getLogger(__name__)

T = TypeVar("T")
MOST_FAILURES = 3
"""Failed steps in a row: after so many the fault lies with the engine, not with a request."""
Delivery = tuple[Sequence, Delta | InferenceError]


class Turns:
    """Serve sequences together, a turn at a time.

    A turn raises what cannot heal: nothing that is asked afterwards would be answered.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        runner: Runner,
        encoder: VisionEncoder,
        features: FeatureCache,
        sizes: StepSizes,
        moment: Callable[[], Moment] = HostMoment,
    ) -> None:
        self._scheduler = scheduler
        self._runner = runner
        self._encoder = encoder
        self._features = features
        self._sizes = sizes
        self._moment = moment
        self._failures = 0
        self._deliveries: list[Delivery] = []

    @property
    def has_work(self) -> bool:
        """Tell whether anybody waits for anything."""
        return bool(self._scheduler.waiting or self._scheduler.running)

    def usage(self) -> dict[str, int]:
        """Tell what of the memory for answers and pictures is in use; from any thread."""
        return {**self._scheduler.extents.usage(), **self._features.usage()}

    def add(self, sequence: Sequence) -> None:
        """Take a sequence on."""
        self._scheduler.add(sequence)

    def cancel(self, sequence: Sequence) -> None:
        """Let a sequence go, whatever it is at."""
        self._scheduler.leave(sequence)

    def forget(self, scope_prefix: str) -> None:
        """Let go of what these scopes have computed, and of the rows of all pictures."""
        self._scheduler.forget(scope_prefix)
        self._features.clear()

    def release(self) -> None:
        """Let go of the model, and of what lies on its device."""
        del self._runner, self._encoder
        self._features.leave_device()

    def turn(self) -> list[Delivery]:
        """Do one turn for everybody; return what each is to be given."""
        self._expire()
        if admission := self._scheduler.admit():
            self._welcome(admission)
        self._encode()
        self._step()
        deliveries, self._deliveries = self._deliveries, []
        return deliveries

    def _expire(self) -> None:
        now = time.monotonic()
        for sequence in [*self._scheduler.waiting, *self._scheduler.running]:
            deadline = sequence.request.deadline
            if deadline is None or now < deadline:
                continue
            if not sequence.transcript.tokens:
                self._fail(sequence, DeadlinePassedError("The deadline passed before the answer."))
            else:
                self._finish(sequence, sequence.transcript.end(StopReason.DEADLINE))

    def _welcome(self, admission: Admission) -> None:
        sequence, source, target = admission
        sequence.clock.admitted = time.monotonic()
        if source != target:
            move = partial(self._runner.arena.move, source, target, sequence.cached)
            self._attempt([sequence], move)

    def _encode(self) -> None:
        sequence = self._scheduler.prefilling
        picture = sequence.picture_to_encode() if sequence else None
        if not sequence or not picture:
            return
        known = self._features.get(picture.key)
        if known is not None:  # somebody who came before has asked about it, too
            sequence.rows[picture.key] = known
            return
        began, ended = self._moment(), self._moment()
        began.record()
        rows = self._attempt([sequence], lambda: self._encoder.advance(picture, self._sizes.tiles))
        ended.record()
        sequence.clock.encodings.append((began, ended))
        if rows is None:
            return
        # On a GPU this waits for the tower, and takes memory, too.
        are_numbers = self._attempt([sequence], lambda: bool(rows.isfinite().all()))
        if are_numbers:
            sequence.rows[picture.key] = rows
            self._features.put(picture.key, rows)
        elif are_numbers is not None:
            self._fail(
                sequence, GenerationError("A picture was encoded to something not a number.")
            )

    def _step(self) -> None:
        computed = self._attempt([s for s, _ in self._plan()], self._compute)
        if computed:
            self._failures = 0
        for sequence, segment, token in computed or []:
            sequence.computed = segment.stop
            if segment.draw and token is None:
                self._fail(sequence, GenerationError("The model computed something not a number."))
            elif token is not None:
                self._take(sequence, token)

    def _plan(self) -> list[tuple[Sequence, Segment]]:
        return self._scheduler.plan(self._sizes.chunk)

    def _compute(self) -> list[tuple[Sequence, Segment, int | None]]:
        plan = self._plan()
        if not plan:
            return []
        rows = {key: rows for sequence, _ in plan for key, rows in sequence.rows.items()}
        tokens = iter(self._runner.step([segment for _, segment in plan], rows))
        return [
            (sequence, segment, next(tokens) if segment.draw else None)
            for sequence, segment in plan
        ]

    def _take(self, sequence: Sequence, token: int) -> None:
        if sequence.is_prefilling:
            self._sizes.grow()
        reason = sequence.add(token)
        if reason:
            self._finish(sequence, reason)
        elif text := sequence.transcript.take():
            self._deliveries.append((sequence, Delta(text)))

    def _finish(self, sequence: Sequence, reason: StopReason) -> None:
        self._scheduler.leave(sequence)
        delta = Delta(sequence.transcript.take(), sequence.ending(reason))
        self._deliveries.append((sequence, delta))

    def _fail(self, sequence: Sequence, error: InferenceError) -> None:
        sequence.computed = 0  # what was computed may be wrong
        self._scheduler.leave(sequence)
        self._deliveries.append((sequence, error))

    def _attempt(self, touched: list[Sequence], work: Callable[[], T]) -> T | None:
        """Do some work; where it fails, fail whom it touched. None where it failed for all."""
        touched = list(touched)
        while True:
            try:
                return work()
            except Exception as error:
                if not is_out_of_memory(error):
                    self._failures += 1
                    if self._failures >= MOST_FAILURES or _cannot_heal(error):
                        raise
                    self._lose(touched, error)
                    return None
                if not self._make_room():
                    victim = self._dearest(touched)
                    touched.remove(victim)
                    self._lose([victim], error)
                    if not touched:
                        return None

    def _lose(self, lost: list[Sequence], error: Exception) -> None:
        logger.error("A step failed; %d requests with it", len(lost), exc_info=error)
        for sequence in lost:
            self._fail(sequence, GenerationError(f"The model failed: {error}"))

    def _dearest(self, touched: list[Sequence]) -> Sequence:
        # Who prefills needs most and has least to lose; then whoever came last.
        return next((s for s in touched if s.is_prefilling), touched[-1])

    def _make_room(self) -> bool:
        # One thing at a time, what is idle first; False when there is nothing left to give up.
        made = self._features.leave_device() or (
            bool(self._scheduler.prefilling) and self._sizes.shrink()
        )
        empty_cache()
        return made


def _cannot_heal(error: Exception) -> bool:
    # After a fault of its own a GPU does nothing more for this process.
    return isinstance(error, torch.AcceleratorError) or str(error).startswith("CUDA error")
