"""`python -m bot pause` and `resume`: orders to the running bot, by the page of `status`."""

import aiohttp

from bot.console.status import TIMEOUT, nobody, page_of
from bot.health import known_key
from bot.settings import BotSettings
from inference import read_settings

_DONE = {
    "pause": "Paused: it finishes what is waiting and takes nothing new, over restarts, too.",
    "resume": "It takes questions again.",
}
_FAILED = {
    403: "The bot that answers there works in another folder than BOT_DATA.",
    503: "The bot is still loading its model: try again in a minute.",
}


async def give_order(order: str) -> int:
    """Let the running bot pause or resume; returns 1 where that is not done."""
    settings = read_settings(BotSettings)
    try:
        headers = {"Authorization": f"Bearer {known_key(settings.data)}"}
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT, headers=headers) as session,
            session.post(f"{page_of(settings)}/{order}") as response,
        ):
            print(_DONE[order] if response.ok else _FAILED.get(response.status, response.reason))
            return int(not response.ok)
    except (aiohttp.ClientError, TimeoutError, OSError):
        print(nobody(settings))
        return 1
