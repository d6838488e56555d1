"""Kill the real bot at seeded points, start it again, and count what people see.

    python -m tests.wire.kill --points 100 --seed 1

Each life of the bot is a process of its own, forked from one that has imported its modules, and
ends by SIGKILL: on a request of its own, before or after Discord has done what was asked, or at
any other moment. Questions go on being asked; in the end each accepted one is answered, once.
"""

import argparse
import asyncio
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Literal

from tests.tiny.brief import BriefOracle, write_brief_checkpoint
from tests.wire import launch
from tests.wire.faults import Fault, Faults, Reset
from tests.wire.limits import Limits
from tests.wire.load import LIFTED
from tests.wire.model import Channel, Interaction, Message
from tests.wire.people import Person, until
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

MODULES = ["bot.__main__", "bot.run", "inference.engine", "tests.wire.launch"]
LONGEST_LIFE = 6.0
"""Seconds after which a life ends whose point has not come."""
MOST_WAITING = 6
"""Questions from which on nobody asks; with more than eight the bot looks less closely."""
MOST_REQUESTS = 16
"""The latest request of a life that can be its last."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where a life ends: at its request of this number, or after so many seconds."""

    request: int | None
    when: Literal["before", "after"]
    seconds: float


class Assassin(Faults):
    """Ends the bot at the point that it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.point = Point(None, "before", 0.0)
        self.victim: ForkServerProcess | None = None
        self.last_words: Counter[str] = Counter()
        self._requests = 0

    def wait_for(self, victim: ForkServerProcess, point: Point) -> None:
        """Lie in wait for a victim."""
        self.victim, self.point, self._requests = victim, point, 0

    def take(self, method: str, route: str) -> Fault | None:
        """Kill at the request that the point names; its answer reaches nobody."""
        self._requests += 1
        if self.victim is None or self._requests != self.point.request:
            return super().take(method, route)
        self.last_words[f"{self.point.when} {method} {route}"] += 1
        self.kill()
        return Reset(self.point.when)

    def kill(self) -> None:
        """End the victim and all its processes, as a power cut does."""
        if self.victim is not None and self.victim.pid is not None:
            os.killpg(self.victim.pid, signal.SIGKILL)
            self.victim = None


@dataclass
class Count:
    """What has become of the questions."""

    asked: int = 0
    answered: int = 0
    never_accepted: int = 0
    wrong: list[str] = field(default_factory=list)
    last_words: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody has asked, in a place where the answer can be told from all others."""

    asker: Person
    asked: Interaction | Message
    place: Channel

    @property
    def is_accepted(self) -> bool:
        """Tell whether the bot owes an answer: a mention is found again, a command is not."""
        return isinstance(self.asked, Message) or self.asked.is_acknowledged

    def answers(self) -> list[Message]:
        """List what the asker sees of the bot."""
        places = [self.place, self.asker.world.direct_channel(self.asker.user)]
        if isinstance(self.asked, Message):
            places = [self.asked.thread] if self.asked.thread else []
        return [said for place in places for said in self.asker.sees(place) if said.author.bot]


async def kill_and_count(points: int, seed: int, folder: Path) -> Count:
    """Let the bot live so many short lives and a last long one."""
    chance = random.Random(seed)
    checkpoint = write_brief_checkpoint(folder / "brief")
    truth = Truth(BriefOracle(checkpoint))("describe", RED)
    async with Discord(limits=Limits(per_route=50)) as discord:
        discord.faults = assassin = Assassin()
        lives = Lives(discord, checkpoint, folder)
        lounge = discord.world.guild("Lighthouse", "lounge").channel("lounge")
        await lives.begin()
        questions = [_mention(discord, lounge)]
        await until(discord.world, lambda: _is_answered(questions[0], truth), lambda: "no answer")
        for _ in range(points):
            assassin.wait_for(lives.bot, _draw(chance))
            if sum(not _is_answered(each, truth) for each in questions) < MOST_WAITING:
                questions += _ask(discord, lounge, chance)
            await lives.end(assassin)
            await lives.begin()
        count = await _settle(questions, truth)
        count.last_words = assassin.last_words
        assassin.wait_for(lives.bot, Point(None, "before", 0.0))
        await lives.end(assassin)
        discord.raise_if_contract_broken()
    return count


