"""The engine in this process: what people ask goes in, what the model says comes out."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any

from PIL import Image

from inference.checkpoint.loading import load_model
from inference.checkpoint.memory import enough_memory, fit_slots, memory_for_slots
from inference.decoder.linears import pack_linears
from inference.decoder.runner import Runner, bytes_per_token
from inference.decoder.vision import VisionEncoder
from inference.engine.features import FeatureCache
from inference.engine.model_thread import ModelThread
from inference.engine.preparation import Preparation
from inference.engine.scheduler import Scheduler
from inference.engine.step_sizes import StepSizes
from inference.engine.transcript import Vocabulary
from inference.engine.turns import Turns
from inference.errors import EngineBusyError, InferenceError, ModelLoadError
from inference.interface import Delta, ModelKind, Request
from inference.pictures import Picture
from inference.settings import EngineSettings, Limits, read_settings
from inference.tasks import TASKS

logger = logging.getLogger(__name__)

CPU_CHUNK = 128
CPU_TILES = 2
"""On a CPU a prompt is computed in small pieces, so that the answers beside it go on."""
GPU_TILES = 17

ENDS = ("<|end|>", "<|endoftext|>", "<|user|>", "<|assistant|>", "<|system|>")
"""What ends an answer beside what its checkpoint names: a model that begins a turn has said all."""


class LocalEngine:
    """Answer several requests at a time with one model, which the engine takes over.

    All that touches the model runs on one thread, which rests when nobody asks; pictures are cut
    on two others. `generate` may be called from any event loop.
    """

    def __init__(
        self,
        model: Any,
        processor: Any,
        model_name: str,
        limits: Limits | None = None,
        kind: ModelKind = ModelKind.PHI3_VISION,
    ) -> None:
        limits = limits or read_settings(Limits)
        pack_linears(model)
        self._model_name = model_name
        self._kind = kind
        self._slot_lengths = _slot_lengths(model, limits)
        self._features = FeatureCache(limits.feature_bytes)
        self._preparation = Preparation(
            processor,
            vocabulary_of(model, processor),
            self._features,
            longest=max(self._slot_lengths),
        )
        turns = _turns(model, self._slot_lengths, self._features)
        self._model_thread = ModelThread(turns, limits.step_seconds)
        self._picture_threads = ThreadPoolExecutor(2, "pictures")
        self._accepted = 0
        self._lock = Lock()

    @classmethod
    def load(
        cls,
        settings: EngineSettings,
        progress: Callable[[float], None] | None = None,
        limits: Limits | None = None,
    ) -> "LocalEngine":
        """Load the model that the settings name; raises SettingsError or ModelLoadError."""
        limits = limits or read_settings(Limits)
        model, processor = load_model(settings, progress)
        with enough_memory("answers beside the model"):
            return cls(model, processor, settings.model_name, limits, settings.kind)

    @property
    def model_name(self) -> str:
        """Name the model as people know it."""
        return self._model_name

    @property
    def kind(self) -> ModelKind:
        """Tell in what words the model is to be asked."""
        return self._kind

    @property
    def slots(self) -> int:
        """Tell how many requests are answered at the same time."""
        return len(self._slot_lengths)

    def at_once(self, request: Request | None = None) -> int:
        """Tell how many requests like this one are answered at the same time; see Engine."""
        try:
            length = self._preparation.length(request or default_question())
        except InferenceError:  # it is refused, with the reason, when it is asked
            return 1
        return max(1, sum(slot >= length for slot in self._slot_lengths))

    @property
    def stopped(self) -> Future[None]:
        """Wait for the engine's end: done when closed, failed with GenerationError when it hung.

        A thread that hangs cannot be killed: end the process with `os._exit`, and not with 0.
        """
        return self._model_thread.stopped

    async def generate(self, request: Request) -> AsyncGenerator[Delta, None]:
        """Answer a request, piece by piece; see Engine.generate.

        Raises EngineBusyError where all slots are taken and slots + 1 requests wait.
        """
        self._accept()
        try:
            sequence = await asyncio.get_running_loop().run_in_executor(
                self._picture_threads, self._preparation.sequence, request, time.monotonic()
            )
            stream = self._model_thread.start(sequence)
            try:
                while True:
                    delta = await stream.take()
                    yield delta
                    if delta.ending:
                        return
            finally:
                self._model_thread.cancel(sequence)
        finally:
            with self._lock:
                self._accepted -= 1

    def forget(self, scope_prefix: str) -> None:
        """Drop what is kept of requests whose scope begins so; see Engine.forget."""
        self._features.clear()
        self._model_thread.forget(scope_prefix)  # with what the turn in hand may add

    async def close(self) -> None:
        """Finish the step in hand, fail what is left with EngineClosedError, free the model."""
        await self._model_thread.close()
        self._picture_threads.shutdown(wait=False)

    def _accept(self) -> None:
        with self._lock:
            self._model_thread.check_open()
            if self._accepted > 2 * self.slots:
                raise EngineBusyError("The engine has all the requests that it can take.")
            self._accepted += 1


def default_question() -> Request:
    """Return the question that most people ask: what a large picture shows."""
    return TASKS["describe"].request((Picture(Image.new("RGB", (1344, 1344))),))


def vocabulary_of(model: Any, processor: Any) -> Vocabulary:
    """Read what a model's tokens mean, and which of them end an answer."""
    ends = model.generation_config.eos_token_id
    vocabulary = processor.tokenizer.get_vocab()
    named = [vocabulary[token] for token in ENDS if token in vocabulary]
    return Vocabulary.of(
        processor.tokenizer.backend_tokenizer,
        {*named, *(ends if isinstance(ends, list) else [ends])},
    )


def _slot_lengths(model: Any, limits: Limits) -> tuple[int, ...]:
    bytes_each = bytes_per_token(model)
    room = memory_for_slots(model.device) // bytes_each
    lengths = fit_slots(room, limits.short_slot, limits.long_slot, limits.most_slots)
    if not lengths:
        raise ModelLoadError(
            f"There is too little memory beside the model: one answer takes "
            f"{limits.short_slot * bytes_each / 1e9:.1f} GB, and {room * bytes_each / 1e9:.1f} GB "
            f"are left for it."
        )
    if max(lengths) > (context := model.config.max_position_embeddings):
        raise ModelLoadError(
            f"ENGINE_LONG_SLOT is {limits.long_slot:,} tokens, and the model reads {context:,}."
        )
    counts = [f"{lengths.count(length)} × {length:,}" for length in sorted(set(lengths))]
    logger.info("Slots: %s tokens, %.1f GB", " and ".join(counts), sum(lengths) * bytes_each / 1e9)
    return lengths


def _turns(model: Any, slot_lengths: tuple[int, ...], features: FeatureCache) -> Turns:
    on_gpu = model.device.type == "cuda"
    scheduler = Scheduler(
        slot_lengths,
        rope_switch=model.config.original_max_position_embeddings,
    )
    sizes = StepSizes(
        chunk=max(slot_lengths) if on_gpu else CPU_CHUNK, tiles=GPU_TILES if on_gpu else CPU_TILES
    )
    return Turns(
        scheduler,
        Runner(model, slot_lengths),
        VisionEncoder(model),
        features,
        sizes,
    )
