"""A bot put together as the product is, around an engine and media of the test's own."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import aiohttp

from bot.client import VisionBot
from bot.desk import Desk
from bot.jobs.store import Store
from bot.pictures.fetch import Media
from bot.run import furnish, serve
from bot.settings import BotSettings
from bot.stopping import Stop, end_with, signals
from inference import Engine

JOBS = "jobs.sqlite3"


class FurnishedBot(VisionBot):
    """Opens its store when it logs in, and lets a test look at what it is made of."""

    desk: Desk
    store: Store

    def __init__(
        self,
        settings: BotSettings,
        engine: Engine,
        media: Media,
        connector: aiohttp.BaseConnector | None = None,
    ) -> None:
        super().__init__(self._take_all, connector=connector)
        self.settings = settings
        self._engine = engine
        self._media = media

    async def _take_all(self, _: VisionBot) -> None:
        self.store = await Store.open(self.settings.data / JOBS)
        self.ends.push_async_callback(self.store.close)
        self.desk = await furnish(self, self.settings, self.store, self._engine, self._media)


async def serve_until_a_signal(bot: FurnishedBot, engine: Engine, token: str, grace: float) -> None:
    """Serve as the process does, which a signal ends, or an engine that hangs."""
    stop = Stop()
    end_with(engine, stop)

    async def drain() -> None:
        await bot.desk.drain(grace)

    with signals(stop):
        await serve(bot, token, stop, drain)


async def left_by_a_death(bot: FurnishedBot) -> Path:
    """Copy a bot's folder as the next process would find it if this one died now."""
    await bot.store.counts()  # when it has counted, nothing waits for the disk
    folder = bot.settings.data
    copy = folder.with_name(f"{folder.name}-remains")
    return await asyncio.to_thread(shutil.copytree, folder, copy, dirs_exist_ok=True)


async def jobs_in(folder: Path) -> list[Any]:
    """List the accepted jobs that a bot has left in its folder."""
    store = await Store.open(folder / JOBS)
    try:
        return await store.jobs()
    finally:
        await store.close()
