"""Text for Discord: cut where it reads best, made harmless, covered; and read back from there."""

import re

LIMIT = 1990
"""Characters; Discord takes 2,000."""
MOST_QUOTED = 300
"""Characters of a question."""
LEAST = 80
"""Characters; a piece with room for fewer might hold no more than the fence that it reopens."""

_OPENING = re.compile(r"```(\w{0,20}(?=\n))?")
_CLOSING = "\n```"
_BLOCK = re.compile(r"```.*?```", re.DOTALL)
_CONTINUES = "\u200d\ufe0f\ufe0e" + "".join(map(chr, range(0x1F3FB, 0x1F400)))
"""What belongs to the emoji before it: joiners, variants, tones of skin."""
_CUTS = (
    re.compile(r"\n[ \t]*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…])\s|(?<=[。！？])\s?"),
    re.compile(r"\s"),
)

_BIDI = [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C, 0x200E, 0x200F]
_UNSEEN = [0x180E, 0x200B, *range(0x2060, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFC)]
_UNSEEN += range(0xE0000, 0xE0080)
_INVISIBLE = dict.fromkeys([*_BIDI, *_UNSEEN])
_JOINER = re.compile(r"[\u200c\u200d](?![^\x00-\x7f])|(?<![^\x00-\x7f])[\u200c\u200d]")
"""What joins emoji or letters, where there are none."""
_AFTER_URL = ".,;:!?]}*_'\""
_NEVER_IN_URL = "。、，！？；：…「」『』（）【】《》“”"
"""Behind which Chinese and Japanese go on without a blank."""
_URL = rf"""
    https?://(?:
      [^\s<>@/{_NEVER_IN_URL}]+ / (?:[^\s<>@{_NEVER_IN_URL}]|@(?!everyone|here))+
    | [^\s<>@{_NEVER_IN_URL}]+ )
"""
"""A name may follow an @ in the path; before it, the @ would lead elsewhere than people read."""
_FENCE = "```"
_BLANK = re.compile(r"(?:[\w+\-.#]+(?=\n))?\n*")
"""What Discord takes for no block at all: it looks for the end of the fence further on."""
_INVITE = re.compile(r"discord(?=(?:\.gg|(?:app)?\.com/invite)/)", re.IGNORECASE)
_SPAN = r"(?P<ticks>`+)(?s:.*?[^`])(?P=ticks)(?!`)"
_CODE = re.compile(_SPAN)
"""Code within a line, as Discord reads it: nothing in it is markup, and a backslash is seen."""
LONGEST_CODE = 60
"""Characters; longer code might be cut in two, and what is in it would come alive."""
_WHOLE = re.compile(rf"\\[^\w\s]|```(?s:.*?)```|(?P<code>{_SPAN})")
"""What Discord reads in one go; code is not cut in two."""
_ESCAPED = re.compile(
    rf"\\(?P<mark>[^\w\s])|<(?P<url>https?://[^\s<>]*)>|(?P<code>{_SPAN})", re.IGNORECASE
)
_WHOLE_BLOCK = re.compile(r"```\w{0,20}\n(?P<inside>.*?)\n?```", re.DOTALL)
_ACTIVE = re.compile(
    rf"""
      (?P<url> {_URL} )
    | (?P<invite> {_INVITE.pattern} )
    | (?P<ping> @(?=everyone|here) )
    | (?P<mark>
        ^[ \t]* (?:(?:[-*+]|\d{{1,9}}[.)])[ \t]+)* (?=\#{{1,3}}[ ]|-\#[ ]|>)
      | (?=\[|<|\|\||\\(?:[^\w\s]|\Z|https?://)) )
    """,
    re.MULTILINE | re.VERBOSE | re.IGNORECASE,
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


def escape(text: str) -> str:
    """Neutralise links, mentions, headings, quotes and spoilers; code blocks stay as they are."""
    text = re.sub("`{4,}", _FENCE, _seen(text))
    parts = text.split(_FENCE)
    if len(parts) == 1:
        return _beside_code(text)
    if len(parts) % 2 == 0:
        parts = [*parts[:-1], f"{parts[-1]}\n", ""]
    return "".join(
        _block(part) if index % 2 else _beside_block(part) for index, part in enumerate(parts)
    )


def fence(text: str, language: str = "") -> str:
    """Put text into a code block, where nothing in it is markup; it can be copied as it is."""
    inside = re.sub("`{3,}", lambda run: "\u200b".join(run[0]), _seen(text))
    return f"{_FENCE}{language}\n{inside}\n{_FENCE}"


def quote(question: str) -> str:
    """Quote a question in one line."""
    words = " ".join(re.sub("`{3,}", "``", _seen(question)).split())
    if len(words) > MOST_QUOTED:
        words = f"{words[: MOST_QUOTED - 1]}…"
    return f"> {escape(words)}\n" if words else ""


def unquote(text: str) -> tuple[str, str]:
    """Undo `quote`: return the question, and what follows it."""
    if not text.startswith("> "):
        return "", text
    line, _, rest = text.partition("\n")
    return unescape(line[2:]), rest


def cover(text: str) -> str:
    """Put text behind spoiler bars; bars within it, even in a code block, would end the cover."""
    return f"||{text.replace('||', '|∣')}||" if text else ""


def unescape(text: str) -> str:
    """Undo `escape`: return the words as they were said."""
    parts = text.split(_FENCE)
    return _FENCE.join(part if index % 2 else _unescape(part) for index, part in enumerate(parts))


def unfence(text: str) -> str:
    """Undo `fence`; text that is not one code block stays as it is."""
    block = _WHOLE_BLOCK.fullmatch(text)
    return block["inside"].replace("\u200b", "") if block else text


def uncover(text: str) -> str:
    """Undo `cover`; text that is not covered stays as it is."""
    is_covered = len(text) > 4 and text.startswith("||") and text.endswith("||")
    return text[2:-2].replace("|∣", "||") if is_covered else text


def joined(pieces: list[str]) -> str:
    """Undo `chunks`, but for the blanks at which it has cut."""
    text = pieces[0] if pieces else ""
    for piece in pieces[1:]:
        opening = _OPENING.match(piece)
        if opening and text.endswith(_CLOSING):
            text, piece = text.removesuffix(_CLOSING), piece[opening.end() :].removeprefix("\n")
        text = f"{text}\n{piece}"
    return text


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
    """Find the best place for a cut in the second half of what fits; else cut where it is full.

    Never in code, in which Discord obeys nothing: its halves would be markup.
    """
    codes = [match.span() for match in _WHOLE.finditer(text) if match["code"]]
    for is_good in (_is_whole, bool):
        for pattern in _CUTS:
            places = [match.end() for match in pattern.finditer(text, 0, limit)]
            for place in reversed(places):
                is_open = _code_around(place, codes) == place
                if place > limit // 2 and is_open and is_good(text[:place]):
                    return place
    cut = len(text[:limit].rstrip("`\\"))  # never inside a fence or after an escape
    while cut > limit // 2 and (text[cut - 1] == "\u200d" or text[cut] in _CONTINUES):
        cut -= 1
    cut = cut if cut > limit // 2 else limit - (limit - cut) % 2  # escapes come in pairs
    return _code_around(cut, codes) or cut


def _code_around(place: int, codes: list[tuple[int, int]]) -> int:
    """Return where the code begins in which a place is; a place in none stays as it is."""
    return next((start for start, end in codes if start < place < end), place)


def _is_whole(piece: str) -> bool:
    """Tell whether what is bold in a piece also ends in it."""
    return _open_fence(piece) is not None or _BLOCK.sub("", piece).count("**") % 2 == 0


def _open_fence(text: str) -> str | None:
    """Return the opening line of the fence that is still open at the end of the text."""
    fences = list(_OPENING.finditer(text))
    return f"```{fences[-1][1] or ''}" if len(fences) % 2 else None


def _seen(text: str) -> str:
    """Take away what nobody sees and machines obey."""
    return _JOINER.sub("", text.translate(_INVISIBLE))


def _block(inside: str) -> str:
    return inside if _BLANK.fullmatch(inside) else f"{_FENCE}{inside}{_FENCE}"


def _beside_code(text: str) -> str:
    """Escape what is no code within a line; long code becomes plain text with its backticks."""
    escaped, at = "", 0
    for code in _CODE.finditer(text):
        is_kept = len(code[0]) <= LONGEST_CODE and "\n" not in code[0]
        escaped += _escape(text[at : code.start()])
        escaped += code[0] if is_kept else _beside_block(code[0])
        at = code.end()
    return escaped + _escape(text[at:])


def _beside_block(text: str) -> str:
    # A backtick left open here would reach into the block and let its inside out.
    return _escape(text).replace("`", "\\`")


def _escape(text: str) -> str:
    return _ACTIVE.sub(_harmless, text)


def _harmless(match: re.Match[str]) -> str:
    if url := match["url"]:
        link = _without_what_follows(url)
        # Shown as it is, without a preview.
        return f"<{_INVITE.sub(_break, link)}>{_escape(url[len(link) :])}"
    if match["invite"] or match["ping"]:
        return _break(match)
    return f"{match[0]}\\"


def _unescape(text: str) -> str:
    plain = text.replace("\u200b", "")
    return _ESCAPED.sub(lambda match: match["mark"] or match["url"] or match["code"], plain)


def _without_what_follows(url: str) -> str:
    """Leave the sentence's punctuation out of a link, and the bracket that holds it."""
    while url[-1] in _AFTER_URL or (url[-1] == ")" and url.count(")") > url.count("(")):
        url = url[:-1]
    return url


def _break(match: re.Match[str]) -> str:
    return f"{match[0]}\u200b"
