"""The engine in this process: what people ask goes in, what the model says comes out."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from threading import Lock
from typing import Any

from PIL import Image

from inference.budget import SMALLEST_CONTEXT, arena_bytes, at_once
from inference.checkpoint.loading import load_model
from inference.checkpoint.memory import enough_memory, free_memory, give_back
from inference.decoder.fast_paths import candidates, settle
from inference.decoder.linears import held_bytes, pack_linears
from inference.decoder.moments import moments_of
from inference.decoder.quick_products import settle_products
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
    on two others. `generate` may be called from any event loop. With `load`, which returns the
    model anew and tells its progress, the model can be let go between two questions.
    """

    def __init__(
        self,
        model: Any,
        processor: Any,
        model_name: str,
        limits: Limits | None = None,
        kind: ModelKind = ModelKind.PHI3_VISION,
        load: Callable[[Callable[[float], None]], Any] | None = None,
    ) -> None:
        limits = limits or read_settings(Limits)
        self._model_name = model_name
        self._kind = kind
        self._limits = limits
        self._processor = processor
        self._load_model = load
        self._rows = _arena_rows(model, limits)
        self._longest = min(limits.context, self._rows)
        self._features = FeatureCache(limits.feature_bytes)
        self._preparation = Preparation(
            processor, vocabulary_of(model, processor), self._features, self._longest
        )
        self._model_thread = ModelThread(
            self._turns_of(model),
            limits.step_seconds,
            self._load_again if load else None,
            limits.release_after and limits.release_after * 60,
        )
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
        model, processor = load_model(settings, progress, limits.memory)
        # What wakes is what was let go, whatever the hub has by then.
        same = settings.model_copy(update={"source": model.name_or_path})

        def load(progress: Callable[[float], None]) -> Any:
            return load_model(same, progress, limits.memory)[0]

        with enough_memory("answers beside the model"):
            return cls(model, processor, settings.model_name, limits, settings.kind, load)

    @property
    def model_name(self) -> str:
        """Name the model as people know it."""
        return self._model_name

    @property
    def kind(self) -> ModelKind:
        """Tell in what words the model is to be asked."""
        return self._kind

    def at_once(self, request: Request | None = None) -> int:
        """Tell how many requests like this one are answered at the same time; see Engine."""
        if request is None:
            return self._descriptions_at_once
        try:
            length = self._preparation.length(request)
        except InferenceError:  # it is refused, with the reason, when it is asked
            return 1
        return at_once(length, self._rows, self._limits.most_at_once)

    @cached_property
    def _descriptions_at_once(self) -> int:
        return self.at_once(default_question())

    @property
    def is_loaded(self) -> bool:
        """Tell whether the model is in memory; if not, the next question loads it first."""
        return self._model_thread.is_loaded

    @property
    def stopped(self) -> Future[None]:
        """Wait for the engine's end: done when closed, failed with GenerationError when it hung.

        A thread that hangs cannot be killed: end the process with `os._exit`, and not with 0.
        """
        return self._model_thread.stopped

    def usage(self) -> dict[str, int]:
        """Tell what of its memory is in use; see Engine.usage."""
        return self._model_thread.usage()

    async def generate(self, request: Request) -> AsyncGenerator[Delta, None]:
        """Answer a request, piece by piece; see Engine.generate.

        Raises EngineBusyError where twice as many requests and one more are here as the engine
        ever answers at once.
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

    def release(self) -> Future[None]:
        """Let go of the model as soon as nobody waits; the next question loads it again.

        What is returned is done then, or when somebody came first.
        """
        return self._model_thread.release()

    async def close(self) -> None:
        """Finish the step in hand, fail what is left with EngineClosedError, free the model."""
        await self._model_thread.close()
        self._picture_threads.shutdown(wait=False)

    def _load_again(self, go_on: Callable[[], None]) -> Turns:
        assert self._load_model
        with enough_memory("answers beside the model"):
            return self._turns_of(self._load_model(lambda _: go_on()))

    def _turns_of(self, model: Any) -> Turns:
        """Lay a model out over an arena, and try the fast paths that its device may have."""
        pack_linears(model)
        products = settle_products(model)
        if products:
            give_back()  # what the trials took
        runner = Runner(model, self._rows, self._longest)
        heads = model.config.num_attention_heads
        self.fast_paths = [
            *products,
            *settle(runner, candidates(model.device, self._longest, heads)),
        ]
        on_gpu = model.device.type == "cuda"
        return Turns(
            Scheduler(
                self._rows,
                self._limits.most_at_once,
                model.config.original_max_position_embeddings,
            ),
            runner,
            VisionEncoder(model, self._processor.image_processor.cut),
            self._features,
            StepSizes(self._limits.context, GPU_TILES)
            if on_gpu
            else StepSizes(CPU_CHUNK, CPU_TILES),
            moments_of(model.device),
        )

    def _accept(self) -> None:
        with self._lock:
            self._model_thread.check_open()
            if self._accepted > 2 * self._limits.most_at_once:
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


def _arena_rows(model: Any, limits: Limits) -> int:
    """Return how many rows there is memory for, and use; raises ModelLoadError for too few."""
    if limits.context > (reads := model.config.max_position_embeddings):
        raise ModelLoadError(
            f"ENGINE_CONTEXT is {limits.context:,} tokens, and the model reads {reads:,}."
        )
    room = arena_bytes(
        free_memory(model.device),
        held_bytes(model),
        limits.memory,
        on_gpu=model.device.type == "cuda",
    )
    bytes_each = bytes_per_token(model)
    rows = min(room // bytes_each, limits.most_at_once * limits.context)
    if rows < SMALLEST_CONTEXT:
        raise ModelLoadError(
            f"There is too little memory beside the model: {room / 1e9:.1f} GB are left for "
            f"answers, and one of {SMALLEST_CONTEXT} tokens takes "
            f"{SMALLEST_CONTEXT * bytes_each / 1e9:.1f} GB."
        )
    logger.info("Room for %s tokens, %.1f GB", f"{rows:,}", rows * bytes_each / 1e9)
    return rows
