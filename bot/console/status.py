"""`python -m bot status`: what the running bot says of itself."""

from datetime import timedelta
from typing import Any

import aiohttp

from bot.health import READY, STATUS
from bot.settings import BotSettings
from inference import read_settings

TIMEOUT = aiohttp.ClientTimeout(total=10)
_ITSELF = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Where a machine reaches itself, by what stands for all its addresses."""


async def show_status(*, ready_only: bool = False) -> int:
    """Print it; returns 1 where no bot answers or, if that is all that is asked, is not ready."""
    settings = read_settings(BotSettings)
    page = page_of(settings)
    try:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            async with session.get(page + READY) as response:
                is_ready = response.ok
            async with session.get(page + STATUS) as response:
                status = await response.json()
    except (aiohttp.ClientError, TimeoutError, OSError):
        print(nobody(settings))
        return 1
    if ready_only:
        print("ready" if is_ready else "not ready")
        return int(not is_ready)
    for line in _lines(status, is_ready=is_ready):
        print(line)
    return 0


def page_of(settings: BotSettings) -> str:
    """Tell where the bot of this machine serves its page."""
    host = _ITSELF.get(settings.metrics_host, settings.metrics_host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.metrics_port}"


def nobody(settings: BotSettings) -> str:
    """Say that no bot is there to be asked, or that its page is closed."""
    if not settings.metrics_port:
        return (
            "The bot's page is closed by BOT_METRICS_PORT=0, and `status`, `pause` and `resume` "
            "need it: give it a port and start the bot again."
        )
    return (
        f"No bot answers on port {settings.metrics_port} (BOT_METRICS_PORT): "
        "start it with `python -m bot`."
    )


def _lines(status: dict[str, Any], *, is_ready: bool) -> list[str]:
    up = timedelta(seconds=int(status["up_seconds"]))
    lines = [
        f"phi3-vision-discord {status['version']}, {status['model']}",
        ", ".join(f"{name} {version}" for name, version in status["beside"].items()),
        f"{'ready' if is_ready else 'not ready'}, up {up}",
        f"servers: {status['servers']}",
        f"{status['waiting']:.0f} questions waiting, {status['running']:.0f} running",
        f"{status['answered']:.0f} answered, {status['not_answered']:.0f} ended otherwise",
        f"{status['tokens_a_second']:.1f} tokens a second in one answer",
        f"{status['memory_bytes'] / 1024**2:.0f} MiB of memory",
    ]
    if status["paused"]:
        lines.insert(2, "paused: it takes no new questions (`python -m bot resume`)")
    errors = status["last_errors"]
    lines.append(f"last errors: {len(errors) or 'none'}")
    return lines + [f"  {error['time']} {error['logger']}: {error['message']}" for error in errors]
