"""The operator's log: one id through all lines of a question, and never a key to an answer."""

import logging
import re
import sys
from contextvars import ContextVar
from typing import Literal, TextIO

import discord
from pythonjsonlogger.json import JsonFormatter

REQUEST: ContextVar[int | None] = ContextVar("request", default=None)
"""The question that the running task is about; tasks that it starts inherit it."""

_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?'\"]+")
_FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s"
_RENAMED = {"asctime": "time", "levelname": "level", "name": "logger"}


class DiscreetHandler(logging.StreamHandler[TextIO]):
    """Writes no token of Discord's addresses, which an error's own words may hold."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record, its traceback included, without the key to anybody's answer."""
        line = discreet(super().format(record))
        request = getattr(record, "request", None)
        return line if request is None or str(request) in line else f"{line} [{request}]"


def discreet(text: str) -> str:
    """Cut the tokens out of Discord's addresses in a text."""
    return _TOKEN.sub(r"\1…", text)


def log_to_stderr(level: int, form: Literal["text", "json"] = "text") -> None:
    """Log for a person at a terminal, or a JSON object a line for a collector of logs."""
    handler = DiscreetHandler(sys.stderr)
    handler.addFilter(_add_request)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it would tell of each look at a server
    if form == "json":
        formatter = JsonFormatter(_FIELDS, rename_fields=_RENAMED)
        discord.utils.setup_logging(handler=handler, formatter=formatter, level=level)
    else:
        discord.utils.setup_logging(handler=handler, level=level)


def _add_request(record: logging.LogRecord) -> bool:
    if (request := REQUEST.get()) is not None:
        record.request = request
    return True
