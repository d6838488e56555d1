"""Tables as models write them, in Markdown, JSON, CSV or TSV → rows → one CSV."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Any

from inference.tasks.forms import is_retelling

Rows = tuple[tuple[str, ...], ...]

_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_CELL = re.compile(r"(?:[^|\\]|\\.)*", re.DOTALL)
_BOLD = re.compile(r"(\*\*|__)(.+)\1")
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_FENCE = re.compile(r"\s*(?:```|~~~)")
_LIST_OF_ROWS = re.compile(r"\[\s*(?=[\[{])")
_BLANK_LINES = re.compile(r"\n\s*\n")
_DELIMITERS = "\t;,"
"""A comma comes last: the cells of the others may hold decimal commas."""


def parse_table(text: str) -> Rows:
    """Read a table in any of the four forms; its rows are equally long, and none is blank.

    Returns nothing where there are no two rows, or no two columns with nothing but commas or tabs.
    """
    # Sentences may have equally many commas, line by line.
    for read in (_json, _markdown) if is_retelling(text) else (_json, _markdown, _separated):
        rows = _without_blank_rows(read(text))
        if len(rows) >= 2 and len({len(row) for row in rows}) == 1:
            return rows
    return ()


def write_csv(rows: Rows) -> str:
    """Write rows as CSV, one a line."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()


def fence_tables(text: str) -> str:
    """Put the Markdown tables in an answer into fences, for where Markdown has no tables."""
    lines, fenced = text.split("\n"), False
    shown: list[str] = []
    while lines:
        fenced ^= _FENCE.match(lines[0]) is not None
        length = 0 if fenced else _markdown_length(lines)
        if length:
            shown += ["```", *lines[:length], "```"]
        else:
            shown.append(lines[0])
        lines = lines[length or 1 :]
    return "\n".join(shown)


def _without_blank_rows(rows: Iterable[Iterable[str]]) -> Rows:
    stripped = (tuple(cell.strip() for cell in row) for row in rows)
    return tuple(row for row in stripped if any(row))


def _markdown(text: str) -> list[tuple[str, ...]]:
    """Read all the tables; those after the first give their rows, and a header that is new."""
    lines, rows = text.split("\n"), list[tuple[str, ...]]()
    while lines:
        length = _markdown_length(lines)
        if length:
            header, _, *rest = lines[:length]
            cells = _cells(header)
            table = [_fitted(_cells(line), len(cells)) for line in rest]
            rows += table if rows and rows[0] == cells else [cells, *table]
        lines = lines[length or 1 :]
    return rows


def _markdown_length(lines: list[str]) -> int:
    """Tell how many lines a Markdown table takes that begins with the first one."""
    if len(lines) < 2 or "|" not in lines[0] or not _RULE.fullmatch(lines[1]):
        return 0
    if len(_cells(lines[0])) != len(_cells(lines[1])):
        return 0
    ends = (number for number, line in enumerate(lines) if "|" not in line and number > 1)
    return next(ends, len(lines))


def _cells(line: str) -> tuple[str, ...]:
    line = line.strip().removeprefix("|")
    cells = []
    while line:
        match = _CELL.match(line)
        end = match.end() if match else 0
        cells.append(_plain(line[:end]))
        line = line[end + 1 :]
    return tuple(cells)


def _plain(cell: str) -> str:
    cell = _BREAK.sub(" ", cell.replace("\\|", "|")).strip()
    return bold[2] if (bold := _BOLD.fullmatch(cell)) else cell


def _fitted(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (cells + ("",) * width)[:width]


def _separated(text: str) -> list[list[str]]:
    paragraphs = _BLANK_LINES.split(text.strip("\n"))
    table = "\n".join(takewhile(lambda paragraph: not is_retelling(paragraph), paragraphs))
    for delimiter in _DELIMITERS:
        for part in (table, paragraphs[0]):  # words may follow
            rows = _records(part, delimiter)
            if len(rows) >= 2 and len({len(row) for row in rows}) == 1 and len(rows[0]) >= 2:
                return rows
    return []


def _records(text: str, delimiter: str) -> list[list[str]]:
    lines = io.StringIO(text)
    try:
        records = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
        return [row for row in records if any(cell.strip() for cell in row)]
    except csv.Error:
        return []


def _json(text: str) -> list[tuple[str, ...]]:
    text = text.strip()
    if not text.startswith(("[", "{")):
        return []
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        value = list(_whole_items(text))
    return _rows_of(value)


def _whole_items(text: str) -> Iterator[Any]:
    """Read the items of a list that breaks off, or objects that stand one after another."""
    nested = _LIST_OF_ROWS.search(text)
    at = nested.end() if nested else 0
    while True:
        try:
            item, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield item
        at = len(text) - len(text[at:].lstrip(" \t\r\n,"))


def _rows_of(value: Any) -> list[tuple[str, ...]]:
    match value:
        case [dict(), *_]:
            records = [item for item in value if isinstance(item, dict)]
            names = list(dict.fromkeys(name for record in records for name in record))
            rows = [tuple(_text(record.get(name)) for name in names) for record in records]
            return [tuple(names), *rows]
        case [list(), *_]:
            return [tuple(map(_text, item)) for item in value if isinstance(item, list)]
        case dict():
            return _rows_of_object(value)
    return []


def _rows_of_object(table: dict[str, Any]) -> list[tuple[str, ...]]:
    parts = list(table.values())
    lists = [part for part in parts if isinstance(part, list) and part]
    headers = [part for part in lists if isinstance(part[0], str)]
    bodies = [part for part in lists if isinstance(part[0], list)]
    if len(headers) == len(bodies) == 1:  # columns and data, header and rows
        return [tuple(map(_text, headers[0])), *_rows_of(bodies[0])]
    if len(lists) == len(parts) >= 2 and len({len(part) for part in lists}) == 1:
        return [tuple(table), *zip(*(map(_text, part) for part in lists), strict=True)]
    if not any(isinstance(part, list | dict) for part in parts):
        return [(name, _text(part)) for name, part in table.items()]
    return next((rows for part in parts if (rows := _rows_of(part))), [])


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
"""Numbers stay as they were written."""
