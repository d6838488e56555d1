"""A Discord of one's own: a conversation with the real bot, begun with three pictures."""

import asyncio
import contextlib
import io
import secrets
import tempfile
import webbrowser
from collections.abc import Iterable
from pathlib import Path

import discord
import simcord

from bot.client import VisionBot
from bot.locales import say
from bot.locales import sentences as s
from bot.settings import BotSettings
from bot.trial.media import SimulatedMedia
from inference import (
    DEMO_CHECKPOINT,
    Engine,
    EngineSettings,
    SamplePicture,
    load_engine,
    sample_pictures,
)

BOT_NAME = "Phi-3-Vision"
PATIENCE = 600.0
"""Seconds that the page waits for an answer; a slow processor takes its time."""


async def run_trial(*, port: int | None, browser: bool) -> None:
    """Serve the page on loopback until it is interrupted; prints its address.

    Raises ModelLoadError, and OSError where the port is taken.
    """
    print("Loading the small demo model…")
    engine = await asyncio.to_thread(load_engine, EngineSettings(source=str(DEMO_CHECKPOINT)))
    try:
        with tempfile.TemporaryDirectory() as folder:
            await _open_page(engine, Path(folder), port, browser)
    except simcord.SetupError as error:
        raise OSError(f"The page cannot be opened: {error}.") from error
    finally:
        await engine.close()


async def _open_page(engine: Engine, folder: Path, port: int | None, browser: bool) -> None:
    media = SimulatedMedia()
    bot = VisionBot(
        BotSettings(data=folder, signature=say("en-US", s.TRIAL_SIGNATURE)), engine, media
    )
    async with simcord.run(
        bot, shard_count=1, settle_timeout=PATIENCE, check_errors=False
    ) as world:
        media.world = world
        world.backend.bot_user.name = BOT_NAME
        visitor = world.create_user("you")
        await welcome(bot, visitor.id, sample_pictures(secrets.randbits(32)))
        page = world.preview(visitor.dm_channel, viewers=[visitor], layout="channel", port=port)
        async with page:
            print(f"Open {page.url} (Ctrl-C ends it).")
            if browser:
                await asyncio.to_thread(webbrowser.open, page.url)
            with contextlib.suppress(asyncio.CancelledError):
                await page.wait_closed()
        await bot.close()


async def welcome(bot: VisionBot, visitor_id: int, samples: Iterable[SamplePicture]) -> None:
    """Greet the visitor with pictures to ask about."""
    dm = await bot.create_dm(discord.Object(visitor_id))
    await dm.send(say("en-US", s.TRIAL_WELCOME))
    for sample in samples:
        await dm.send(
            say("en-US", s.TRIAL_QUESTION, question=sample.question),
            file=discord.File(io.BytesIO(sample.png), sample.filename),
        )
