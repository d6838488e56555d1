"""An answer that went round in a circle → the same with one round of it."""

import re

_ENDS = (re.compile(r"\n"), re.compile(r"[.!?](?=\s|$)|[。！？]"))
"""Of a line, else of a sentence."""


def one_round(text: str) -> str:
    """Return a text that ends in a circle with one round of it, to the end of its line or sentence.

    A text that does not end in three rounds of the same stays as it is.
    """
    same = _as_before(text)
    covered, period = max(
        ((same[p] + p, -p) for p in range(1, len(text) // 3 + 1) if same[p] >= 2 * p),
        default=(0, 0),
    )
    if not covered:
        return text
    once = len(text) - covered - period  # the period is negative
    return (text[:once] + _rest_of_round(text[:once], text[once : once - period])).rstrip()


def _rest_of_round(kept: str, again: str) -> str:
    """Return what completes the last line, or else the last sentence, of what is kept."""
    for end in _ENDS:
        if match := end.search(again):
            broken_off = not end.fullmatch(kept.rstrip(" ")[-1:])
            return again[: match.end()] if broken_off else ""
    return ""


def _as_before(text: str) -> list[int]:
    """Tell for each period how long the text's end equals what stands a period before it."""
    text = text[::-1]
    same = [0] * len(text)
    left = right = 0
    for at in range(1, len(text)):  # the Z function
        if at < right:
            same[at] = min(right - at, same[at - left])
        while at + same[at] < len(text) and text[same[at]] == text[at + same[at]]:
            same[at] += 1
        if at + same[at] > right:
            left, right = at, at + same[at]
    return same
