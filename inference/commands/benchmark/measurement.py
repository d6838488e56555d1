"""The measuring itself: an engine and plain `generate` over the same weights, in turns."""

import argparse
import asyncio
import copy
import io
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from statistics import median, quantiles
from typing import Any

import numpy as np
import psutil
import torch
from PIL import Image
from torch import nn

from inference.checkpoint.loading import load_model
from inference.commands.benchmark.floors import Machine, measure_machine, work_of
from inference.commands.benchmark.random_model import random_model
from inference.decoder.small_linears import Kind, shrink
from inference.engine.local import LocalEngine, vocabulary_of
from inference.interface import Ending, Message, Request
from inference.pictures import Picture, decode_picture
from inference.settings import EngineSettings, read_settings

WIDTH, HEIGHT = 1920, 1080
QUESTION = "Describe what is shown in this picture."
FOLLOW_UP = "What is in the background?"
TICK = 0.005
NEVER = -1e4
"""A score that no token is chosen with."""


@dataclass(frozen=True, slots=True)
class Alone:
    """One request by itself, taken apart. Times are in seconds."""

    crops: int
    prompt_tokens: int
    decode_picture: float
    resize: float
    encode: float
    prefill: float
    first_token: float
    first_token_floor: float
    follow_up: float


@dataclass(frozen=True, slots=True)
class Together:
    """Requests at the same time, each with its own picture. Times are in seconds."""

    crops: int
    concurrency: int
    requests_per_second: float
    tokens_per_second: float
    first_token: float
    per_token: float
    """While others join, too."""
    step: float
    """Per token, once all have their first."""
    step_floor: float
    bytes_per_second: float
    generate_seconds: float | None
    """Plain `generate` for one such request."""

    @property
    def against_generate(self) -> float | None:
        """Tell how many times as many requests are answered as by `generate`, one by one."""
        if self.generate_seconds is None:
            return None
        return self.requests_per_second * self.generate_seconds


@dataclass(frozen=True, slots=True)
class Report:
    """All that was measured in one run."""

    model: str
    device: str
    dtype: str
    new_tokens: int
    machine: Machine
    alone: list[Alone]
    together: list[Together]
    lag_median: float
    lag_99: float
    peak_bytes: int


@dataclass(frozen=True, slots=True)
class Wave:
    """What came of requests that were sent at the same moment."""

    seconds: float
    first_tokens: list[float]
    endings: list[Ending]


@dataclass(slots=True)
class Watch:
    """The event loop's lags and the most memory, while the watch is on."""

    lags: list[float] = field(default_factory=list)
    peak_bytes: int = 0


async def measure(options: argparse.Namespace) -> Report:
    """Measure what the options ask for."""
    wanted = read_settings(EngineSettings)
    kind: Kind = "full" if wanted.weights == "auto" else wanted.weights
    settings = wanted.model_copy(update={"weights": "full"})  # plain generate has no other
    if options.random:
        name = f"random weights, {options.random} layers"
        model, processor = await asyncio.to_thread(random_model, options.random, settings)
    else:
        name = settings.model_name
        model, processor = await asyncio.to_thread(load_model, settings)
    device = model.device
    machine = await asyncio.to_thread(measure_machine, device, model.dtype)
    subject = Subject(model, processor, options.new_tokens, beside=bool(options.against), kind=kind)
    try:
        async with _watching(device) as watch:
            alone = [await subject.alone(crops, machine, options.rounds) for crops in options.crops]
            together = [
                await subject.together(crops, concurrency, machine, options.rounds)
                for crops in options.crops
                for concurrency in subject.at_once(crops, options.concurrency)
            ]
    finally:
        await subject.engine.close()
    return Report(
        name,
        _device_name(device),
        f"{str(model.dtype).removeprefix('torch.')}, {kind} weights",
        options.new_tokens,
        machine,
        alone,
        together,
        median(watch.lags),
        quantiles(watch.lags, n=100)[98],
        watch.peak_bytes,
    )


