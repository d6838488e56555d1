"""Kill the real bot at seeded points, start it again, and count what people see.

    python -m tests.wire.kill --points 100 --seed 1

Each life of the bot is a process of its own, forked from one that has imported its modules, and
ends by SIGKILL. Most end at a point in the life of a question that was asked in it: some time
after it was asked, or at one of the requests about it, before or after Discord has done what was
asked, or some time after the bot has heard so. The others end at a request of their start, when
the bot goes on with what was left. In the end each accepted question is answered, once, or told
that it failed, if two lives ended while the model had it.
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
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Literal

from aiohttp import web

from bot.locales import sentences as s
from inference import Detail
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

MODULES = ["bot.__main__", "bot.run", "inference.engine.local", "tests.wire.launch"]
LONGEST_LIFE = 20.0
"""Seconds after which a life ends whose point has not come."""
MOST_WAITING = 6
"""Questions from which on nobody asks; with more than eight the bot looks less closely."""
GOING_ON = 0.3
"""Share of the questions that go on from an answer, where there is one."""
ON = "and now?"
PRESSES = 0.3
"""Share of the questions that are a press of a button, where there is one to press."""
STARTS = 0.2
"""Share of the lives that end while they begin."""
MOST_REQUESTS_AT_START = 16
MOST_REQUESTS = 3
"""About a question, from its acknowledgement or thread to its answer."""
MOST_SECONDS = 0.3
"""Between an event and a death that follows it; the model answers in about as many."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where a life ends: at the question itself (0), or at a request of this number."""

    request: int
    when: Literal["before", "after", "heard"]
    """Of its effect; or so many seconds after the bot has its answer."""
    seconds: float


