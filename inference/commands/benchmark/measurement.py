"""The measuring itself: an engine and plain `generate` over the same weights, in turns."""

import argparse
import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

import torch

from inference.checkpoint.loading import load_model
from inference.commands.benchmark.figures import Alone, Report, Together
from inference.commands.benchmark.floors import Machine, measure_machine, work_of
from inference.commands.benchmark.peer import Peer, never_end
from inference.commands.benchmark.questions import HEIGHT, WIDTH, Questions, follow_up
from inference.commands.benchmark.random_model import random_model
from inference.commands.benchmark.watch import watching
from inference.decoder.rounding import Kind
from inference.decoder.small_linears import shrink
from inference.engine.local import LocalEngine, vocabulary_of
from inference.interface import Ending, Request
from inference.pictures import decode_picture
from inference.settings import EngineSettings, read_settings


@dataclass(frozen=True, slots=True)
class Wave:
    """What came of requests that were sent at the same moment."""

    seconds: float
    first_tokens: list[float]
    endings: list[Ending]


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
        async with watching(device) as watch:
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
        never_end(model, vocabulary_of(model, processor).ends)
        self._peers = [Peer(model, processor)] if beside else []
        if beside and kind != "full" and model.device.type == "cpu":
            self._peers.append(self._peers[0].in_other_numbers())
        shrink(model, kind)
        self._work = work_of(model)
        self.engine = LocalEngine(model, processor, "benchmark")
        self._processor = processor
        self._new_tokens = new_tokens
        self._questions = Questions(new_tokens)

    def at_once(self, crops: int, wanted: Iterable[int]) -> list[int]:
        """Return the numbers of requests asked for, none more than are answered at once."""
        most = self.engine.at_once(self._questions.ask(crops))
        return list(dict.fromkeys(min(number, most) for number in wanted))

    async def alone(self, crops: int, machine: Machine, rounds: int) -> Alone:
        """Take the way to the first token apart, and ask again about the same picture."""
        await self._serve([self._questions.ask(crops)])  # warms up
        parts, follow_ups, decoding = [], [], []
        for _ in range(rounds):
            file = self._questions.draw()
            began = time.perf_counter()
            picture = decode_picture(file)
            decoding.append(time.perf_counter() - began)
            request = self._questions.ask(crops, picture)
            parts.append(await self._serve([request]))
            follow_ups.append((await self._serve([follow_up(request)])).first_tokens[0])
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
        waves, follow_ups, generated = [], [], []
        for _ in range(rounds):
            requests = [self._questions.ask(crops) for _ in range(concurrency)]
            waves.append(await self._serve(requests))
            follow_ups.append(await self._serve([follow_up(request) for request in requests]))
            if self._peers:
                generated.append(await asyncio.to_thread(self._generate, requests[0]))
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
            generate_seconds=median(generated) if generated else None,
        )

    def _generate(self, request: Request) -> float:
        """Let each peer answer; from then on only the quickest is asked."""
        times = [(peer.seconds(request), peer) for peer in self._peers]
        seconds, quickest = min(times, key=lambda each: each[0])
        self._peers = [quickest]
        return seconds

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

    def _tiles(self, crops: int) -> int:
        images = self._processor.image_processor
        size = images.hd_size(WIDTH, HEIGHT, crops)
        return 1 + size.padded_width * size.padded_height // images.crop_size**2


def _per_token(waves: list[Wave]) -> float:
    endings = [ending for wave in waves for ending in wave.endings]
    return median(ending.decode / (ending.new_tokens - 1) for ending in endings)


def _device_name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"CPU, {torch.get_num_threads()} threads"
