"""What the bot counts, for Prometheus: how much, how fast and how it ended; never who or what."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import aiohttp
import psutil
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from inference import Ending, Engine

PREFIX = "vision_bot"
WAITS = (0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600, 1200)
"""Seconds; an acknowledgement has three, and nobody waits for more than a few minutes."""
LAGS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3)
BYTES = tuple(1024 * 4**power for power in range(9))
LAG_INTERVAL = 0.5


class Metrics:
    """The numbers of one running bot, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.questions = self._counter(
            "questions",
            "Questions that ended, by what was asked, how it ended and the asker's language.",
            "task",
            "outcome",
            "language",
        )
        self.waiting = self._gauge("waiting", "Questions in the queue.")
        self.running = self._gauge("running", "Questions that the model looks at.")
        self.acknowledge = self._waits(
            "acknowledge", "From a question to Discord's yes to our first word."
        )
        self.first_word = self._waits(
            "first_word", "From a question to the first word of its answer."
        )
        self.answer = self._waits("answer", "From a question to the end of its answer.")
        self.tokens = self._counter("tokens", "Tokens: read anew, found computed, said.", "kind")
        self.speaking = self._counter(
            "speaking_seconds", "Time from first to last words, over all answers."
        )
        self.picture_bytes = self._histogram(
            "picture_bytes", "Size of the pictures that were fetched.", BYTES
        )
        self.refusals = self._counter(
            "pictures_refused", "Pictures that could not be used, by the fault.", "fault"
        )
        self.discord_errors = self._counter(
            "discord_errors",
            "Requests that Discord did not take, by their status or what broke them.",
            "status",
        )
        self.lag = self._histogram("loop_lag_seconds", "How late the event loop wakes up.", LAGS)
        self.engine = EngineCollector(self.registry)
        memory = self._gauge("memory_bytes", "Memory of the bot's process.")
        memory.set_function(lambda: psutil.Process().memory_info().rss)
        ProcessCollector(registry=self.registry)  # on Linux alone
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def acknowledged(self, task: str, seconds: float) -> None:
        """Note how long it took until the asker saw that the question is taken."""
        self.acknowledge.labels(task).observe(seconds)

    def begun(self, task: str, since: float) -> None:
        """Note the first word of an answer to a question of that `time.monotonic()`."""
        self.first_word.labels(task).observe(time.monotonic() - since)

    def said(self, ending: Ending) -> None:
        """Count the tokens of an answer."""
        self.tokens.labels("read").inc(ending.prompt_tokens - ending.cached_tokens)
        self.tokens.labels("found").inc(ending.cached_tokens)
        self.tokens.labels("said").inc(ending.new_tokens)
        self.speaking.inc(ending.decode)

    def answered(self, task: str, seconds: float) -> None:
        """Note how long it took until the last word was said."""
        self.answer.labels(task).observe(seconds)

    def ended(self, task: str, outcome: str, locale: str) -> None:
        """Count a question that is over."""
        self.questions.labels(task, outcome, locale).inc()

    def totals(self) -> dict[str, float]:
        """Sum up what a person wants to know at a glance."""
        ended = list(self._samples("questions_total"))
        answered = sum(count for labels, count in ended if labels["outcome"] == "answered")
        tokens = self._samples("tokens_total")
        said = sum(count for labels, count in tokens if labels["kind"] == "said")
        seconds = sum(count for _, count in self._samples("speaking_seconds_total"))
        return {
            "waiting": self.registry.get_sample_value(f"{PREFIX}_waiting") or 0,
            "running": self.registry.get_sample_value(f"{PREFIX}_running") or 0,
            "answered": answered,
            "not_answered": sum(count for _, count in ended) - answered,
            "tokens_a_second": said / seconds if seconds else 0.0,
        }

    def _samples(self, name: str) -> Iterator[tuple[dict[str, str], float]]:
        for family in self.registry.collect():
            for sample in family.samples:
                if sample.name == f"{PREFIX}_{name}":
                    yield sample.labels, sample.value

    def trace(self) -> aiohttp.TraceConfig:
        """Make what counts, in each request to Discord, the answers that are no yes."""

        async def count(_: Any, __: Any, end: aiohttp.TraceRequestEndParams) -> None:
            if end.response.status >= 400:
                self.discord_errors.labels(str(end.response.status)).inc()

        async def count_failure(_: Any, __: Any, end: aiohttp.TraceRequestExceptionParams) -> None:
            self.discord_errors.labels(type(end.exception).__name__).inc()

        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(count)
        trace.on_request_exception.append(count_failure)
        return trace

    async def watch_lag(self) -> None:
        """Measure for ever how late the event loop wakes up."""
        while True:
            due = time.perf_counter() + LAG_INTERVAL
            await asyncio.sleep(LAG_INTERVAL)
            self.lag.observe(max(0, time.perf_counter() - due))

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"{PREFIX}_{name}", meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(f"{PREFIX}_{name}", meaning, registry=self.registry)

    def _histogram(
        self, name: str, meaning: str, buckets: Sequence[float], *labels: str
    ) -> Histogram:
        return Histogram(
            f"{PREFIX}_{name}", meaning, labels, buckets=buckets, registry=self.registry
        )

    def _waits(self, name: str, meaning: str) -> Histogram:
        return self._histogram(f"{name}_seconds", meaning, WAITS, "task")


class EngineCollector(Collector):
    """What of its memory, or of its servers, an engine has in use; nothing before there is one."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._usage: Callable[[], Mapping[str, float]] = dict
        registry.register(self)

    def watch(self, engine: Engine) -> None:
        """Tell from now on of this engine."""
        self._usage = engine.usage

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Look at it."""
        family = GaugeMetricFamily(
            f"{PREFIX}_engine", "What the engine has, and what of it is in use.", labels=["part"]
        )
        for part, number in self._usage().items():
            family.add_metric([part], number)
        yield family