class Assassin(Faults):
    """Ends the bot at the point that it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.last_words: Counter[str] = Counter()
        self._point: Point | None = None
        self._victim: ForkServerProcess | None = None
        self._about: Sequence[str] = ()
        self._requests = 0

    def wait_for(
        self, victim: ForkServerProcess, point: Point | None, about: Sequence[str] = ("",)
    ) -> None:
        """Lie in wait for a victim; the requests that count have one of these in their path."""
        self._victim, self._point, self._about, self._requests = victim, point, about, 0
        if point and not point.request:
            self._kill_soon(point, "the question")

    def take(self, request: web.Request, route: str) -> Fault | None:
        """Kill at the request that the point names."""
        self._requests += any(name in request.path for name in self._about)
        point = self._point
        if self._victim is None or point is None or self._requests != point.request:
            return super().take(request, route)
        if point.when == "heard":
            self._kill_soon(point, f"{request.method} {route}")
            return None
        self._kill(f"{point.when} {request.method} {route}")
        return Reset(point.when)

    def kill(self) -> None:
        """End the victim, if it lives, with all its processes, as a power cut does."""
        if self._victim is not None:
            self._kill("when all was done")

    def _kill_soon(self, point: Point, event: str) -> None:
        self._point = None
        about = f"within {MOST_SECONDS} s of {event}"
        asyncio.get_running_loop().call_later(point.seconds, self._kill, about)

    def _kill(self, last_words: str) -> None:
        if self._victim is not None and self._victim.pid is not None:
            os.killpg(self._victim.pid, signal.SIGKILL)
            self._victim = None
            self.last_words[last_words] += 1


@dataclass
class Count:
    """What has become of the questions."""

    asked: int = 0
    answered: int = 0
    given_up: int = 0
    never_accepted: int = 0
    wrong: list[str] = field(default_factory=list)
    last_words: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Question:
    """What somebody has asked, in a place where the answer can be told from all others."""

    asker: Person
    asked: Interaction | Message
    place: Channel
    shorter: Interaction | None = None
    """The press that has asked for a shorter answer."""
    goes_on: bool = False
    """It was asked in the thread of an answer."""

    @property
    def is_accepted(self) -> bool:
        """Tell whether the bot owes an answer: a mention is found again, a command is not."""
        asked = self.shorter or self.asked
        return isinstance(asked, Message) or asked.is_acknowledged

    @property
    def may_be_shorter(self) -> bool:
        """Tell whether its asker sees the button that has not been pressed yet."""
        answer = next(iter(self.answers()), None)
        labels = [button["label"] for button in answer.buttons] if answer else []
        return self.shorter is None and isinstance(self.asked, Interaction) and s.SHORTER in labels

    @property
    def is_private(self) -> bool:
        """Tell whether only the asker sees the answer: it was asked for by a menu."""
        return isinstance(self.asked, Interaction) and "target_id" in self.asked.data

    def is_answered(self, truths: "Truths") -> bool:
        """Tell whether the asker sees what is to be seen in the end."""
        said = [_words(answer) for answer in self.answers()]
        if self.shorter and self.is_private and said == [truths.normal, truths.short]:
            return True  # a private answer whose way is closed comes in a direct message
        if self.shorter and not self.is_accepted:  # a press that the bot may never have heard of
            return said in ([truths.normal], [truths.short])
        if self.goes_on:
            return said == [truths.on]
        return said == [truths.short if self.shorter else truths.normal]

    @property
    def names(self) -> list[str]:
        """List what stands in the path of a request about it; a thread's id is its message's."""
        asked = self.shorter or self.asked
        if isinstance(asked, Message):
            return [f"/{self.place.id if self.goes_on else asked.id}/"]
        return [f"/{asked.token}/", f"/{self.place.id}/"]

    def answers(self) -> list[Message]:
        """List what the asker sees of the bot."""
        places = [self.place, self.asker.world.direct_channel(self.asker.user)]
        if isinstance(self.asked, Message):
            places = [self.asked.thread] if self.asked.thread else []
        if self.goes_on:
            return [said for said in self.asker.sees(self.place) if said.reply_to is self.asked]
        seen = [said for place in places for said in self.asker.sees(place) if said.author.bot]
        return [said for said in seen if said.reply_to is None]


@dataclass(frozen=True, slots=True)
class Truths:
    """What people read in the end."""

    normal: str
    short: str
    on: str


async def kill_and_count(points: int, seed: int, folder: Path) -> Count:
    """Let the bot live so many short lives and a last long one."""
    chance = random.Random(seed)
    checkpoint = write_brief_checkpoint(folder / "brief")
    truth = Truth(BriefOracle(checkpoint))
    truths = Truths(
        _said(truth("describe", RED)),
        _said(truth("describe", RED, Detail.SHORT)),
        _said(truth.going_on(ON, "describe", RED)),
    )
    async with Discord(limits=Limits(per_route=50)) as discord:
        discord.faults = assassin = Assassin()
        lives = Lives(discord, checkpoint, folder)
        lounge = discord.world.guild("Lighthouse", "lounge").channel("lounge")
        questions: list[Question] = []
        for number in range(points):
            if questions and chance.random() < STARTS:
                lives.start()
                assassin.wait_for(lives.bot, _draw(chance, 1, MOST_REQUESTS_AT_START))
            else:
                await lives.begin()
                await until(
                    discord.world,
                    lambda: _waiting(questions, truths) < MOST_WAITING,
                    lambda: "too many wait",
                )
                question = _press(questions, chance)
                if question is None:
                    name = f"person-{number}"
                    question = _go_on(questions, chance) or _ask(discord, lounge, chance, name)
                    questions.append(question)
                point = _draw(chance, 0, MOST_REQUESTS)
                assassin.wait_for(lives.bot, point, question.names)
            await lives.end(assassin, LONGEST_LIFE)
        count = Count(last_words=assassin.last_words.copy())
        await lives.begin()
        assassin.wait_for(lives.bot, None)
        await _settle(questions, truths, count)
        await lives.end(assassin, 0)
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

    def start(self) -> None:
        """Start the bot."""
        self.bot = self._context.Process(
            target=run_bot, args=(self._discord.port, self._environment)
        )
        self.bot.start()

    async def begin(self) -> None:
        """Start the bot; returns when it has logged in."""
        self.start()
        await until(
            self._discord.world, lambda: self._discord.gateway.is_connected, lambda: "no bot"
        )

    async def end(self, assassin: Assassin, patience: float) -> None:
        """Wait for the bot's death, at last cause it; returns when Discord has noticed."""
        await asyncio.to_thread(self.bot.join, patience)
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


