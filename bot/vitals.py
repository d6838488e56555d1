"""How a running bot is: what `python -m bot status` and the page for machines tell of it."""

import logging
import time
from collections import deque
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import discord
import psutil
from discord.utils import utcnow

from bot.desk import Desk
from bot.log import discreet
from bot.metrics import Metrics

MOST_ERRORS = 5
DISTRIBUTION = "phi3-vision-discord"
BESIDE = {
    "discord.py": "discord",
    "torch": "torch",
    "transformers": "transformers",
    "openai": "openai",
}
"""What a report of a fault should name the version of, and the module by which it is found."""


class LastErrors(logging.Handler):
    """Keeps the last few lines of the log that told of an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: deque[dict[str, str]] = deque(maxlen=MOST_ERRORS)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line, without its traceback."""
        now, message = utcnow().isoformat(timespec="seconds"), discreet(record.getMessage())
        self.lines.append({"time": now, "logger": record.name, "message": message})


class Vitals:
    """Looks at the bot whenever somebody asks; the desk comes when the model is loaded."""

    def __init__(self, client: discord.AutoShardedClient, metrics: Metrics, model: str) -> None:
        self.desk: Desk | None = None
        self.errors = LastErrors()
        self._client = client
        self._metrics = metrics
        self._model = model
        self._began = time.monotonic()

    def is_ready(self) -> bool:
        """Tell whether people can be answered: connected, and the model is loaded."""
        return self.desk is not None and self._client.is_ready() and self._is_connected()

    def obey(self, order: str) -> bool:
        """Pause or resume; False while the model is still being loaded."""
        if self.desk is None:
            return False
        {"pause": self.desk.pause, "resume": self.desk.resume}[order]()
        return True

    def status(self) -> dict[str, Any]:
        """Tell versions, numbers and the log's last errors; nobody's name or words."""
        totals = self._metrics.totals()
        return {
            "version": version(DISTRIBUTION),
            "beside": {name: version(name) for name in BESIDE if find_spec(BESIDE[name])},
            "model": self._model,
            "up_seconds": round(time.monotonic() - self._began),
            "servers": len(self._client.guilds),
            "paused": self.desk is not None and self.desk.is_paused,
            **totals,
            "memory_bytes": psutil.Process().memory_info().rss,
            "last_errors": list(self.errors.lines),
        }

    def _is_connected(self) -> bool:
        """Tell whether Discord is there now; `is_ready` only says that it has been."""
        lost = any(shard.is_closed() for shard in self._client.shards.values())
        return not lost and not self._client.is_closed()
