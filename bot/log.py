"""The operator's log, and what never gets into it."""

import logging
import re
from typing import TextIO

_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?'\"]+")


class DiscreetHandler(logging.StreamHandler[TextIO]):
    """Cuts the tokens out of Discord's addresses, which an error's own words may hold."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record, its traceback included, without the key to anybody's answer."""
        return _TOKEN.sub(r"\1…", super().format(record))
