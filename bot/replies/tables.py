"""A table as people see it in Discord, and as a spreadsheet opens it."""

import csv
import io
import re
import unicodedata
from collections.abc import Sequence

from bot.replies.text import fence

WIDEST = 32
"""Characters of a cell in the preview."""
_FORMULA = re.compile(r"[=@\t\r]|[+-](?!\d*[.,]?\d+%?\Z)")
_NUMBER = re.compile(r"[^\w\s]?\s?[+-]?\d[\d.,\s]*\s?[^\w\s]?|")

Row = Sequence[str]


def preview(rows: Sequence[Row], most: int) -> tuple[str, bool]:
    """Line a table's columns up in a block of so many characters; tell whether all rows fit."""
    lines = _lined_up([[_short(cell) for cell in row] for row in rows])
    header, *body = lines
    whole = fence("\n".join([header, *body]))
    if len(whole) <= most:
        return whole, True
    while body and len(whole) > most:
        body.pop()
        whole = fence("\n".join([header, *body, "…"]))
    return (whole if len(whole) <= most else fence("…")), False


def csv_file(rows: Sequence[Row]) -> bytes:
    """Write a table as a spreadsheet opens it: it neither garbles nor runs what a cell says."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(map(_defused, rows))
    return file.getvalue().encode("utf-8-sig")


def _lined_up(rows: list[list[str]]) -> list[str]:
    columns = list(zip(*rows, strict=True))
    widths = [max(map(_width, column)) for column in columns]
    is_number = [all(map(_NUMBER.fullmatch, column[1:])) for column in columns]
    rule = ["─" * width for width in widths]
    return [
        "  ".join(
            " " * (width - _width(cell)) + cell if right else cell + " " * (width - _width(cell))
            for cell, width, right in zip(row, widths, is_number, strict=True)
        ).rstrip()
        for row in (rows[0], rule, *rows[1:])
    ]


def _short(cell: str) -> str:
    cell = " ".join(cell.split())
    return cell if len(cell) <= WIDEST else f"{cell[: WIDEST - 1]}…"


def _width(text: str) -> int:
    """Tell how many columns a text takes where all letters are equally wide."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


def _defused(row: Row) -> list[str]:
    """Mark as text what would be a formula; a number may begin with its sign."""
    return [f"'{cell}" if _FORMULA.match(cell) else cell for cell in row]
