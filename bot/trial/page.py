"""A Discord of one's own: one server, one channel, three pictures and the real bot."""

import asyncio
import contextlib
import tempfile
import webbrowser
from pathlib import Path

import simcord

from bot.client import VisionBot
from bot.locales import say
from bot.locales import sentences as s
from bot.settings import BotSettings
from bot.trial.media import SimulatedMedia
from inference import DEMO_CHECKPOINT, Engine, EngineSettings, load_engine, sample_pictures

BOT_NAME = "Phi-3-Vision"
PATIENCE = 600.0
"""Seconds that the page waits for an answer; a slow processor takes its time."""


async def run_trial(*, port: int | None, browser: bool) -> None:
    """Serve the page on loopback until it is interrupted; prints its address."""
    print("Loading the small demo model…")
    engine = await asyncio.to_thread(load_engine, EngineSettings(source=str(DEMO_CHECKPOINT)))
    try:
        with tempfile.TemporaryDirectory() as folder:
            await _open_page(engine, Path(folder), port, browser)
    finally:
        await engine.close()


async def _open_page(engine: Engine, folder: Path, port: int | None, browser: bool) -> None:
    media = SimulatedMedia()
    bot = VisionBot(BotSettings(data=folder, sign_answers=True), engine, media)
    async with simcord.run(
        bot, shard_count=1, settle_timeout=PATIENCE, check_errors=False
    ) as world:
        media.world = world
        channel, visitor = await _welcome(world)
        page = world.preview(channel, viewers=[visitor], layout="channel", port=port)
        async with page:
            print(f"Open {page.url} (Ctrl-C ends it).")
            if browser:
                await asyncio.to_thread(webbrowser.open, page.url)
            with contextlib.suppress(asyncio.CancelledError):
                await page.wait_closed()
        await bot.close()


async def _welcome(world: simcord.Env) -> tuple[simcord.ChannelHandle, simcord.MemberActor]:
    """Furnish the world: a channel, a person, and pictures to try the bot on."""
    world.backend.bot_user.name = BOT_NAME
    guild = world.create_guild("Your server")
    channel = guild.create_text_channel("try-it")
    host = guild.add_member(world.create_user("welcome"))
    visitor = guild.add_member(world.create_user("you"))
    samples = sample_pictures(seed=1)
    await host.send(
        channel,
        say("en-US", s.TRIAL_WELCOME, bot=BOT_NAME),
        attachments=[(sample.filename, sample.png) for sample in samples],
    )
    return channel, visitor
