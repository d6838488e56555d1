"""What the loopback answers with, in the exact form that discord.py reads."""

import json
from typing import Any

from aiohttp import web


def json_answer(body: Any, *, status: int = 200) -> web.Response:
    """Answer with JSON; a charset in the content type would make discord.py read a string."""
    return web.Response(
        body=json.dumps(body).encode(), status=status, content_type="application/json"
    )


def no_content() -> web.Response:
    """Answer that it is done."""
    return web.Response(status=204)
