"""Turn what the model said into what stands in Discord."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.locales import say
from bot.locales import sentences as s
from bot.replies.tables import csv_file, preview
from bot.replies.text import LIMIT, chunks, closed, cover, escape, fence
from inference import Ending, Form, Note, Opened, Reading, Source, Task, fence_tables

MOST_MESSAGES = 3
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


def draft(task: Task, text: str, quoted: int = 0) -> str:
    """Show what has been said so far, in one message with so many characters before it."""
    tidy = task.tidy(text).strip("\n")
    if not tidy.strip():
        return ""
    if task.is_csv and (rows := task.reading(text).rows):
        return preview(rows, LIMIT - quoted)[0]
    shown = fence(tidy) if task.transcribes else escape(closed(tidy))
    return closed(chunks(shown, LIMIT - quoted - 2)[0] + " …")


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
    quoted: int = 0,
) -> Layout:
    """Lay out a finished answer in at most so many messages, the signature in small print.

    A table goes into a file, too, and what is longer; where files are not allowed, it is cut off.
    `left_out` is the
    number of pictures that were not looked at, `opened` what the only file showed, `quoted` the
    characters that go before it all, and `remarks` go before all other small print.
    """
    reading = task.reading(text, ending)
    notes = [*remarks, *_notes(reading, locale, signature)]
    if in_english and reading.form is not Form.EMPTY:
        notes.insert(0, say(locale, s.IN_ENGLISH))
    if opened and (seen := _seen(opened, locale)):
        notes.insert(0, seen)
    if left_out:
        notes.insert(0, say(locale, s.PICTURES_LEFT_OUT, most=task.max_pictures))
    told = s.FULL_ANSWER if may_attach else s.NO_FILES_HERE
    small_print = _small_print(notes)
    cut = _small_print([say(locale, told), *notes])
    if reading.form is Form.TABLE:
        table, is_whole = preview(reading.rows, LIMIT - quoted - len(cut))
        file = ("table.csv", csv_file(reading.rows)) if may_attach else None
        return Layout(table + (small_print if is_whole else cut), file=file)
    body = _body(reading) or say(locale, s.NOTHING_READ if task.transcribes else s.NO_WORDS)
    most = min(messages, MOST_MESSAGES)
    pieces = chunks(body, LIMIT - quoted - len(small_print))
    if len(pieces) <= most:
        return Layout(*_last_with(small_print, pieces))
    pieces = chunks(body, LIMIT - quoted - len(cut))[:most]
    file = ("answer.txt", reading.text.encode()) if may_attach else None
    return Layout(*_last_with(cut, pieces), file=file)


def behind_spoiler(layout: Layout) -> Layout:
    """Cover each message but its small print, and the file; four characters longer each."""
    return replace(
        layout,
        content=_covered(layout.content),
        more=tuple(map(_covered, layout.more)),
        file=layout.file and (f"SPOILER_{layout.file[0]}", layout.file[1]),
    )


def _covered(text: str) -> str:
    words, _, last = text.rpartition("\n")
    return f"{cover(words)}\n{last}" if last.startswith("-# ") else cover(text)


def _body(reading: Reading) -> str:
    text = reading.text.strip("\n")
    if not text.strip():
        return ""
    if reading.form is Form.TRANSCRIPTION:
        return fence(text)
    return escape(closed(fence_tables(text)))


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
