"""Try again while Discord is out of order."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from itertools import chain, repeat
from typing import TypeVar

import aiohttp
import discord

DISCORD_ERRORS = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What becomes of a request that Discord refuses, or that does not get there or back."""
T = TypeVar("T")
log = logging.getLogger(__name__)

PAUSES = (10, 30, 120, 300)
"""Seconds between the attempts; the last one comes again and again."""


def is_passing(error: BaseException) -> bool:
    """Tell whether an error is Discord's or the network's, and may be gone in a while."""
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 or error.status == 429
    return isinstance(error, aiohttp.ClientError | OSError)


def kind(error: BaseException) -> str:
    """Name an error for the log; its own words may hold a whole address, token included."""
    status = getattr(error, "status", None)
    return type(error).__name__ if status is None else f"{type(error).__name__} {status}"


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Make an attempt until it gets through; raises any error that will not pass."""
    for pause in chain(PAUSES, repeat(PAUSES[-1])):
        try:
            return await attempt()
        except DISCORD_ERRORS as error:
            if not is_passing(error):
                raise
            log.warning("Discord is out of order (%s); next try in %d s.", kind(error), pause)
        await asyncio.sleep(pause)
    raise AssertionError("the pauses never end")