class Subject:
    """An engine and, where asked for, plain `generate` over the same weights; they take turns.

    No answer ends by itself, so that all are equally long. Small weights are the engine's alone:
    `generate` has them in full, on a processor in the numbers that it is faster with.
    """

    def __init__(
        self, model: Any, processor: Any, new_tokens: int, *, beside: bool, kind: Kind = "full"
    ) -> None:
        _never_end(model, vocabulary_of(model, processor).ends)
        self._stocks = [_stock(model)] if beside else []
        if beside and kind != "full" and model.device.type == "cpu":
            self._stocks.append(_in_other_numbers(self._stocks[0]))
        shrink(model, kind)
        self._work = work_of(model)
        self.engine = LocalEngine(model, processor, "benchmark")
        self._processor = processor
        self._new_tokens = new_tokens
        self._random = np.random.default_rng(0)

    def at_once(self, crops: int, wanted: Iterable[int]) -> list[int]:
        """Return the numbers of requests asked for, none more than are answered at once."""
        most = self.engine.at_once(self._request(crops))
        return list(dict.fromkeys(min(number, most) for number in wanted))

    async def alone(self, crops: int, machine: Machine, rounds: int) -> Alone:
        """Take the way to the first token apart, and ask again about the same picture."""
        await self._serve([self._request(crops)])  # warms up
        parts, follow_ups, decoding = [], [], []
        for _ in range(rounds):
            file = self._draw()
            began = time.perf_counter()
            picture = decode_picture(file)
            decoding.append(time.perf_counter() - began)
            request = self._request(crops, picture)
            parts.append(await self._serve([request]))
            follow_ups.append((await self._serve([_follow_up(request)])).first_tokens[0])
        endings = [wave.endings[0] for wave in parts]
        tokens = endings[0].prompt_tokens
        return Alone(
            crops,
            tokens,
            decode_picture=median(decoding),
            resize=median(ending.preparation for ending in endings),
            encode=median(ending.encoding for ending in endings),
            prefill=median(ending.prefill for ending in endings),
            first_token=median(wave.first_tokens[0] for wave in parts),
            first_token_floor=self._work.first_token_floor(machine, self._tiles(crops), tokens),
            follow_up=median(follow_ups),
        )

    async def together(
        self, crops: int, concurrency: int, machine: Machine, rounds: int
    ) -> Together:
        """Serve requests together, in turns with `generate` for one of them."""
        waves, follow_ups = [], []
        generated: list[list[float]] = [[] for _ in self._stocks]
        for _ in range(rounds):
            requests = [self._request(crops) for _ in range(concurrency)]
            waves.append(await self._serve(requests))
            follow_ups.append(await self._serve([_follow_up(request) for request in requests]))
            for stock, seconds in zip(self._stocks, generated, strict=True):
                seconds.append(await asyncio.to_thread(self._generate, stock, requests[0]))
        endings = [ending for wave in waves for ending in wave.endings]
        step = _per_token(follow_ups)  # hardly any prompt comes between these
        held = concurrency * (endings[0].prompt_tokens + self._new_tokens // 2)
        return Together(
            crops,
            concurrency,
            requests_per_second=median(concurrency / wave.seconds for wave in waves),
            tokens_per_second=median(
                sum(ending.new_tokens for ending in wave.endings) / wave.seconds for wave in waves
            ),
            first_token=median(first for wave in waves for first in wave.first_tokens),
            per_token=_per_token(waves),
            step=step,
            step_floor=self._work.decode_floor(machine, held, concurrency),
            bytes_per_second=self._work.step_traffic(held) / step,
            generate_seconds=min(map(median, generated), default=None),
        )

    async def _serve(self, requests: list[Request]) -> Wave:
        began = time.perf_counter()
        served = await asyncio.gather(*(self._ask(request) for request in requests))
        seconds = time.perf_counter() - began
        return Wave(seconds, [first for first, _ in served], [ending for _, ending in served])

    async def _ask(self, request: Request) -> tuple[float, Ending]:
        ending = None
        async for delta in self.engine.generate(request):
            ending = delta.ending
        assert ending is not None
        first = ending.queued + ending.preparation + ending.encoding + ending.prefill
        return first, ending

    def _generate(self, model: Any, request: Request) -> float:
        (message,) = request.messages
        began = time.perf_counter()
        inputs = self._processor(
            [picture.image for picture in message.pictures],
            f"<|user|>\n<|image_1|>\n{message.text}<|end|>\n<|assistant|>\n",
            num_crops=request.crops,
            return_tensors="pt",
        ).to(model.device)
        with torch.inference_mode():
            model.generate(**inputs, do_sample=False, max_new_tokens=request.max_new_tokens)
        return time.perf_counter() - began

    def _request(self, crops: int, picture: Picture | None = None) -> Request:
        picture = picture or decode_picture(self._draw())
        message = Message("user", QUESTION, (picture,))
        return Request(
            (message,), max_new_tokens=self._new_tokens, crops=crops, scope=picture.digest
        )

    def _draw(self) -> bytes:
        """Draw a picture that has not been seen before, as a JPEG file."""
        coarse = self._random.integers(0, 256, (HEIGHT // 40, WIDTH // 40, 3), dtype=np.uint8)
        file = io.BytesIO()
        Image.fromarray(coarse).resize((WIDTH, HEIGHT)).save(file, "JPEG")
        return file.getvalue()

    def _tiles(self, crops: int) -> int:
        images = self._processor.image_processor
        size = images.hd_size(WIDTH, HEIGHT, crops)
        return 1 + size.padded_width * size.padded_height // images.crop_size**2


def _never_end(model: Any, ends: Iterable[int]) -> None:
    bias = model.lm_head.weight.new_zeros(model.lm_head.out_features)
    bias[list(ends)] = NEVER
    model.lm_head.bias = nn.Parameter(bias, requires_grad=False)


def _stock(model: Any) -> Any:
    """Return a second model over the same weights, as transformers makes it by itself.

    On a card there may be no room for the weights twice, and the engine would find less of it.
    """
    shared = {id(tensor): tensor for tensor in (*model.parameters(), *model.buffers())}
    stock = copy.deepcopy(model, shared)
    stock.model.vision_tower.set_attn_implementation(stock.config._attn_implementation)
    return stock


def _in_other_numbers(model: Any) -> Any:
    other = torch.float32 if model.dtype is torch.bfloat16 else torch.bfloat16
    return copy.deepcopy(model).to(other)


def _follow_up(request: Request) -> Request:
    (message,) = request.messages
    return replace(request, messages=(replace(message, text=FOLLOW_UP),))


def _per_token(waves: list[Wave]) -> float:
    endings = [ending for wave in waves for ending in wave.endings]
    return median(ending.decode / (ending.new_tokens - 1) for ending in endings)


@asynccontextmanager
async def _watching(device: torch.device) -> AsyncIterator[Watch]:
    watch = Watch()
    task = asyncio.create_task(_keep_watch(watch, device))
    try:
        yield watch
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep_watch(watch: Watch, device: torch.device) -> None:
    process = psutil.Process()
    while True:
        due = time.perf_counter() + TICK
        await asyncio.sleep(TICK)
        watch.lags.append(time.perf_counter() - due)
        on_gpu = device.type == "cuda"
        used = torch.cuda.max_memory_allocated(device) if on_gpu else process.memory_info().rss
        watch.peak_bytes = max(watch.peak_bytes, used)


def _device_name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"CPU, {torch.get_num_threads()} threads"
