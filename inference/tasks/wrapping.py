"""Take away what a model says around what it was to copy; works on unfinished text too."""

import re

_MARKS = re.compile(r"(?:\s*(?:<\|(?!user|assistant|system|end)[a-z_]{2,20}\|>|<noinput>))+\s*")
_MARK_BEGUN = re.compile(r"\s*(?:<(?:\|[a-z_]{0,20}\|?|[noiput]{0,7})?)?")

_COURTESY = r"\s* (?: (?:sure|certainly|of\ course)\b [,.!]? \s* )?"
_THINGS = (
    r"\b(?:text|table|chart|graph|transcription|csv|markdown|json|data|content|words|writing|ocr)\b"
)
_PICTURE = (
    r"(?:the|this) \ (?:provided\ |given\ |attached\ )?"
    r"(?:picture|image|photo|photograph|screenshot|chart|sign|label|page|document)"
)
_COLON = r"[^\n:]{0,100} : [ \t]*(?:\n+|\Z)?"
_PREAMBLE = re.compile(
    rf"""{_COURTESY} (?:
      here (?:'s|’s|\ is|\ are)\b [^\n:]{{0,100}} {_THINGS} {_COLON}
    | below (?:'s|’s|\ is|\ are)\b [^\n:]{{0,100}} {_THINGS} {_COLON}
    | {_PICTURE} \ (?:contains|shows|displays|has|includes|reads|says)\b
      [^\n:]{{0,60}} \b(?:text|words|writing|table|chart) {_COLON}
    | the\ (?:text|table|chart|words|writing)\ (?:in|on|of|from)\ {_PICTURE}\b {_COLON}
    | the\ following\ (?:is\ (?:a\ |the\ )?)? {_THINGS} [^\n:]{{0,60}} \b{_PICTURE}\b {_COLON}
    | i\ (?:can\ )? (?:see|read)\ the\ following\ (?:text|words|writing)\b {_COLON}
    | (?:(?:text|words)\ (?:in|on|of|from)\ {_PICTURE} | transcription | transcribed\ text)
      [ ]? : [ \t]*\n+
    | {_PICTURE} \ (?:reads|says) [ ]? :[ \t]*\n*
    | ocr : [ \t]*\n*
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_INTO_FENCE = re.compile(
    rf"{_COURTESY} (?: [^\n]{{0,300}} : \s* )? ```[^\n`]* (?:\n|\Z)",
    re.IGNORECASE | re.VERBOSE,
)
_FENCE_END = re.compile(r"(?:\A|\n)```[ \t]*(?:\n|\Z)")
_UNDECIDED = re.compile(
    rf"{_COURTESY} (?: [^\n]{{0,300}} : [ \t]*\n \s* )?", re.IGNORECASE | re.VERBOSE
)
_RETOLD_AFTERWARDS = re.compile(
    r"\n[ \t]*\n (?:additionally|in\ addition|also|furthermore),? \ "
    r"(?:the|this)\ (?:picture|image|photo|photograph|text|table|chart)\b",
    re.IGNORECASE | re.VERBOSE,
)
_ENDS_WRITTEN_OUT = ("<|end|>", "<|endoftext|>", "<|user|>", "<|assistant|>", "<|system|>", "</s>")


def without_marks(text: str) -> str:
    """Drop what is no word at the beginning of an answer, such as `<|output|>`."""
    marks = _MARKS.match(text)
    return text[marks.end() :] if marks else text


def settled_without_marks(text: str) -> str:
    """Return what stays of unfinished text once its beginning is known to be words."""
    rest = without_marks(text)
    return "" if _MARK_BEGUN.fullmatch(rest) else rest


def without_wrapping(text: str) -> str:
    """Return the transcription alone: no preamble, no fence, nothing said afterwards."""
    text = without_marks(text)
    if fence := _INTO_FENCE.match(text):
        body = text[fence.end() :]
        return body[: end.start()] if (end := _FENCE_END.search(body)) else body
    if preamble := _PREAMBLE.match(text):
        text = text[preamble.end() :]
    if retold := _RETOLD_AFTERWARDS.search(text):
        text = text[: retold.start()].rstrip("\n")
    return _without_written_end(text).lstrip("\n")


def settled_transcription(text: str) -> str:
    """Return the lines of an unfinished transcription that stay, whatever is said next."""
    lines = without_marks(text[: text.rfind("\n") + 1])
    if _UNDECIDED.fullmatch(lines):  # a preamble or a fence may yet follow
        return ""
    return without_wrapping(lines).rstrip()


def _without_written_end(text: str) -> str:
    words = text.rstrip()
    ends = (end for end in _ENDS_WRITTEN_OUT if words.endswith(end))
    end = next(ends, None)
    return words.removesuffix(end).rstrip() if end else text
