"""Many people at once: `python -m tests.wire.load`, and with `--soak` for a long time.

The bot runs in a process of its own against the loopback Discord, whose rate limits are in force,
in real time. The model says four words and falls silent: the bot is measured, not it.
The bounds on what one person or server may ask are lifted, so that everything is accepted.

`--remote` puts a model server elsewhere in the model's place: it speaks vLLM's dialect, takes 8
questions at a time, refuses more than 12, and dies twice in mid-answer for five seconds.
"""

import argparse
import asyncio
import json
import math
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bot.locales import sentences as s
from tests.remote.model_server import ModelServer, apart
from tests.tiny.terse import write_terse_checkpoint
from tests.wire import launch
from tests.wire.limits import Limits
from tests.wire.model import Channel, Interaction, Message
from tests.wire.people import Person, until
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.world import Event

PEOPLE, CHANNELS, AT_ONCE = 200, 100, 100
SLOTS, MOST, AWAY_SECONDS = 8, 12, 5
"""Of the model server elsewhere: what it answers at a time, what it takes, how long it is away."""
LIFTED = {
    "BOT_REQUESTS_A_MINUTE": "1000000",
    "BOT_REQUESTS_A_MINUTE_BY_SERVER": "1000000",
    "BOT_WAITING_BY_PERSON": "1000000",
    "BOT_WAITING_BY_SERVER": "1000000",
    "BOT_WAITING_IN_TOTAL": "1000000",
    "BOT_LONGEST_WAIT": "1000000",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asked, and when, in loop time."""

    asked: Interaction | Message
    at: float


@dataclass(eq=False)
class Load:
    """A Discord full of people, and what the bot's process has taken."""

    discord: Discord
    people: list[Person]
    channels: list[Channel]
    samples: Path
    began: float = 0.0
    ended: float = 0.0
    """When the first was asked and the last answered, in seconds since 1970."""
    rows: list[int] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    threads_opened: dict[int, float] = field(default_factory=dict)

    def ask(self, number: int) -> None:
        """Let the next person ask: by a command and by a mention in turns."""
        person = self.people[number // 2 % len(self.people)]
        channel = self.channels[number // 2 % len(self.channels)]
        asked: Interaction | Message
        if number % 2:
            asked = person.mentions(channel, files=[RED])
        else:
            asked = person.slash(channel, "describe", image=RED)
        self.questions.append(Question(asked, _now()))

    def heed(self, event: Event) -> None:
        """Note when a thread is opened: a mention's first visible sign."""
        if event.name == "THREAD_CREATE":
            self.threads_opened[int(event.describe(True)["id"])] = _now()

    def last_words(self, question: Question) -> list[str]:
        """List what the bot has said to a question and will not change."""
        asked = question.asked
        said: list[Message | None]
        if isinstance(asked, Message) and asked.thread:
            said = [*asked.thread.posted]
        else:  # a message of its own: too long a wait, too late an acknowledgement, no thread
            nonces = (str(asked.id), f"{asked.id}-late")
            said = [each for each in asked.channel.posted if each.nonce in nonces]
        if isinstance(asked, Interaction) and asked.is_acknowledged:
            said += [asked.original, *asked.follow_ups]
        finished = [message.content for message in said if message and _is_final(message)]
        return [words.split("\n-# <@")[0] for words in finished]  # whom a late one calls

    def archive(self, questions: list[Question]) -> None:
        """Archive the threads on messages that asked something."""
        for question in questions:
            if isinstance(question.asked, Message) and (thread := question.asked.thread):
                thread.archived = True
                self.discord.world.update_channel(thread)

    @property
    def unanswered(self) -> int:
        """Count the questions that still wait."""
        return sum(not self.last_words(question) for question in self.questions)


async def burst(load: Load, requests: int) -> None:
    """Let everybody ask at once, and wait for the last answer."""
    for number in range(requests):
        load.ask(number)
        await asyncio.sleep(0)  # Discord tells the bot of each question when it is asked
    while load.unanswered:  # noqa: ASYNC110 - looked at, not waited for
        await asyncio.sleep(1)


async def soak(load: Load, requests: int) -> None:
    """Keep so many questions waiting until all are answered; count the bot's rows as it goes.

    Threads with an answer are archived, as Discord would in the end: it allows 1,000 active ones.
    """
    with closing(sqlite3.connect(load.samples.with_name("data") / "jobs.sqlite3")) as store:
        waiting: list[Question] = []
        for number in range(requests):
            while len(waiting) >= AT_ONCE:
                await asyncio.sleep(0.05)
                answered = [each for each in waiting if load.last_words(each)]
                waiting = [each for each in waiting if each not in answered]
                load.archive(answered)
            load.ask(number)
            waiting.append(load.questions[-1])
            if number % 50 == 0:
                load.rows.append(_rows(store))
    while load.unanswered:  # noqa: ASYNC110 - looked at, not waited for
        await asyncio.sleep(1)


async def run(
    scenario: Callable[[Load, int], Awaitable[None]],
    requests: int,
    limits: Limits,
    folder: Path,
    model: dict[str, str] | None = None,
) -> Load:
    """Start the bot, let people ask, stop the bot; return what there was to see."""
    model = model or local_model(folder)
    async with Discord(limits=limits, is_checked=False) as discord:
        guild = discord.world.guild("Lighthouse", *(f"room-{n}" for n in range(CHANNELS)))
        people = [discord.member(f"person-{number}") for number in range(PEOPLE)]
        load = Load(discord, people, list(guild.channels.values()), folder / "samples.jsonl")
        discord.world.listeners.append(load.heed)
        with (folder / "bot.log").open("w") as log:
            bot = await asyncio.create_subprocess_exec(
                *launch.command(discord.port, "tests.wire.measured_bot", str(load.samples)),
                env={
                    **launch.environment(discord.authority, folder),
                    **LIFTED,
                    "DISCORD_TOKEN": discord.world.token,
                    **model,
                    "BOT_DATA": str(folder / "data"),
                },
                stderr=log,
            )
        try:
            await until(discord.world, lambda: discord.gateway.is_connected, lambda: "no bot")
            await asyncio.sleep(3)
            load.began = time.time()
            await scenario(load, requests)
            load.ended = time.time()
        finally:
            if bot.returncode is None:
                bot.send_signal(signal.SIGTERM)
            await bot.wait()
    return load


def local_model(folder: Path) -> dict[str, str]:
    """Write the model of four words; return the settings that name it."""
    return {
        "MODEL_SOURCE": str(write_terse_checkpoint(folder / "terse")),
        "MODEL_DEVICE": "cpu",
        "MODEL_DTYPE": "float32",
        "OMP_NUM_THREADS": "1",  # so small a model has no work for two
    }


def run_remote(requests: int, folder: Path) -> tuple[Load, list[tuple[str, str]]]:
    """Let everybody ask at once, the model being elsewhere and in trouble; add what it has seen."""
    server = ModelServer(slots=SLOTS, most=MOST)
    with apart(server, partial(_die_twice, requests)):
        load = asyncio.run(run(burst, requests, Limits(), folder, {"ENGINE_URL": server.url}))
    return load, [
        ("questions that the model server was asked", str(len(server.asked))),
        ("of them refused with 429", str(server.refused)),
        ("of them broken off by its two deaths", str(server.left)),
        ("most at a time", str(server.most_running)),
    ]


async def _die_twice(requests: int, server: ModelServer) -> None:
    for finished in (requests // 3, 2 * requests // 3):
        while server.finished < finished or not server.running:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        await server.stop()
        await asyncio.sleep(AWAY_SECONDS)
        await server.start()


def describe_burst(load: Load) -> list[tuple[str, str]]:
    """Make the table of a burst."""
    commands = [each.asked for each in load.questions if isinstance(each.asked, Interaction)]
    mentions = [each for each in load.questions if isinstance(each.asked, Message)]
    acknowledged = [each.acknowledged_after for each in commands if each.acknowledged_after]
    signs = [load.threads_opened[each.asked.id] - each.at for each in mentions]
    return [
        ("questions", f"{len(load.questions)} from {len(load.people)} people"),
        *_outcome(load),
        ("commands acknowledged within 3 s", f"{len(acknowledged)} of {len(commands)}"),
        ("commands acknowledged, p99", f"{_p99(acknowledged):.2f} s"),
        ("mentions' first sign, p99", f"{_p99(signs):.2f} s"),
        ("event loop's lag, p99", f"{lags_p99(load) * 1000:.0f} ms"),
        ("requests refused with 429", str(len(load.discord.limits.invalid))),
        ("from the first question to the last answer", f"{load.ended - load.began:.0f} s"),
    ]


def describe_soak(load: Load) -> list[tuple[str, str]]:
    """Make the table of a soak: what the last quarter takes beside the second one."""
    samples = _samples(load)
    series: dict[str, Sequence[float]] = {
        "memory": [sample["memory"] / 1e6 for sample in samples],
        "tasks": [sample["tasks"] for sample in samples],
        "open files": [sample["files"] for sample in samples],
        "rows": load.rows,
    }
    return [
        ("questions", f"{len(load.questions)}, {AT_ONCE} at a time"),
        *_outcome(load),
        *(
            (f"{name}, second and last quarter", _quarters(values))
            for name, values in series.items()
        ),
        ("event loop's lag, p99", f"{lags_p99(load) * 1000:.0f} ms"),
        ("from the first question to the last answer", f"{load.ended - load.began:.0f} s"),
    ]


def lags_p99(load: Load) -> float:
    """Tell the seconds that 99 in 100 of the event loop's lags were below, from inside the bot."""
    return _p99([lag for sample in _samples(load) for lag in sample["lags"]])


def print_load(*, soaking: bool, remote: bool, requests: int | None) -> int:
    """Print the table; return 0 where each question is answered or told why not, once."""
    folder = Path(tempfile.mkdtemp(prefix="load-"))
    if remote:
        load, seen = run_remote(requests or 1_000, folder)
        table = [*describe_burst(load), *seen]
    elif soaking:
        # Faster than Discord allows, or it would take an hour.
        limits = Limits(in_all=1_000_000, per_route=1_000_000)
        load = asyncio.run(run(soak, requests or 20_000, limits, folder))
        table = describe_soak(load)
    else:
        load = asyncio.run(run(burst, requests or 1_000, Limits(), folder))
        table = describe_burst(load)
    for name, value in table:
        print(f"{name:<45} {value}")
    return 0 if all(len(load.last_words(each)) == 1 for each in load.questions) else 1


def _is_final(message: Message) -> bool:
    is_changing = any(button.get("label") == s.CANCEL for button in message.buttons)
    return not (message.is_loading or is_changing or message.is_deleted)


def _outcome(load: Load) -> list[tuple[str, str]]:
    words = [load.last_words(question) for question in load.questions]
    sentences = {sentence for sentence in vars(s).values() if isinstance(sentence, str)}
    told = sum(said[-1:] != [] and said[-1] in sentences for said in words)
    return [
        ("answered once", str(sum(len(said) == 1 for said in words) - told)),
        ("told why not", str(told)),
        ("answered twice", str(sum(len(said) > 1 for said in words))),
    ]


def _now() -> float:
    return asyncio.get_running_loop().time()


def _samples(load: Load) -> list[dict[str, Any]]:
    """Read what the bot has taken while people waited."""
    lines = [json.loads(line) for line in load.samples.read_text().splitlines()]
    return [line for line in lines if load.began <= line["at"] <= load.ended]


def _rows(store: sqlite3.Connection) -> int:
    tables = store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return sum(store.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for (name,) in tables)


def _p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100)[98] if len(values) > 1 else math.nan


def _quarters(values: Sequence[float]) -> str:
    quarter = len(values) // 4
    second = statistics.fmean(values[quarter : 2 * quarter])
    last = statistics.fmean(values[3 * quarter :])
    return f"{second:.0f} and {last:.0f} ({last / second - 1:+.1%})"


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.wire.load", description=__doc__)
    parser.add_argument("--soak", action="store_true", help="100 questions at a time, for long")
    parser.add_argument("--remote", action="store_true", help="the model elsewhere, in trouble")
    parser.add_argument("--requests", type=int, help="how many (1,000, or 20,000 for a soak)")
    options = parser.parse_args()
    return print_load(soaking=options.soak, remote=options.remote, requests=options.requests)


if __name__ == "__main__":
    sys.exit(main())
