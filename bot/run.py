"""Put the bot together, start it, and end it so that nothing is lost."""

import asyncio
import gc
import logging
import os
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TypeVar

import aiohttp
import discord

from bot.client import VisionBot
from bot.desk import Desk
from bot.features.accessible import Accessible
from bot.features.answers import Answers
from bot.features.away import Away
from bot.features.buttons import Buttons
from bot.features.forms import Forms
from bot.features.help import Help
from bot.features.look import Look
from bot.features.mentions import Mentions
from bot.features.operator import Operator
from bot.features.orders import Orders
from bot.features.privacy import Privacy
from bot.features.servers import Servers
from bot.health import HealthPage, new_key
from bot.jobs.case import Case
from bot.jobs.claim import claim
from bot.jobs.limits import Limits
from bot.jobs.outlet import Outlet
from bot.jobs.sight import Sight
from bot.jobs.spool import Spool
from bot.jobs.store import Store
from bot.jobs.worker import Worker
from bot.metrics import Metrics
from bot.pictures.fetch import DiscordMedia, Media
from bot.registering import register
from bot.replies.captions import Caption
from bot.replies.pace import Pace
from bot.replies.reply import Reply
from bot.settings import BotSettings, DiscordSettings
from bot.shards import Shards
from bot.stopping import Stop, end_with, signals
from bot.vitals import Vitals
from inference import (
    Engine,
    EngineSettings,
    RemoteSettings,
    languages_of,
    load_engine,
    read_settings,
)
from inference import Limits as EngineLimits

T = TypeVar("T")
log = logging.getLogger(__name__)


async def run(
    connector: Callable[[], aiohttp.BaseConnector] | None = None, shards: Shards | None = None
) -> None:
    """Answer people until SIGINT or SIGTERM: those of some shards, or all.

    What the operator may have got wrong is found out as early as can be: settings, store, token,
    and then the model, which takes minutes. Each connection to Discord comes from a connector,
    where one is given: it decides how names and certificates are looked up. Raises SettingsError,
    OperatorError, sqlite3.Error or OSError, what discord.py raises when it cannot log in,
    ModelLoadError, or GenerationError when the model hangs.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing is at stake before the bot serves
    token = read_settings(DiscordSettings).token
    os.environ.pop("DISCORD_TOKEN", None)  # no process of ours needs to inherit it
    settings = read_settings(BotSettings)
    engine_settings = read_settings(EngineSettings)
    read_settings(EngineLimits)
    read_settings(RemoteSettings)
    connect = connector or aiohttp.TCPConnector
    claimed = claim(settings.data)
    store = await Store.open(settings.data / "jobs.sqlite3")
    stop, metrics = Stop(), Metrics()

    async def furnish_with_model(bot: VisionBot) -> None:
        log.info("Logged in; loading the model %s.", engine_settings.source)
        engine = await in_daemon_thread(partial(load_engine, engine_settings))
        gc.freeze()  # to look through all of torch for garbage holds everyone up for 0.4 s
        gc.set_threshold(10_000, 20, 20)  # in a crowd nearly all that is new is in use
        bot.ends.push_async_callback(engine.close)
        end_with(engine, stop)
        media = DiscordMedia(connect())
        vitals.desk = await furnish(bot, settings, store, engine, media, metrics)
        vitals.desk.warm_up()
        bot.ends.enter_context(signals(stop))

    async def drain() -> None:
        log.info("Stopping: answers that are under way have %.0f s to end.", settings.grace)
        if vitals.desk:
            await vitals.desk.drain(settings.grace)

    bot = VisionBot(
        furnish_with_model,
        connector=connect(),
        http_trace=metrics.trace(),
        **shards.connection() if shards else {},
    )
    vitals = Vitals(bot, metrics, engine_settings.model_name)
    async with bot, observed(settings, metrics, vitals):
        bot.ends.push_async_callback(store.close)
        await serve(bot, token.get_secret_value(), stop, drain)
    claimed.close()


@asynccontextmanager
async def observed(settings: BotSettings, metrics: Metrics, vitals: Vitals) -> AsyncIterator[None]:
    """Serve the page for machines for as long as the bot lives, if its port can be had."""
    key = new_key(settings.data)
    page = HealthPage(metrics.registry, vitals.is_ready, vitals.status, key, vitals.obey)
    lag = asyncio.create_task(metrics.watch_lag())
    logging.getLogger().addHandler(vitals.errors)
    if settings.metrics_port:
        try:
            await page.open(settings.metrics_host, settings.metrics_port)
        except OSError as error:
            log.warning("Nobody can see how the bot is (BOT_METRICS_PORT): %s", error)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(vitals.errors)
        lag.cancel()
        await page.close()


async def furnish(
    bot: VisionBot,
    settings: BotSettings,
    store: Store,
    engine: Engine,
    media: Media,
    metrics: Metrics | None = None,
) -> Desk:
    """Give a bot all that it can do, and go on with what the last run left.

    Media and what is made here end with the bot; store and engine are the caller's.
    """
    bot.ends.push_async_callback(media.close)
    metrics = metrics or Metrics()
    metrics.engine.watch(engine)
    limits = Limits(settings, choices=store.choices)
    spool = Spool(settings.data / "spool")
    sight = Sight(engine, spool, media, metrics)
    pace = Pace()

    def outlet_for(case: Case) -> Outlet:
        if case.job.is_unasked:
            return Caption(case, client=bot, pace=pace)
        return Reply(case, client=bot, pace=pace, spool=spool, signature=settings.signature)

    worker = Worker(engine, store, sight, limits, outlet_for, metrics)
    bot.ends.push_async_callback(worker.close)
    desk = Desk(settings, store, limits, worker, engine, metrics)
    await add_features(bot, settings, store, desk, languages_of(engine.kind))
    if settings.home:
        await register(bot.tree, discord.Object(settings.home))
    await desk.begin()
    return desk


async def add_features(
    bot: VisionBot, settings: BotSettings, store: Store, desk: Desk, languages: Sequence[str]
) -> None:
    """Add a cog for each thing that people can do; answers can be had in these languages."""
    mentions = Mentions(bot, desk, store, settings)
    answers = Answers(bot, desk, mentions.question_of)
    forms = Forms(desk, answers)
    accessible = Accessible(bot, desk, store)
    for cog in (
        Look(desk, bot.tree, forms, languages),
        forms,
        Buttons(bot, desk, forms, answers),
        Orders(desk),
        Help(),
        Privacy(bot, desk, store),
        Servers(bot, desk, store, settings),
        accessible,
        mentions,
        Away(bot, store, mentions.on_message, accessible.catch_up),
    ):
        await bot.add_cog(cog)
    if settings.home:
        await bot.add_cog(Operator(bot, desk, store), guild=discord.Object(settings.home))


async def serve(
    bot: VisionBot, token: str, stop: Stop, drain: Callable[[], Awaitable[None]]
) -> None:
    """Log in and answer people until a reason to stop; what is not answered by then is kept.

    Raises the reason, or what discord.py raises when it cannot go on.
    """
    connection = asyncio.create_task(bot.start(token))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({connection, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not connection.done():
        await drain()
        await bot.close()
    stopping.cancel()
    with suppress(asyncio.CancelledError):
        await connection
    if stop.error:
        raise stop.error


def in_daemon_thread(work: Callable[[], T]) -> "asyncio.Future[T]":
    """Do work in a thread that nobody waits for when the process ends."""
    done: Future[T] = Future()

    def do() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    threading.Thread(target=do, name="loading", daemon=True).start()
    return asyncio.wrap_future(done)
