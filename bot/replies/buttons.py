"""What stands under an answer to be pressed; what a press does, `features.buttons` knows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

import discord

from bot.jobs.job import Job
from bot.locales import say
from bot.locales import sentences as s
from inference import TASKS, Detail

VERSION = "v1"
PRESSED = re.compile(
    rf"{VERSION}:(?P<action>again|shorter|longer|file|more|delete)"
    rf":(?P<task>{'|'.join(TASKS)}):(?P<asker>\d{{1,20}})"
    rf":(?P<detail>{'|'.join(Detail)}):(?P<language>[\w-]{{0,10}}):(?P<job>\d{{1,20}})"
)
"""What a button says of itself. It says no more: what the answer shows is read when it is pressed.

As far as the asker's number it is the same in all versions.
"""
LABELS = {
    "again": s.AGAIN,
    "shorter": s.SHORTER,
    "longer": s.LONGER,
    "file": s.AS_FILE,
    "more": s.ASK_MORE,
    "delete": s.DELETE,
}


@dataclass(frozen=True, slots=True)
class Button:
    """A button under an answer, and what it knows of the answer."""

    action: str
    task: str
    asker_id: int
    detail: Detail = Detail.NORMAL
    """In which to ask again."""
    language: str | None = None
    job_id: int = 0
    """By which the answer is found after a crash."""

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """Read what PRESSED has found."""
        return cls(
            match["action"],
            match["task"],
            int(match["asker"]),
            Detail(match["detail"]),
            match["language"] or None,
            int(match["job"]),
        )

    @property
    def custom_id(self) -> str:
        """Write what PRESSED finds."""
        about = (self.task, self.asker_id, self.detail, self.language or "", self.job_id)
        return ":".join(map(str, (VERSION, self.action, *about)))


def cancel_view(job: Job) -> discord.ui.View:
    """Show the button that cancels a job."""
    return _view(discord.ui.Button(label=say(job.locale, s.CANCEL), custom_id=f"cancel:{job.id}"))


def answer_view(job: Job, *, has_words: bool, has_file: bool) -> discord.ui.View:
    """Show what can be done with an answer; one without words can be asked for again."""
    again = Button("again", job.task, job.asker_id, job.detail, job.language, job.id)
    details = TASKS[job.task].details
    buttons = [again]
    if has_words:
        if (shorter := job.detail.shorter) in details:
            buttons.append(replace(again, action="shorter", detail=shorter))
        if (longer := job.detail.longer) in details:
            buttons.append(replace(again, action="longer", detail=longer))
        if not has_file:
            buttons.append(replace(again, action="file"))
        buttons.append(replace(again, action="more"))
    buttons.append(replace(again, action="delete"))
    return _view(*(_shown(button, job.locale) for button in buttons))


def view_before(job: Job) -> discord.ui.View:
    """Show the buttons that stood under the answer which the job was to replace."""
    pressed = filter(None, map(PRESSED.fullmatch, job.buttons_before))
    return _view(*(_shown(Button.read(match), job.locale) for match in pressed))


def had_words(job: Job) -> bool:
    """Tell whether what the job was to replace is an answer of the model's, and no excuse."""
    pressed = filter(None, map(PRESSED.fullmatch, job.buttons_before))
    return any(match["action"] == "more" for match in pressed)


def is_under(message: discord.Message, job_id: int) -> bool:
    """Tell whether the buttons under a message say that it answers a job."""
    return any(button.job_id == job_id for button in _under(message))


def ids_under(message: discord.Message) -> tuple[str, ...]:
    """List the ids of the buttons under an answer."""
    return tuple(button.custom_id for button in _under(message))


def task_of(message: discord.Message) -> str | None:
    """Tell what was done in an answer, as its buttons say; None where there are none."""
    return next((button.task for button in _under(message)), None)


def _under(message: discord.Message) -> Iterator[Button]:
    for row in message.components:
        for each in getattr(row, "children", ()):
            if match := PRESSED.fullmatch(getattr(each, "custom_id", None) or ""):
                yield Button.read(match)


def _shown(button: Button, locale: str) -> "discord.ui.Button[discord.ui.View]":
    label = say(locale, LABELS[button.action])
    return discord.ui.Button(label=label, custom_id=button.custom_id)


def _view(*buttons: "discord.ui.Button[discord.ui.View]") -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    view.stop()  # their presses are told by their ids: discord.py need not remember them
    return view