class Lives:
    """The bot's processes, one after another."""

    def __init__(self, discord: Discord, checkpoint: Path, folder: Path) -> None:
        self._discord = discord
        self._environment = {
            **launch.environment(discord.authority, folder),
            "DISCORD_TOKEN": discord.world.token,
            "MODEL_SOURCE": str(checkpoint),
            "MODEL_DEVICE": "cpu",
            "BOT_DATA": str(folder / "data"),
            **LIFTED,
        }
        # aiohttp reads the authority when it is imported, which is before the fork.
        os.environ["SSL_CERT_FILE"] = self._environment["SSL_CERT_FILE"]
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(MODULES)
        self.bot: ForkServerProcess

    async def begin(self) -> None:
        """Start the bot; returns when it has logged in."""
        self.bot = self._context.Process(
            target=run_bot, args=(self._discord.port, self._environment)
        )
        self.bot.start()
        await until(
            self._discord.world, lambda: self._discord.gateway.is_connected, lambda: "no bot"
        )

    async def end(self, assassin: Assassin) -> None:
        """Wait for the point where the bot dies; returns when Discord has noticed."""
        seconds = LONGEST_LIFE if assassin.point.request else assassin.point.seconds
        await asyncio.to_thread(self.bot.join, seconds)
        assassin.kill()
        await asyncio.to_thread(self.bot.join)
        await until(
            self._discord.world, lambda: not self._discord.gateway.is_connected, lambda: "it lives"
        )


def run_bot(port: int, environment: dict[str, str]) -> None:
    """Be the bot, in a process group of its own."""
    os.setsid()
    log = Path(environment["BOT_DATA"]).with_name("bot.log").open("a")
    os.dup2(log.fileno(), sys.stderr.fileno())
    os.environ.update(environment)
    launch.find_discord_on(port)
    from bot.__main__ import main

    sys.exit(main(["run"]))


def _draw(chance: random.Random) -> Point:
    """Draw a point: mostly at a request, else at any moment."""
    request = chance.randint(1, MOST_REQUESTS) if chance.random() < 0.75 else None
    return Point(request, chance.choice(("before", "after")), chance.uniform(0.0, 3.0))


def _ask(discord: Discord, lounge: Channel, chance: random.Random) -> list[Question]:
    """Let three people ask, each in another way."""
    guild = lounge.guild
    assert guild
    place, other = (discord.world.text_channel(guild, f"room-{chance.random()}") for _ in "ab")
    alice, bob = discord.member("alice"), discord.member("bob")
    picture = bob.says(other, files=[RED])
    return [
        _mention(discord, lounge),
        Question(alice, alice.slash(place, "describe", image=RED), place),
        Question(bob, bob.uses_menu("Describe picture", picture), other),
    ]


def _mention(discord: Discord, lounge: Channel) -> Question:
    carol = discord.member("carol")
    return Question(carol, carol.mentions(lounge, files=[RED]), lounge)


def _is_answered(question: Question, truth: str) -> bool:
    return any(answer.content == truth for answer in question.answers())


async def _settle(questions: list[Question], truth: str) -> Count:
    """Wait for the last answers, and a moment longer; then count."""
    owed = [question for question in questions if question.is_accepted]
    patience = time.monotonic() + 60
    while not all(_is_answered(question, truth) for question in owed):
        if time.monotonic() > patience:
            break
        await asyncio.sleep(0.5)
    await asyncio.sleep(5)
    count = Count(asked=len(questions))
    for question in questions:
        seen = [answer.content for answer in question.answers()]
        if seen == [truth]:
            count.answered += 1
        elif not question.is_accepted and not seen:
            count.never_accepted += 1
        else:
            count.wrong.append(f"{type(question.asked).__name__} {question.asked.id}: {seen}")
    return count


def main() -> int:
    """Print what became of the questions; 0 where none was lost or answered twice."""
    parser = argparse.ArgumentParser(prog="python -m tests.wire.kill", description=__doc__)
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="kill-"))
    count = asyncio.run(kill_and_count(options.points, options.seed, folder))
    for words, times in sorted(count.last_words.items()):
        print(f"{times:4}  killed {words}")
    print(
        f"{options.points} kills in {time.monotonic() - began:.0f} s: {count.asked} questions, "
        f"{count.answered} answered once, {count.never_accepted} commands that Discord saw "
        f"unanswered before they were accepted, {len(count.wrong)} wrong"
    )
    print(*count.wrong, f"What the bot logged: {folder}/bot.log", sep="\n")
    return 1 if count.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
