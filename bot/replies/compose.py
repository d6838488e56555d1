"""Turn what the model said into what stands in Discord."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.locales import say
from bot.locales import sentences as s
from bot.replies.text import LIMIT, chunks, closed, cover, escape, fence
from inference import Ending, Form, Note, Opened, Reading, Source, Task, fence_tables

MOST_MESSAGES = 3
_FORMULA = re.compile(r"[=@\t\r]|[+-](?!\d*[.,]?\d+%?\Z)")
_NOTES = {
    Note.REPEATED: s.TEXT_REPEATED,
    Note.CUT: s.ANSWER_CUT,
    Note.FEWER_CROPS: s.LOOKED_LESS_CLOSELY,
    Note.RETOLD: s.RETOLD,
    Note.NOT_A_TABLE: s.NOT_A_TABLE,
    Note.MAY_CONTAIN_ERRORS: s.MAY_CONTAIN_ERRORS,
}


@dataclass(frozen=True, slots=True)
class Layout:
    """One message, at most two more, and the file that holds it all where it is longer."""

    content: str
    more: tuple[str, ...] = ()
    file: tuple[str, bytes] | None = None
    """Its name and its bytes."""


def draft(task: Task, text: str) -> str:
    """Show what has been said so far, in one message."""
    tidy = task.tidy(text).strip("\n")
    if not tidy.strip():
        return ""
    shown = fence(tidy, "csv" if task.is_csv else "") if task.transcribes else escape(closed(tidy))
    return closed(chunks(shown, LIMIT - 2)[0] + " …")


def compose(
    task: Task,
    text: str,
    ending: Ending,
    locale: str,
    *,
    signature: str = "",
    messages: int = MOST_MESSAGES,
    left_out: int = 0,
    in_english: bool = False,
    remarks: Sequence[str] = (),
    may_attach: bool = True,
    opened: Opened | None = None,
) -> Layout:
    """Lay out a finished answer in at most so many messages, the signature in small print.

    What is longer goes into a file, or is cut off where files are not allowed. `left_out` is the
    number of pictures that were not looked at, `opened` what the only file showed, and `remarks`
    go before all other small print.
    """
    reading = task.reading(text, ending)
    body = _body(reading) or say(locale, s.NOTHING_READ if task.transcribes else s.NO_WORDS)
    notes = [*remarks, *_notes(reading, locale, signature)]
    if in_english and reading.form is not Form.EMPTY:
        notes.insert(0, say(locale, s.IN_ENGLISH))
    if opened and (seen := _seen(opened, locale)):
        notes.insert(0, seen)
    if left_out:
        notes.insert(0, say(locale, s.PICTURES_LEFT_OUT, most=task.max_pictures))
    small_print = _small_print(notes)
    pieces = chunks(body, LIMIT - len(small_print))
    most = min(messages, MOST_MESSAGES)
    if len(pieces) <= most:
        return Layout(*_last_with(small_print, pieces))
    if not may_attach:
        small_print = _small_print([say(locale, s.NO_FILES_HERE), *notes])
        pieces = chunks(body, LIMIT - len(small_print))[:most]
        return Layout(*_last_with(small_print, pieces))
    small_print = _small_print([say(locale, s.FULL_ANSWER), *notes])
    return Layout(
        chunks(body, LIMIT - len(small_print))[0] + small_print, file=_file(task, reading)
    )


def behind_spoiler(layout: Layout) -> Layout:
    """Cover each message of a layout, and its file; at most four characters longer each."""
    return replace(
        layout,
        content=cover(layout.content),
        more=tuple(map(cover, layout.more)),
        file=layout.file and (f"SPOILER_{layout.file[0]}", layout.file[1]),
    )


def _body(reading: Reading) -> str:
    text = reading.text.strip("\n")
    if not text.strip():
        return ""
    if reading.form is Form.TABLE:
        return fence(text, "csv")
    if reading.form is Form.TRANSCRIPTION:
        return fence(text)
    return escape(closed(fence_tables(text)))


def _file(task: Task, reading: Reading) -> tuple[str, bytes]:
    """Write the whole answer into a file; what a spreadsheet opens, it neither garbles nor runs."""
    if not task.is_csv:
        return "answer.txt", reading.text.encode()
    if not reading.rows:
        return "answer.csv", reading.text.encode("utf-8-sig")
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(map(_defused, reading.rows))
    return "answer.csv", file.getvalue().encode("utf-8-sig")


def _defused(row: Sequence[str]) -> list[str]:
    """Mark as text what would be a formula; a number may begin with its sign."""
    return [f"'{cell}" if _FORMULA.match(cell) else cell for cell in row]


def _notes(reading: Reading, locale: str, signature: str) -> list[str]:
    notes = [say(locale, _NOTES[note]) for note in reading.notes]
    return [*notes, signature] if signature else notes


def _seen(opened: Opened, locale: str) -> str:
    """Say which frames or pages of a file were looked at, unless it has but one."""
    if opened.total < 2:
        return ""
    if opened.source is Source.FRAMES:
        return say(locale, s.FRAMES_SEEN, seen=len(opened.pictures), total=opened.total)
    pages = ", ".join(map(str, opened.numbers))
    return say(locale, s.PAGES_SEEN, pages=pages, total=opened.total)


def _last_with(small_print: str, pieces: list[str]) -> tuple[str, tuple[str, ...]]:
    first, *more = [*pieces[:-1], f"{pieces[-1]}{small_print}"]
    return first, tuple(more)


def _small_print(notes: list[str]) -> str:
    return f"\n-# {' '.join(notes)}" if notes else ""
