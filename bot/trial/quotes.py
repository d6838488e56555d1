"""Where a quote ends on the page: with its line, as in Discord, not with the paragraph."""

import re

from simcord.preview import _markdown

_QUOTED = re.compile(r"\A(> .*\n)(?=[^>\n])")


def end_quotes() -> None:
    """Let the page show an answer below the question that it quotes, not as a part of it."""
    expanded = _markdown._discord_multiline_quotes
    _markdown._discord_multiline_quotes = lambda text: _QUOTED.sub(r"\1\n", expanded(text))
