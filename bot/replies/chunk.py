"""Cut long text into Discord messages: at paragraphs, sentences or words, never through a fence."""

import re

LIMIT = 1990
"""Characters; Discord takes 2,000."""
LEAST = 80
"""Characters; a piece with room for fewer might hold no more than the fence that it reopens."""

_FENCE = re.compile(r"```(\w{0,20}(?=\n))?")
_CLOSING = "\n```"
_CUTS = (
    re.compile(r"\n[ \t]*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…。！？])\s"),
    re.compile(r"\s"),
)


def chunks(text: str, limit: int = LIMIT) -> list[str]:
    """Cut text into pieces of at most `limit` characters; code fences are closed and reopened."""
    if limit < LEAST:
        raise ValueError(f"A piece needs room for {LEAST} characters, not {limit}.")
    pieces = []
    while len(text) > limit:
        cut = _cut(text, limit - len(_CLOSING))
        piece, text = _divide(text[:cut], text[cut:])
        if piece:
            pieces.append(piece)
    return [*pieces, text] if text.strip() or not pieces else pieces


def closed(text: str) -> str:
    """Close the code fence that the text leaves open, if any."""
    return text if _open_fence(text) is None else text + _CLOSING


def _divide(piece: str, rest: str) -> tuple[str, str]:
    """Trim both sides of a cut; no side gets an empty block, which Discord takes for none."""
    opening = _open_fence(piece)
    piece = piece.rstrip()
    if opening is None:
        return piece, rest.lstrip()
    piece = piece.removesuffix(opening).rstrip() if piece.endswith(opening) else piece + _CLOSING
    if rest.lstrip().startswith("```"):
        return piece, rest.lstrip()[3:].lstrip()
    rest = rest.lstrip("\n")
    return piece, f"{opening}\n{rest}"


def _cut(text: str, limit: int) -> int:
    """Find the best place for a cut in the second half of what fits; else cut where it is full."""
    for pattern in _CUTS:
        places = [match.end() for match in pattern.finditer(text, 0, limit)]
        if places and places[-1] > limit // 2:
            return places[-1]
    cut = len(text[:limit].rstrip("`\\"))  # never inside a fence or after an escape
    return cut if cut > limit // 2 else limit - (limit - cut) % 2  # escapes come in pairs


def _open_fence(text: str) -> str | None:
    """Return the opening line of the fence that is still open at the end of the text."""
    fences = list(_FENCE.finditer(text))
    return f"```{fences[-1][1] or ''}" if len(fences) % 2 else None
