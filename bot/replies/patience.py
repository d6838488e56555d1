"""Try again while Discord is out of order."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import discord

T = TypeVar("T")
log = logging.getLogger(__name__)

PAUSES = (10, 30, 120, 300, 900, 3600)
"""Seconds between the attempts; after the last, the job waits for the next start."""


def is_passing(error: BaseException) -> bool:
    """Tell whether an error is Discord's or the network's, and may be gone in a while."""
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 or error.status == 429
    return isinstance(error, aiohttp.ClientError | OSError)


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Make an attempt until it gets through; raises any other error, and the last passing one."""
    for pause in PAUSES:
        try:
            return await attempt()
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            if not is_passing(error):
                raise
            log.warning("Discord is out of order (%s); next try in %d s.", error, pause)
        await asyncio.sleep(pause)
    return await attempt()
