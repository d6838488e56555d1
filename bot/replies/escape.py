"""Make text that came out of a picture harmless in a Discord message."""

import re

_BIDI_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F])
_FENCED = re.compile(r"(```.*?```)", re.DOTALL)
_ACTIVE = re.compile(
    r"""
      (?P<url> https?://[^\s<>@]+ )
    | (?P<invite> discord(?=(?:\.gg|(?:app)?\.com/invite)/) )
    | (?P<ping> @(?=everyone|here) )
    | (?P<mark> ^[ \t]*(?=\#{1,3}[ ]|-\#[ ]|>) | (?=\[|<|\|\||\\[^\w\s]) )
    """,
    re.MULTILINE | re.VERBOSE | re.IGNORECASE,
)


def escape(text: str) -> str:
    """Neutralise links, mentions, headings, quotes and spoilers; code blocks stay as they are."""
    parts = _FENCED.split(text.translate(_BIDI_CONTROLS))
    return "".join(part if index % 2 else _escape(part) for index, part in enumerate(parts))


def fence(text: str, language: str = "") -> str:
    """Put text into a code block, where nothing in it is markup; it can be copied as it is."""
    inside = text.translate(_BIDI_CONTROLS).replace("```", "`\u200b`\u200b`")
    return f"```{language}\n{inside}\n```"


def _escape(text: str) -> str:
    return _ACTIVE.sub(_harmless, text)


def _harmless(match: re.Match[str]) -> str:
    if match["url"]:
        return f"<{match['url']}>"  # shown as it is, without a preview
    if match["invite"] or match["ping"]:
        return f"{match[0]}\u200b"
    return f"{match[0]}\\"
