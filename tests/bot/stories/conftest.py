"""A Discord server with the real bot in it and people who ask."""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from simcord import ChannelHandle, GuildHandle, MemberActor

from bot.locales import sentences as s
from bot.replies.text import closed, escape, fence
from bot.settings import BotSettings
from bot.trial.media import SimulatedMedia
from inference import TASKS, Engine, EngineSettings, decode_picture, load_engine
from tests.furnished import FurnishedBot
from tests.oracle import Oracle


@pytest.fixture(scope="session")
def engine(tiny_checkpoint: Path) -> Engine:
    return load_engine(EngineSettings(source=str(tiny_checkpoint), device="cpu", dtype="float32"))


@pytest.fixture(scope="session")
def demo_engine() -> Engine:
    """The small trained model, which sees what is in a drawn picture."""
    return load_engine(EngineSettings(source="demo", device="cpu", dtype="float32"))


DEFERRED = discord.InteractionResponseType.deferred_channel_message.value


@dataclass
class Server:
    """One server of the simulated Discord."""

    env: simcord.Env
    guild: GuildHandle
    general: ChannelHandle
    alice: MemberActor
    bob: MemberActor

    @property
    def mention(self) -> str:
        """How people mention the bot."""
        assert self.env.bot.user is not None
        return self.env.bot.user.mention

    def post(self, who: MemberActor, content: str, picture: bytes) -> None:
        """Post a message without waiting for what the bot makes of it."""
        backend = self.env.backend
        files = backend.store_attachments(self.general.id, [("picture.png", picture)])
        backend.create_message(self.general.id, who.id, content, attachments=files)

    def answers_in_thread(self) -> list[discord.Message]:
        """What the bot wrote in the channel's one thread, oldest first."""
        (thread,) = self.general.threads
        return [message for message in thread.history() if message.author.bot]

    def last_answer(self) -> str:
        """The last message of the channel, which must be the bot's."""
        message = self.general.last_message
        assert message is not None
        assert message.author.bot
        return message.content

    def acknowledgements(self) -> list[int]:
        """The kinds of the bot's first answers to interactions, in order."""
        return [
            request.json["type"]
            for request in self.env.http_requests
            if request.path.endswith("/callback")
        ]

    def posted(self) -> list[str]:
        """Every text that the bot ever sent or edited, in order."""
        return [
            str(body["content"])
            for request in self.env.http_requests
            if isinstance(body := request.json, dict) and body.get("content")
        ]


MakeBot = Callable[[], FurnishedBot]


@pytest.fixture
def media() -> SimulatedMedia:
    return SimulatedMedia()


@pytest.fixture
def settings(tmp_path: Path) -> BotSettings:
    return BotSettings(_env_file=None, data=tmp_path / "data")


@pytest.fixture
async def make_bot(
    engine: Engine, media: SimulatedMedia, settings: BotSettings
) -> AsyncIterator[MakeBot]:
    """Make the real bot; each one works on the same data."""
    bots: list[FurnishedBot] = []

    def make() -> FurnishedBot:
        bots.append(FurnishedBot(settings, engine, media))
        return bots[-1]

    yield make
    for bot in bots:
        await bot.close()


class PatientEnv(simcord.Env):
    """Gives a bot that starts again as long as one at work; of itself it would give 5 s."""

    async def _settle_internal(self, **options: Any) -> None:
        options["timeout"] = max(options.get("timeout") or 0, self.settle_timeout)
        await super()._settle_internal(**options)


@pytest.fixture
def settle_timeout() -> float:
    """Seconds that a slow machine may take for what one person sets going."""
    return 180


@pytest.fixture
async def env(
    make_bot: MakeBot, media: SimulatedMedia, settle_timeout: float
) -> AsyncIterator[simcord.Env]:
    """A simulated Discord with the bot logged in; an error of the bot fails the story."""
    env = PatientEnv(make_bot(), shard_count=1, settle_timeout=settle_timeout)
    await env.start()
    media.world = env
    yield env
    await env.shutdown()
    env.raise_errors()


@pytest.fixture
async def server(env: simcord.Env) -> Server:
    guild = env.create_guild("Lighthouse")
    return Server(
        env,
        guild,
        guild.create_text_channel("general"),
        guild.add_member(env.create_user("alice")),
        guild.add_member(env.create_user("bob")),
    )


Tell = Callable[[str, tuple[bytes, ...], str], str]


class Expect:
    """Says what must stand in Discord: what plain transformers answers for the same request."""

    def __init__(self, tell: Tell, env: simcord.Env) -> None:
        self._tell = tell
        self._env = env

    def answer(
        self, message: Any, task: str, pictures: Sequence[bytes], question: str = ""
    ) -> None:
        """Fail unless the message shows the answer, in a file where it is too long."""
        self.answers([message], task, pictures, question)

    def answers(
        self, messages: Sequence[Any], task: str, pictures: Sequence[bytes], question: str = ""
    ) -> None:
        """Fail unless the messages show the answer, one after the other."""
        text = self._tell(task, tuple(pictures), question)
        said = words("".join(message.content for message in messages))
        expected = words(laid_out(task, text))
        if files := [each for each in messages[0].attachments if each.filename == "answer.txt"]:
            (file,) = files
            assert self._env.backend.cdn.get(file.url) == TASKS[task].tidy(text).encode()
            assert expected.startswith(said)
        elif s.TEXT_REPEATED in messages[-1].content:  # plain transformers would go on
            assert expected.startswith(said)
        else:
            assert said == expected


@pytest.fixture(scope="module")
def tell(oracle: Oracle) -> Tell:
    """Ask plain transformers each question once."""

    @cache
    def tell(task: str, pictures: tuple[bytes, ...], question: str) -> str:
        request = TASKS[task].request(tuple(map(decode_picture, pictures)), question)
        return oracle.answer(request).rstrip("\ufffd")  # half a character is not shown

    return tell


@pytest.fixture
def expect(tell: Tell, env: simcord.Env) -> Expect:
    return Expect(tell, env)


def laid_out(task: str, text: str) -> str:
    """Write an answer as Discord shows it."""
    tidy = TASKS[task].tidy(text).strip("\n")
    return fence(tidy) if TASKS[task].transcribes else escape(closed(tidy))


def words(content: str) -> str:
    """Return the content without quote and small print, and without the cuts between messages."""
    lines = [line for line in content.split("\n") if not line.startswith(("-# ", "> "))]
    return re.sub(r"```|\s", "", "".join(lines)).rstrip("\ufffd")
