"""The engine's turn: admit, encode, step, hand out. All of it runs on one thread."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

import torch

from inference.decoder.runner import Runner
from inference.decoder.step import Segment
from inference.decoder.vision import VisionEncoder
from inference.engine.features import FeatureCache
from inference.engine.scheduler import Scheduler, Slot
from inference.engine.sequence import Sequence
from inference.errors import DeadlinePassedError, GenerationError, InferenceError
from inference.interface import Delta, StopReason

logger = logging.getLogger(__name__)

T = TypeVar("T")
SMALLEST_CHUNK = 16
Delivery = tuple[Sequence, Delta | InferenceError]


class Turns:
    """Serve sequences together, a turn at a time.

    `tiles` is the most tiles of a picture that one turn encodes.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        runner: Runner,
        encoder: VisionEncoder,
        features: FeatureCache,
        tiles: int,
    ) -> None:
        self._scheduler = scheduler
        self._runner = runner
        self._encoder = encoder
        self._features = features
        self._tiles = tiles
        self._deliveries: list[Delivery] = []

    @property
    def has_work(self) -> bool:
        """Tell whether anybody waits for anything."""
        return bool(self._scheduler.waiting or self._scheduler.running)

    def add(self, sequence: Sequence) -> None:
        """Take a sequence on."""
        self._scheduler.add(sequence)

    def cancel(self, sequence: Sequence) -> None:
        """Let a sequence go, whatever it is at."""
        self._scheduler.leave(sequence)

    def forget(self, scope_prefix: str) -> None:
        """Drop the warm slots of these scopes, and the rows of all pictures."""
        self._drop(self._scheduler.forget(scope_prefix))
        self._features.clear()

    def release(self) -> None:
        """Let go of the model."""
        del self._runner, self._encoder

    def turn(self) -> list[Delivery]:
        """Do one turn for everybody; return what each is to be given."""
        self._expire()
        if sequence := self._scheduler.admit():
            self._welcome(sequence)
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
            if sequence.is_prefilling:
                self._fail(sequence, DeadlinePassedError("The deadline passed before the answer."))
            else:
                self._finish(sequence, sequence.transcript.end(StopReason.DEADLINE))

    def _welcome(self, sequence: Sequence) -> None:
        sequence.clock.admitted = time.monotonic()
        slot = self._scheduler.running[sequence]
        self._attempt([sequence], lambda: self._runner.key_values.reserve(slot.index))

    def _encode(self) -> None:
        sequence = self._scheduler.prefilling
        picture = sequence.picture_to_encode() if sequence else None
        if not sequence or not picture:
            return
        began = time.monotonic()
        rows = self._attempt([sequence], lambda: self._encoder.advance(picture, self._tiles))
        sequence.clock.encoding += time.monotonic() - began
        if rows is not None:
            sequence.rows[picture.key] = rows
            self._features.put(picture.key, rows)

    def _step(self) -> None:
        touched = [sequence for sequence, _ in self._scheduler.plan()]
        if not touched:
            return
        for sequence, segment, token in self._attempt(touched, self._compute) or []:
            sequence.computed = segment.stop
            if segment.draw and token is None:
                self._fail(sequence, GenerationError("The model computed something not a number."))
            elif token is not None:
                self._take(sequence, token)

    def _compute(self) -> list[tuple[Sequence, Segment, int | None]]:
        plan = self._scheduler.plan()
        prefilling = self._scheduler.prefilling
        rows = prefilling.rows if prefilling else {}
        tokens = iter(self._runner.step([segment for _, segment in plan], rows))
        return [
            (sequence, segment, next(tokens) if segment.draw else None)
            for sequence, segment in plan
        ]

    def _take(self, sequence: Sequence, token: int) -> None:
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
        sequence.computed = 0  # what its slot holds may be wrong
        self._scheduler.leave(sequence)
        self._deliveries.append((sequence, error))

    def _attempt(self, touched: list[Sequence], work: Callable[[], T]) -> T | None:
        while True:
            try:
                return work()
            except torch.OutOfMemoryError as error:
                if self._make_room():
                    continue
                failure: Exception = error
            except Exception as error:
                failure = error
            logger.error("A step failed; %d requests with it", len(touched), exc_info=failure)
            for sequence in touched:
                self._fail(sequence, GenerationError(f"The model failed: {failure}"))
            return None

    def _make_room(self) -> bool:
        # One thing a time, the dearest last; False when there is nothing left to give up.
        made = self._features.clear() or self._drop(self._scheduler.idle_slots) or self._take_less()
        torch.cuda.empty_cache()
        return made

    def _drop(self, slots: list[Slot]) -> bool:
        dropped = False
        for slot in slots:
            slot.keys = []
            dropped |= self._runner.key_values.drop(slot.index)
        return dropped

    def _take_less(self) -> bool:
        if self._scheduler.chunk <= SMALLEST_CHUNK and self._tiles == 1:
            return False
        self._scheduler.chunk = max(self._scheduler.chunk // 2, SMALLEST_CHUNK)
        self._tiles = max(self._tiles // 2, 1)
        logger.warning(
            "Out of memory: from now on %d tokens and %d tiles a step",
            self._scheduler.chunk,
            self._tiles,
        )
        return True
