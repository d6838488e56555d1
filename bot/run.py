"""Start the bot, and end it so that nothing is lost."""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import Callable
from typing import Any

import aiohttp

from bot.client import VisionBot
from bot.pictures.fetch import DiscordMedia
from bot.settings import BotSettings, DiscordSettings
from inference import Engine, EngineSettings, load_engine, read_settings

log = logging.getLogger(__name__)


async def run(connector: Callable[[], aiohttp.BaseConnector] | None = None) -> None:
    """Load the model and answer people until SIGINT or SIGTERM.

    Each connection to Discord comes from a connector, where one is given: it decides how names
    and certificates are looked up. Raises SettingsError, ModelLoadError, GenerationError when the
    model hangs, or what discord.py raises when it cannot log in.
    """
    token = read_settings(DiscordSettings).token
    settings = read_settings(BotSettings)
    engine_settings = read_settings(EngineSettings)
    log.info("Loading the model %s.", engine_settings.source)
    engine = await asyncio.to_thread(load_engine, engine_settings)
    gc.freeze()  # to look through all of torch for garbage holds everyone up for 0.4 s
    gc.set_threshold(10_000, 20, 20)  # in a crowd nearly all that is new is in use
    try:
        connect = connector or aiohttp.TCPConnector
        async with VisionBot(settings, engine, DiscordMedia(connect()), connect()) as bot:
            bot.worker.warm_up()
            await serve(bot, engine, token.get_secret_value(), settings.grace)
    finally:
        await engine.close()


async def serve(bot: VisionBot, engine: Engine, token: str, grace: float) -> None:
    """Answer people until a signal, or until the engine hangs; what is not answered is kept.

    What runs then has `grace` seconds to end. Raises GenerationError when the engine has hung.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # on Windows, Ctrl-C raises instead
            loop.add_signal_handler(number, stop.set)
    connection = asyncio.create_task(bot.start(token))
    stopping = asyncio.create_task(stop.wait())
    hung = asyncio.wrap_future(engine.stopped)
    ends: set[asyncio.Future[Any]] = {connection, stopping, hung}
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    if not connection.done():
        log.info("Stopping: answers that are under way have %.0f s to end.", grace)
        await bot.worker.drain(grace)
        await bot.close()
    stopping.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await connection
    if hung.done():
        await hung
