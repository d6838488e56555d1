"""A Discord of one's own: a conversation with the real bot, begun with three pictures."""

import asyncio
import contextlib
import io
import secrets
import tempfile
import webbrowser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.client import Furnish, VisionBot
from bot.features.help import ways_to_ask
from bot.jobs.store import Store
from bot.locales import say
from bot.locales import sentences as s
from bot.run import furnish
from bot.settings import BotSettings
from bot.trial.media import SimulatedMedia
from bot.trial.quotes import end_quotes
from inference import (
    DEMO,
    Engine,
    EngineSettings,
    RemoteSettings,
    SamplePicture,
    load_engine,
    read_settings,
    sample_pictures,
)

BOT_NAME = "Phi-3-Vision"
PATIENCE = 600.0
"""Seconds that the page waits for an answer; a slow processor takes its time."""
QUESTIONS_A_MINUTE = 60
"""There is nobody but the visitor."""


class TrialBot(VisionBot):
    """Takes everybody for a speaker of one language: the page's Discord knows of no other."""

    def __init__(self, furnish: Furnish, locale: discord.Locale) -> None:
        super().__init__(furnish)
        self._locale = locale

    def dispatch(self, event: str, /, *arguments: Any, **more: Any) -> None:
        """Hand on an event, an interaction as one in the language."""
        if event == "interaction":  # told before any command or button hears of it
            arguments[0].locale = self._locale
        super().dispatch(event, *arguments, **more)


async def run_trial(
    model: str,
    *,
    port: int | None,
    browser: bool,
    locale: discord.Locale = discord.Locale.american_english,
) -> None:
    """Serve the page on loopback until it is interrupted; prints its address.

    Raises SettingsError, ModelLoadError, and OSError where the port is taken.
    """
    settings = read_settings(EngineSettings, source=model)
    no_servers = read_settings(RemoteSettings, url=())
    print(f"Loading the model ({settings.model_name})…", flush=True)
    engine = await asyncio.to_thread(load_engine, settings, servers=no_servers)
    try:
        with tempfile.TemporaryDirectory() as folder:
            await _open_page(engine, settings, Path(folder), port, browser, locale)
    except simcord.SetupError as error:
        raise OSError(f"The page cannot be opened: {error}.") from error
    finally:
        await engine.close()


async def _open_page(
    engine: Engine,
    settings: EngineSettings,
    folder: Path,
    port: int | None,
    browser: bool,
    locale: discord.Locale,
) -> None:
    media = SimulatedMedia()
    store = await Store.open(folder / "jobs.sqlite3")

    async def furnish_for_visitor(bot: VisionBot) -> None:
        await furnish(bot, trial_settings(folder, settings, locale.value), store, engine, media)

    bot = TrialBot(furnish_for_visitor, locale)
    bot.ends.push_async_callback(store.close)
    async with simcord.run(
        bot, shard_count=1, settle_timeout=PATIENCE, check_errors=False
    ) as world:
        media.world = world
        world.backend.bot_user.name = BOT_NAME
        visitor = world.create_user("you")
        samples = sample_pictures(secrets.randbits(32))
        await welcome(bot, visitor.id, samples, greeting(settings, locale.value), locale.value)
        end_quotes()
        speak(world.backend.commands[None].values(), locale.value)
        page = world.preview(
            visitor.dm_channel,
            viewers=[visitor],
            layout="channel",
            locale=locale.value,
            port=port,
        )
        keep_in_sight(page)
        async with page:
            print(f"Open {page.url} (Ctrl-C ends it).", flush=True)
            if browser:
                await asyncio.to_thread(webbrowser.open, page.url)
            with contextlib.suppress(asyncio.CancelledError):
                await page.wait_closed()
        await bot.close()


def trial_settings(folder: Path, settings: EngineSettings, locale: str = "en-US") -> BotSettings:
    """Set up a bot for one visitor, whatever the owner has set for the one at Discord."""
    return BotSettings.model_construct(
        data=folder,
        locale=locale,
        requests_a_minute=QUESTIONS_A_MINUTE,
        signature=signature(settings, locale),
    )


def greeting(settings: EngineSettings, locale: str = "en-US") -> str:
    """Say what this page is, every way to ask and, of the small model, where the real one is."""
    welcome = f"{say(locale, s.TRIAL_WELCOME)}\n\n{ways_to_ask(locale)}"
    small = (s.TRIAL_SMALL_MODEL, s.TRIAL_FEW_QUESTIONS, s.TRIAL_REAL_MODEL)
    about_small = " ".join(say(locale, sentence) for sentence in small)
    return f"{welcome}\n\n{about_small}" if settings.source == DEMO else welcome


def signature(settings: EngineSettings, locale: str = "en-US") -> str:
    """Say whose answer it is and, where it is the small model's, where the real one is."""
    name = say(locale, s.TRIAL_SIGNATURE, model=settings.model_name)
    return f"{name} {say(locale, s.TRIAL_REAL_MODEL)}" if settings.source == DEMO else name


def keep_in_sight(page: simcord.Preview) -> None:
    """Let the page show whatever we said last; of itself it stays where the visitor looked."""
    publish, shown = page._publish, set[tuple[int, int]]()

    def publish_newest(view: Any, **why: Any) -> None:
        newest = page._initial_target(view.viewer, view.channel_id)
        if (id(view), newest) not in shown:
            view.target_id = newest
            shown.add((id(view), newest))
        publish(view, **why)

    page._publish = publish_newest


def speak(commands: Iterable[dict[str, Any]], language: str) -> None:
    """Describe commands in a language; the page knows of no other words than the plain ones."""
    for each in commands:
        words = each.get("description_localizations") or {}
        each["description"] = words.get(language, each["description"])
        for choice in each.get("choices") or ():
            labels = choice.get("name_localizations") or {}
            choice["name"] = labels.get(language, choice["name"])
        speak(each.get("options") or (), language)


async def welcome(
    bot: VisionBot,
    visitor_id: int,
    samples: Iterable[SamplePicture],
    greeting: str,
    locale: str = "en-US",
) -> None:
    """Show the visitor pictures to ask about, and greet them below, where the page opens."""
    dm = await bot.create_dm(discord.Object(visitor_id))
    for sample in samples:
        await dm.send(
            say(locale, s.TRIAL_QUESTION, question=sample.question),
            file=discord.File(io.BytesIO(sample.png), sample.filename),
        )
    await dm.send(greeting)
