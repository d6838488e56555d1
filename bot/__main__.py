"""`python -m bot`: the bot at Discord; `python -m bot try`: the same bot on a page of your own."""

import argparse
import asyncio
import logging
import os
import sqlite3
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import aiohttp
import discord

from bot.console.doctor import examine
from bot.console.orders import give_order
from bot.console.setup import set_up
from bot.console.status import show_status
from bot.errors import OperatorError
from bot.log import log_to_stderr
from bot.run import run
from bot.settings import BotSettings
from bot.shards import ids_in, shards_of
from bot.vitals import DISTRIBUTION
from inference import DEMO, GenerationError, InferenceError, SettingsError, read_settings

ENV_FILE = Path(".env")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; return the process's exit code."""
    options = _parser().parse_args(arguments)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak
    try:
        if options.command in ("run", None):
            log_to_stderr(logging.INFO, read_settings(BotSettings).log)
        else:
            log_to_stderr(logging.ERROR)
        return asyncio.run(options.do(options)) or 0
    except KeyboardInterrupt:
        return 130
    except GenerationError as error:
        print(_sentence(error), file=sys.stderr, flush=True)
        os._exit(1)  # an ordinary exit would wait for the thread that hangs
    except _FOR_THE_OPERATOR as error:
        print(_sentence(error), file=sys.stderr)
        return 1


async def _run(options: argparse.Namespace) -> None:
    await run(shards=shards_of(options.shard_ids, options.shard_count))


async def _try(options: argparse.Namespace) -> None:
    from bot.trial import run_trial  # simcord is an extra that the real bot needs not

    await run_trial(
        options.model, port=options.port, browser=options.browser, locale=options.language
    )


async def _set_up(options: argparse.Namespace) -> int:
    try:
        return await set_up(ENV_FILE, takes_defaults=options.yes)
    except EOFError:
        raise OperatorError("Nobody answers here: `--yes` takes each default.") from None


async def _examine(options: argparse.Namespace) -> int:
    return await examine(
        server=options.server, as_json=options.json, reads_weights=not options.quick
    )


async def _show_status(options: argparse.Namespace) -> int:
    return await show_status(ready_only=options.ready)


async def _give_order(options: argparse.Namespace) -> int:
    return await give_order(options.command)


_FOR_THE_OPERATOR = (
    OperatorError,
    InferenceError,
    discord.DiscordException,
    aiohttp.ClientError,
    sqlite3.Error,
    OSError,
    ImportError,
)

_TOKEN_REFUSED = 4004
_INTENTS_REFUSED = (4013, 4014)
"""Codes with which Discord closes the connection for good, as when the token has been reset."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    parser.add_argument("--version", action="version", version=version(DISTRIBUTION))
    parser.set_defaults(do=_run, shard_ids=None, shard_count=None)
    commands = parser.add_subparsers(dest="command")
    running = commands.add_parser("run", help="answer people at Discord (the default)")
    running.add_argument("--shard-ids", type=ids_in, help="of this process, as 0,2,4-7 (all)")
    running.add_argument("--shard-count", type=int, help="of all processes (as Discord advises)")
    setting_up = commands.add_parser("setup", help="write .env, and print the invite links")
    setting_up.add_argument("--yes", action="store_true", help="ask nothing, take each default")
    setting_up.set_defaults(do=_set_up)
    doctor = commands.add_parser("doctor", help="is all well, and if not, what to do")
    doctor.add_argument("--server", type=int, help="look at one server, by its id")
    doctor.add_argument("--quick", action="store_true", help="skip the weights' checksums")
    doctor.add_argument("--json", action="store_true", help="print the findings as JSON")
    doctor.set_defaults(do=_examine)
    status = commands.add_parser("status", help="what the running bot says of itself")
    status.add_argument("--ready", action="store_true", help="only whether people are answered")
    status.set_defaults(do=_show_status)
    for order, words in (
        ("pause", "let the running bot take no new questions"),
        ("resume", "let it take questions again"),
    ):
        ordering = commands.add_parser(order, help=words)
        ordering.set_defaults(do=_give_order)
    trial = commands.add_parser("try", help="try it here: no token, no GPU, no internet")
    trial.add_argument(
        "--model", default=DEMO, help="a hub id or a folder (the small model that comes along)"
    )
    trial.add_argument("--port", type=int, default=None, help="the page's port (any free one)")
    trial.add_argument(
        "--language",
        type=discord.Locale,
        default=discord.Locale.american_english,
        help="that the bot takes the visitor's Discord to speak, as de or pt-BR (en-US)",
    )
    trial.add_argument(
        "--no-browser", dest="browser", action="store_false", help="only print the address"
    )
    trial.set_defaults(do=_try)
    return parser


def _sentence(error: Exception) -> str:
    """Tell the operator in one sentence what to do."""
    closed = error.code if isinstance(error, discord.ConnectionClosed) else None
    if isinstance(error, discord.LoginFailure) or closed == _TOKEN_REFUSED:
        return "Discord refused the token: copy it again from the application's Bot page."
    if isinstance(error, discord.PrivilegedIntentsRequired) or closed in _INTENTS_REFUSED:
        return "Discord refused an intent: switch it on at the application's Bot page."
    if isinstance(error, aiohttp.ClientConnectionError):
        return "Discord cannot be reached: look at the network and the firewall."
    if isinstance(error, SettingsError) and str(error).startswith("DISCORD_TOKEN is missing"):
        return "DISCORD_TOKEN is missing: `python -m bot setup` asks for it and writes it down."
    if isinstance(error, ImportError) and (error.name or "").startswith("simcord"):
        return "The trial page is not installed: the README's section *Try it* has the command."
    if isinstance(error, sqlite3.Error):
        return f"The job store in the folder BOT_DATA cannot be used: {error}."
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be used: {(error.strerror or 'unreadable').lower()}."
    return str(error)


if __name__ == "__main__":
    sys.exit(main())
