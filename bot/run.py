"""Start the bot, and end it so that nothing is lost."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable

import aiohttp

from bot.client import VisionBot
from bot.pictures.fetch import DiscordMedia
from bot.settings import BotSettings, DiscordSettings
from inference import EngineSettings, load_engine, read_settings

log = logging.getLogger(__name__)


async def run(connector: Callable[[], aiohttp.BaseConnector] | None = None) -> None:
    """Load the model, answer people until SIGINT or SIGTERM, then end cleanly.

    Each connection to Discord comes from a connector, where one is given: it decides how names
    and certificates are looked up. Raises SettingsError, ModelLoadError, or what discord.py raises
    when it cannot log in.
    """
    token = read_settings(DiscordSettings).token
    settings = read_settings(BotSettings)
    engine_settings = read_settings(EngineSettings)
    log.info("Loading the model %s.", engine_settings.source)
    engine = await asyncio.to_thread(load_engine, engine_settings)
    try:
        connect = connector or aiohttp.TCPConnector
        async with VisionBot(settings, engine, DiscordMedia(connect()), connect()) as bot:
            await _serve(bot, token.get_secret_value(), settings.grace)
    finally:
        await engine.close()


async def _serve(bot: VisionBot, token: str, grace: float) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # on Windows, Ctrl-C raises instead
            loop.add_signal_handler(number, stop.set)
    connection = asyncio.create_task(bot.start(token))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({connection, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if stop.is_set():
        log.info("Stopping: answers that are under way have %.0f s to end.", grace)
        await bot.worker.drain(grace)
        await bot.close()
    stopping.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await connection