def _draw(chance: random.Random, first: int, last: int) -> Point:
    """Draw a point at one of the requests so numbered, soon after it rather than late."""
    when: Literal["before", "after", "heard"] = chance.choice(("before", "after", "heard"))
    return Point(chance.randint(first, last), when, MOST_SECONDS * chance.random() ** 2)


def _ask(discord: Discord, lounge: Channel, chance: random.Random, name: str) -> Question:
    """Let somebody ask in one of three ways; a command in a room of its own."""
    asker = discord.member(name)
    way = chance.choice(("mention", "slash", "menu"))
    if way == "mention":
        return Question(asker, asker.mentions(lounge, files=[RED]), lounge)
    assert lounge.guild
    room = discord.world.text_channel(lounge.guild, f"room-of-{name}")
    if way == "slash":
        return Question(asker, asker.slash(room, "describe", image=RED), room)
    picture = asker.says(room, files=[RED])
    return Question(asker, asker.uses_menu("Describe picture", picture), room)


def _press(questions: list[Question], chance: random.Random) -> Question | None:
    """Let somebody who has an answer ask for a shorter one, at times."""
    answered = [question for question in questions if question.may_be_shorter]
    if not answered or chance.random() > PRESSES:
        return None
    question = chance.choice(answered)
    answer = question.answers()[0]
    question.shorter = question.asker.clicks(answer, s.SHORTER)
    return question


def _go_on(questions: list[Question], chance: random.Random) -> Question | None:
    """Let somebody who has an answer in a thread ask on there, once, at times."""
    gone_on = [question.place for question in questions if question.goes_on]
    threads = {
        question.asked.thread.id: question
        for question in questions
        if isinstance(question.asked, Message) and question.asked.thread not in (None, *gone_on)
        if any(_may_go_on(answer) for answer in question.answers())
    }
    if not threads or chance.random() > GOING_ON:
        return None
    question = threads[chance.choice(list(threads))]
    assert isinstance(question.asked, Message)
    assert question.asked.thread
    asked = question.asker.mentions(question.asked.thread, ON)
    return Question(question.asker, asked, question.asked.thread, goes_on=True)


def _may_go_on(answer: Message) -> bool:
    return any(button["label"] == s.ASK_MORE for button in answer.buttons)


def _words(answer: Message) -> str:
    """Tell what an answer says, without what small print says of it."""
    return _said(answer.content)


def _said(content: str) -> str:
    # `Truth` takes a broken character at the end for one that is cut off, and leaves it out.
    return content.split("\n-# ")[0].rstrip("\ufffd")


def _waiting(questions: list[Question], truths: Truths) -> int:
    return sum(
        not question.is_answered(truths) and s.MODEL_FAILED not in map(_words, question.answers())
        for question in questions
    )


async def _settle(questions: list[Question], truths: Truths, count: Count) -> None:
    """Wait for the last answers, and a moment longer; then count."""
    owed = [question for question in questions if question.is_accepted]
    patience = time.monotonic() + 300
    while _waiting(owed, truths) and time.monotonic() < patience:  # noqa: ASYNC110
        await asyncio.sleep(0.5)
    await asyncio.sleep(5)
    count.asked = len(questions)
    for question in questions:
        seen = [_words(answer) for answer in question.answers()]
        if question.is_answered(truths):
            count.answered += 1
        elif question.is_accepted and seen == [s.MODEL_FAILED]:
            count.given_up += 1
        elif not question.is_accepted and not seen:
            count.never_accepted += 1
        else:
            count.wrong.append(f"{type(question.asked).__name__} {question.asked.id}: {seen}")


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
        f"{count.answered} answered once, {count.given_up} given up, "
        f"{count.never_accepted} commands that Discord saw unanswered before they were accepted, "
        f"{len(count.wrong)} wrong"
    )
    print(*count.wrong, f"What the bot logged: {folder}/bot.log", sep="\n")
    return 1 if count.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
