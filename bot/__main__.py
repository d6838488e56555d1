"""`python -m bot`: the bot at Discord; `python -m bot try`: the same bot on a page of your own."""

import argparse
import asyncio
import logging
import os
import sqlite3
import sys
from collections.abc import Sequence

import aiohttp
import discord

from bot.errors import OperatorError
from bot.log import DiscreetHandler
from bot.run import run
from inference import DEMO, GenerationError, InferenceError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; return the process's exit code."""
    options = _parser().parse_args(arguments)
    is_trial = options.command == "try"
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak
    discord.utils.setup_logging(
        handler=DiscreetHandler(), level=logging.ERROR if is_trial else logging.INFO
    )
    try:
        if is_trial:
            from bot.trial import run_trial  # simcord is an extra that the real bot needs not

            asyncio.run(run_trial(options.model, port=options.port, browser=options.browser))
        else:
            asyncio.run(run())
    except KeyboardInterrupt:
        return 130
    except GenerationError as error:
        print(_sentence(error), file=sys.stderr, flush=True)
        os._exit(1)  # an ordinary exit would wait for the thread that hangs
    except _FOR_THE_OPERATOR as error:
        print(_sentence(error), file=sys.stderr)
        return 1
    return 0


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
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("run", help="answer people at Discord (the default)")
    trial = commands.add_parser("try", help="try it here: no token, no GPU, no internet")
    trial.add_argument(
        "--model", default=DEMO, help="a hub id or a folder (the small model that comes along)"
    )
    trial.add_argument("--port", type=int, default=None, help="the page's port (any free one)")
    trial.add_argument(
        "--no-browser", dest="browser", action="store_false", help="only print the address"
    )
    return parser


def _sentence(error: Exception) -> str:
    """Tell the operator in one sentence what to do."""
    closed = error.code if isinstance(error, discord.ConnectionClosed) else None
    if isinstance(error, discord.LoginFailure) or closed == _TOKEN_REFUSED:
        return "Discord refused the token: copy it again from the application's Bot page."
    if isinstance(error, discord.PrivilegedIntentsRequired) or closed in _INTENTS_REFUSED:
        return "Discord refused an intent: switch it on at the application's Bot page."
    if isinstance(error, ImportError) and (error.name or "").startswith("simcord"):
        return 'The trial page is missing: pip install "phi3-vision-discord[try]".'
    if isinstance(error, sqlite3.Error):
        return f"The job store in the folder BOT_DATA cannot be used: {error}."
    return str(error)


if __name__ == "__main__":
    sys.exit(main())
