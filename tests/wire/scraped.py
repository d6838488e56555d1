"""A crowd whose bot a real Prometheus watches: `python -m tests.wire.scraped`.

What Prometheus has counted is held against what the people saw, and every question of the
dashboard is asked of it. Needs the program `prometheus` on the PATH.
"""

import argparse
import asyncio
import json
import math
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from tests.tiny.terse import TOKENS
from tests.wire.limits import Limits
from tests.wire.load import Load, burst, lags_p99, local_model, run
from tests.wire.model import Interaction
from tests.wire.pictures import RED

UNNOTICED = 0.05
"""Seconds."""
DEPLOY = Path(__file__).parents[2] / "deploy"
COUNTED_TWICE = (
    "sum(vision_bot_questions_total and count_over_time(vision_bot_questions_total[5m]) > 1)"
)
"""Questions at which Prometheus has looked twice, as a rate needs."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that both have counted; `bounds` where Prometheus knows a bucket alone."""

    name: str
    seen: float
    low: float
    high: float

    @property
    def agrees(self) -> bool:
        """Tell whether what was seen is what Prometheus says."""
        return self.low <= self.seen <= self.high


@dataclass
class Prometheus:
    """A running one."""

    address: str
    panels: dict[str, int] = field(default_factory=dict)
    """The dashboard's questions, and how many series answer each."""

    async def ask(self, question: str) -> list[Mapping[str, Any]]:
        """Ask it; raises RuntimeError for a question that it does not understand."""
        async with aiohttp.ClientSession() as session:
            url = f"{self.address}/api/v1/query"
            async with session.post(url, data={"query": question}) as response:
                answer = await response.json()
        if answer["status"] != "success":
            raise RuntimeError(f"{question}: {answer['error']}")
        series: list[Mapping[str, Any]] = answer["data"]["result"]
        return series

    async def number(self, question: str) -> float:
        """Ask for a single number; 0 where there is none."""
        series = await self.ask(question)
        return float(series[0]["value"][1]) if series else 0.0


@asynccontextmanager
async def prometheus(folder: Path, bot: int) -> AsyncIterator[Prometheus]:
    """Start one with the project's own file, but for the bot's address and the interval."""
    config = yaml.safe_load((DEPLOY / "prometheus.yml").read_text(encoding="utf-8"))
    config["global"]["scrape_interval"] = "1s"
    config["scrape_configs"][0]["static_configs"][0]["targets"] = [f"127.0.0.1:{bot}"]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    port = free_port()
    with (folder / "prometheus.log").open("w") as log:
        process = await asyncio.create_subprocess_exec(
            "prometheus",
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'prometheus'}",
            f"--web.listen-address=127.0.0.1:{port}",
            stdout=log,
            stderr=log,
        )
    try:
        yield Prometheus(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        await process.wait()


def free_port() -> int:
    """Find a port of loopback that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def watched(folder: Path, requests: int) -> tuple[list[Row], dict[str, int]]:
    """Let people ask; return what was seen beside what was counted, and what the panels show."""
    port = free_port()
    rows: list[Row] = []
    async with prometheus(folder, port) as watcher:

        async def scenario(load: Load, requests: int) -> None:
            await burst(load, requests)
            load.ended = time.time()
            async with asyncio.timeout(60):
                while await watcher.number(COUNTED_TWICE) < requests:  # noqa: ASYNC110
                    await asyncio.sleep(0.5)
            rows.extend(await compared(watcher, load))
            watcher.panels = await panels(watcher)

        model = {**local_model(folder), "BOT_METRICS_PORT": str(port)}
        await run(scenario, requests, Limits(), folder, model)
    return rows, watcher.panels


async def compared(watcher: Prometheus, load: Load) -> list[Row]:
    """Hold what people saw against what Prometheus has counted."""
    asked = len(load.questions)
    answered = sum(len(load.last_words(each)) == 1 for each in load.questions)
    commands = [each.asked for each in load.questions if isinstance(each.asked, Interaction)]
    waited = [each.acknowledged_after for each in commands if each.acknowledged_after]
    refused = len(load.discord.limits.invalid)
    exact = {
        "questions": ("sum(vision_bot_questions_total)", asked),
        "answered": ('sum(vision_bot_questions_total{outcome=~"answered|refused"})', answered),
        "in English": ('sum(vision_bot_questions_total{language="en-US"})', asked),
        "commands acknowledged": ("sum(vision_bot_acknowledge_seconds_count)", len(waited)),
        "begun": ("sum(vision_bot_first_word_seconds_count)", asked),
        "ended": ("sum(vision_bot_answer_seconds_count)", asked),
        "tokens said": (
            'vision_bot_tokens_total{kind="said"}',
            asked * (TOKENS + 1),  # with its end
        ),
        "pictures": ("vision_bot_picture_bytes_count", asked),
        "their bytes": ("vision_bot_picture_bytes_sum", asked * len(RED.content)),
        "waiting": ("vision_bot_waiting", 0),
        "running": ("vision_bot_running", 0),
        "refused by Discord": ("sum(vision_bot_discord_errors_total)", refused),
    }
    rows = []
    for name, (question, seen) in exact.items():
        number = await watcher.number(question)
        rows.append(Row(name, seen, number, number))
    slowest = await bucket(watcher, "vision_bot_acknowledge_seconds", 1.0)
    # Who waits sees the way there and back, too, which the bot cannot count.
    rows.append(Row("slowest acknowledgement, s", max(waited), 0, 2 * slowest[1]))
    lag = await bucket(watcher, "vision_bot_loop_lag_seconds", 0.99)
    # The two look at different moments: what nobody notices is no contradiction.
    rows.append(Row("event loop's lag, p99, s", lags_p99(load), 0, max(2 * lag[1], UNNOTICED)))
    return rows


async def bucket(watcher: Prometheus, name: str, share: float) -> tuple[float, float]:
    """Tell the bounds of the bucket in which so many of a histogram's observations end."""
    counts = sorted(
        (float(each["metric"]["le"]), float(each["value"][1]))
        for each in await watcher.ask(f"sum by (le) ({name}_bucket)")
    )
    low = 0.0
    for bound, count in counts:
        if count >= share * counts[-1][1]:
            return low, bound
        low = bound
    return low, math.inf


async def panels(watcher: Prometheus) -> dict[str, int]:
    """Ask what the dashboard asks."""
    dashboard = json.loads((DEPLOY / "grafana/dashboards/bot.json").read_text(encoding="utf-8"))
    return {
        target["expr"]: len(await watcher.ask(target["expr"]))
        for panel in dashboard["panels"]
        for target in panel["targets"]
    }


def main() -> int:
    """Print both columns; return 0 where they agree."""
    parser = argparse.ArgumentParser(prog="python -m tests.wire.scraped", description=__doc__)
    parser.add_argument("--requests", type=int, default=200)
    options = parser.parse_args()
    if not shutil.which("prometheus"):
        print("The program prometheus is not installed.", file=sys.stderr)
        return 1
    folder = Path(tempfile.mkdtemp(prefix="scraped-"))
    rows, shown = asyncio.run(watched(folder, options.requests))
    for row in rows:
        told = f"{row.low:g}" if row.low == row.high else f"at most {row.high:g}"
        print(f"{row.name:<30} {row.seen:>10g} {told:>16} {'' if row.agrees else 'DIFFERS'}")
    for question, series in shown.items():
        print(f"{series:>3} series: {question}")
    return int(not all(row.agrees for row in rows))


if __name__ == "__main__":
    sys.exit(main())
