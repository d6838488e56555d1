"""A newcomer opens the trial page."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
from simcord import UserHandle

from bot.client import VisionBot
from bot.features.look import VERBS
from bot.jobs.store import Store
from bot.locales import say
from bot.locales import sentences as s
from bot.run import furnish
from bot.settings import BotSettings
from bot.trial.media import SimulatedMedia
from bot.trial.page import (
    TrialBot,
    greeting,
    keep_in_sight,
    run_trial,
    signature,
    speak,
    trial_settings,
    welcome,
)
from bot.trial.quotes import end_quotes
from inference import (
    DEMO,
    Engine,
    EngineSettings,
    SamplePicture,
    SettingsError,
    sample_pictures,
)
from tests.bot.stories.conftest import MakeBot, Server
from tests.furnished import FurnishedBot

SMALL = EngineSettings(source=DEMO)
LARGE = EngineSettings(source="microsoft/Phi-3.5-vision-instruct")


@pytest.fixture
def engine(demo_engine: Engine) -> Engine:
    return demo_engine


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BotSettings:
    monkeypatch.setenv("BOT_ALLOWED_PEOPLE", "1")  # the owner's, for the bot at Discord
    return trial_settings(tmp_path, SMALL)


async def test_the_page_opens_at_the_greeting_with_three_pictures_above_it(server: Server) -> None:
    newcomer = server.alice.user
    await visit(server, newcomer, sample_pictures(seed=1))
    *samples, greeted = newcomer.dm_channel.history()
    assert [len(message.attachments) for message in samples] == [1, 1, 1]
    assert greeted.content.startswith(f"{s.TRIAL_WELCOME}\n\n")
    about = f"{s.TRIAL_SMALL_MODEL} {s.TRIAL_FEW_QUESTIONS} {s.TRIAL_REAL_MODEL}"
    assert greeted.content.endswith(f"\n\n{about}")
    assert all(f"**/{verb.name}**" in greeted.content for verb in VERBS)
    dm = newcomer.dm_channel
    async with server.env.preview(dm, viewers=[newcomer], layout="channel") as page:
        assert page.url.startswith("http://127.0.0.1:")
        assert (await page.snapshot())["targetId"] == str(greeted.id)


async def test_a_newcomer_asks_about_the_pictures_of_four_visits(server: Server) -> None:
    newcomer = server.alice.user
    seen = 0
    for seed in range(4):
        _, scene, landscape = drawn = sample_pictures(seed)
        await visit(server, newcomer, drawn)
        *_, scene_post, landscape_post, _ = newcomer.dm_channel.history()
        said = await reply(newcomer, scene_post.id, scene.question)
        seen += said == f"{scene.answer}\n-# {signature(SMALL)}"
        said = await reply(newcomer, landscape_post.id, landscape.question)
        assert said == f"{landscape.answer}\n-# {signature(SMALL)}"
    assert seen >= 3


async def test_the_page_shows_an_answer_below_the_question_that_it_quotes(server: Server) -> None:
    end_quotes()
    newcomer = server.alice.user
    _, scene, _ = sample_pictures(seed=1)
    picture = ("scene.png", scene.png)
    answer = await newcomer.slash("describe", image=picture, question=scene.question)
    dm = newcomer.dm_channel
    async with server.env.preview(dm, viewers=[newcomer], layout="channel") as page:
        shown = (await page.snapshot())["messages"][str(answer.response.id)]["content_tokens"]
    assert [token["type"] for token in shown] == ["blockquote", "paragraph"]
    assert scene.answer not in str(shown[0])


async def test_the_page_follows_to_answers_that_only_the_newcomer_sees(server: Server) -> None:
    newcomer = server.alice.user
    await visit(server, newcomer, sample_pictures(seed=1))
    dm = newcomer.dm_channel
    page = server.env.preview(dm, viewers=[newcomer], layout="channel")
    keep_in_sight(page)
    async with page:
        helped = await newcomer.slash("help")
        assert helped.ephemeral
        assert (await page.snapshot())["targetId"] == str(helped.response.id)


async def test_a_wrong_setting_is_told_before_the_page_opens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MODEL_DEVICE", "gpu")
    with pytest.raises(SettingsError, match="MODEL_DEVICE is wrong"):
        await run_trial(DEMO, port=None, browser=False)


async def test_the_page_has_the_model_that_it_names_whatever_servers_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ENGINE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("ENGINE_START_SECONDS", "0")
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(OSError, match="page cannot be opened"),
    ):
        await run_trial(DEMO, port=taken.getsockname()[1], browser=False)


def test_each_answer_says_whose_it_is_and_the_small_models_where_the_real_one_is() -> None:
    assert signature(SMALL) == f"Answered by: small demo model. {s.TRIAL_REAL_MODEL}"
    assert signature(LARGE) == "Answered by: Phi-3.5-vision-instruct."
    assert s.TRIAL_SMALL_MODEL not in greeting(LARGE)


class TestInGerman:
    @pytest.fixture
    def settings(self, tmp_path: Path) -> BotSettings:
        return trial_settings(tmp_path, SMALL, "de")

    @pytest.fixture
    async def make_bot(
        self, engine: Engine, media: SimulatedMedia, settings: BotSettings
    ) -> AsyncIterator[MakeBot]:
        """Make the page's bot, which takes everybody for a speaker of German."""
        store = await Store.open(settings.data / "jobs.sqlite3")

        async def furnish_for_visitor(bot: VisionBot) -> None:
            await furnish(bot, settings, store, engine, media)

        bot = TrialBot(furnish_for_visitor, discord.Locale.german)
        bot.ends.push_async_callback(store.close)
        yield lambda: bot
        await bot.close()

    async def test_commands_buttons_and_private_messages_speak_german(self, server: Server) -> None:
        helped = await server.alice.slash(server.general, "help")
        assert helped.response is not None
        assert helped.response.content.startswith(say("de", s.HELP))
        privacy = await server.alice.slash(server.general, "privacy")
        assert privacy.response is not None
        pressed = await server.alice.click(privacy.response, label=say("de", s.LEAVE_MY_PICTURES))
        assert pressed.response is not None
        assert pressed.response.content == say("de", s.ABOUT_LEFT_ALONE)
        await server.alice.send_dm("hallo")
        assert server.alice.user.dm_channel.history()[-1].content == say("de", s.NO_PICTURE)

    async def test_commands_and_their_options_are_described_in_german(self, server: Server) -> None:
        commands = server.env.backend.commands[None]
        speak(commands.values(), "de")
        described = commands["describe", 1]
        assert described["description"] == say("de", VERBS[0].description.message)
        options = {option["name"]: option for option in described["options"]}
        assert options["image"]["description"] == say("de", "The picture")
        assert [choice["name"] for choice in options["detail"]["choices"]] == [
            say("de", word) for word in ("short", "normal", "long")
        ]

    def test_the_page_greets_in_german(self) -> None:
        assert greeting(SMALL, "de").startswith(say("de", s.TRIAL_WELCOME))
        assert say("de", s.TRIAL_REAL_MODEL) in signature(SMALL, "de")


async def visit(server: Server, newcomer: UserHandle, samples: tuple[SamplePicture, ...]) -> None:
    """Welcome a newcomer as the page does."""
    assert isinstance(server.env.bot, FurnishedBot)
    await welcome(server.env.bot, newcomer.id, samples, greeting(SMALL))


async def reply(newcomer: UserHandle, message_id: int, question: str) -> str:
    """Reply to a message of the conversation, and return the answer."""
    dm = newcomer.dm_channel
    reference = {"message_id": str(message_id), "channel_id": str(dm.id)}
    await newcomer.send_dm(question, reference=reference)
    return dm.history()[-1].content
