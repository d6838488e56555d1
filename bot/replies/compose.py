"""Turn what the model said into what stands in Discord."""

from dataclasses import dataclass

from bot.locales import say
from bot.locales import sentences as s
from bot.replies.chunk import LIMIT, chunks, closed
from bot.replies.escape import escape, fence
from bot.replies.refusal import is_refusal
from inference import Ending, StopReason, Task

MOST_MESSAGES = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """One message, at most two more, and the file that holds it all where it is longer."""

    content: str
    more: tuple[str, ...] = ()
    file: tuple[str, str] | None = None
    """Its name and its text."""
    outcome: str = "answered"
    """How the question ended, in a word for the audit trail."""


def draft(task: Task, text: str) -> str:
    """Show what has been said so far, in one message."""
    body = _body(task, text)
    return closed(chunks(body, LIMIT - 2)[0] + " …") if body else ""


def compose(
    task: Task, text: str, ending: Ending, locale: str, *, signature: str, messages: int
) -> Answer:
    """Lay out a finished answer in at most so many messages, the signature in small print."""
    nothing = s.NOTHING_READ if task.transcribes else s.NO_WORDS
    body = _body(task, text) or say(locale, nothing)
    outcome = "refused" if is_refusal(text) else "answered"
    notes = _notes(task, text, ending, locale, signature)
    small_print = _small_print(notes)
    pieces = chunks(body, LIMIT - len(small_print))
    if len(pieces) <= min(messages, MOST_MESSAGES):
        first, *more = [*pieces[:-1], f"{pieces[-1]}{small_print}"]
        return Answer(first, tuple(more), outcome=outcome)
    small_print = _small_print([say(locale, s.FULL_ANSWER), *notes])
    return Answer(
        chunks(body, LIMIT - len(small_print))[0] + small_print,
        file=("answer.csv" if task.is_csv else "answer.txt", task.tidy(text)),
        outcome=outcome,
    )


def _body(task: Task, text: str) -> str:
    tidy = task.tidy(text).strip("\n")
    if not tidy.strip():
        return ""
    return fence(tidy, "csv" if task.is_csv else "") if task.transcribes else escape(closed(tidy))


def _notes(task: Task, text: str, ending: Ending, locale: str, signature: str) -> list[str]:
    notes = []
    if ending.reason is StopReason.LOOP:
        notes.append(say(locale, s.TEXT_REPEATED))
    if ending.reason is StopReason.LENGTH:
        notes.append(say(locale, s.ANSWER_CUT))
    if ending.fewer_crops:
        notes.append(say(locale, s.LOOKED_LESS_CLOSELY))
    if task.transcribes and _body(task, text):
        if not task.parses(text):
            notes.append(say(locale, s.NOT_A_TABLE))
        notes.append(say(locale, s.MAY_CONTAIN_ERRORS))
    if signature:
        notes.append(signature)
    return notes


def _small_print(notes: list[str]) -> str:
    return f"\n-# {' '.join(notes)}" if notes else ""
