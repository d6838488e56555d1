"""Make text that came out of a picture harmless in a Discord message."""

import re

_BIDI_CONTROLS = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C, 0x200E, 0x200F]
)
_FENCE = "```"
_BLANK = re.compile(r"(?:[\w+\-.#]+(?=\n))?\n*")
"""What Discord takes for no block at all: it looks for the end of the fence further on."""
_INVITE = re.compile(r"discord(?=(?:\.gg|(?:app)?\.com/invite)/)", re.IGNORECASE)
_ACTIVE = re.compile(
    rf"""
      (?P<url> https?://[^\s<>@]+ )
    | (?P<invite> {_INVITE.pattern} )
    | (?P<ping> @(?=everyone|here) )
    | (?P<mark> ^[ \t]*(?=\#{{1,3}}[ ]|-\#[ ]|>) | (?=\[|<|\|\||\\(?:[^\w\s]|\Z|https?://)) )
    """,
    re.MULTILINE | re.VERBOSE | re.IGNORECASE,
)


def escape(text: str) -> str:
    """Neutralise links, mentions, headings, quotes and spoilers; code blocks stay as they are."""
    text = re.sub("`{4,}", _FENCE, text.translate(_BIDI_CONTROLS))
    parts = text.split(_FENCE)
    if len(parts) == 1:
        return _escape(text)
    if len(parts) % 2 == 0:
        parts = [*parts[:-1], f"{parts[-1]}\n", ""]
    return "".join(
        _block(part) if index % 2 else _beside_block(part) for index, part in enumerate(parts)
    )


def fence(text: str, language: str = "") -> str:
    """Put text into a code block, where nothing in it is markup; it can be copied as it is."""
    text = text.translate(_BIDI_CONTROLS)
    inside = re.sub("`{3,}", lambda run: "\u200b".join(run[0]), text)
    return f"{_FENCE}{language}\n{inside}\n{_FENCE}"


def _block(inside: str) -> str:
    return inside if _BLANK.fullmatch(inside) else f"{_FENCE}{inside}{_FENCE}"


def _beside_block(text: str) -> str:
    # A backtick left open here would reach into the block and let its inside out.
    return _escape(text).replace("`", "\\`")


def _escape(text: str) -> str:
    return _ACTIVE.sub(_harmless, text)


def _harmless(match: re.Match[str]) -> str:
    if match["url"]:
        return f"<{_INVITE.sub(_break, match['url'])}>"  # shown as it is, without a preview
    if match["invite"] or match["ping"]:
        return _break(match)
    return f"{match[0]}\\"


def _break(match: re.Match[str]) -> str:
    return f"{match[0]}\u200b"
