"""Cut long text into Discord messages: at paragraphs, sentences or words, never through a fence."""

import re

LIMIT = 1990
"""Characters; Discord takes 2,000."""

_FENCE = re.compile(r"```(\w*(?=\n))?")
_CLOSING = "\n```"
_CUTS = (
    re.compile(r"\n[ \t]*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…。！？])\s"),
    re.compile(r"\s"),
)


def chunks(text: str, limit: int = LIMIT) -> list[str]:
    """Cut text into pieces of at most `limit` characters; code fences are closed and reopened."""
    pieces = []
    while len(text) > limit:
        cut = _cut(text, limit - len(_CLOSING))
        piece, text = (
            text[:cut].rstrip(),
            text[cut:].lstrip("\n" if _open_fence(text[:cut]) else None),
        )
        opening = _open_fence(piece)
        if opening is not None:
            piece += _CLOSING
            text = f"{opening}\n{text}"
        pieces.append(piece)
    return [*pieces, text] if text.strip() or not pieces else pieces


def closed(text: str) -> str:
    """Close the code fence that the text leaves open, if any."""
    return text if _open_fence(text) is None else text + _CLOSING


def _cut(text: str, limit: int) -> int:
    """Find the best place for a cut in the second half of what fits; else cut where it is full."""
    for pattern in _CUTS:
        places = [match.end() for match in pattern.finditer(text, 0, limit)]
        if places and places[-1] > limit // 2:
            return places[-1]
    return len(text[:limit].rstrip("`\\")) or limit  # never inside a fence or after an escape


def _open_fence(text: str) -> str | None:
    """Return the opening line of the fence that is still open at the end of the text."""
    fences = list(_FENCE.finditer(text))
    return f"```{fences[-1][1] or ''}" if len(fences) % 2 else None
