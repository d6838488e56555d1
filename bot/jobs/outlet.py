"""How a job speaks to its asker, wherever that may be."""

from dataclasses import dataclass
from typing import Protocol

from bot.jobs.case import Case
from inference import Ending, Opened


@dataclass(frozen=True, slots=True)
class Answer:
    """How a question ended: with the model's words, or with why there are none."""

    outcome: str
    """In a word, for the counts."""
    text: str = ""
    ending: Ending | None = None
    """Of the model's words; None where there are none."""
    in_english: bool = False
    """It was asked for once more, in English: in the person's language the model said nothing."""
    error: Exception | None = None
    """Why there are none; None of both is an asker who took the question back."""
    opened: Opened | None = None
    """What the one file showed that was asked about."""


CANCELLED = Answer("cancelled")


class WithdrawnError(Exception):
    """The question, its place or what we said there is gone: nobody is to be told anything."""


class Outlet(Protocol):
    """The one voice of a job. What is for the time being may get lost; the end may not."""

    case: Case

    async def begin(self) -> None:
        """Show that the question is taken. Raises WithdrawnError."""
        ...

    async def waiting(self, place: int, seconds: float | None) -> None:
        """Tell the place in the queue, and about how long it takes from there."""
        ...

    async def restarting(self) -> None:
        """Tell that the answer comes after the next start."""
        ...

    async def looking(self) -> None:
        """Tell that the model looks at the pictures."""
        ...

    async def waking(self) -> None:
        """Tell that the model has to be loaded first."""
        ...

    async def draft(self, text: str) -> None:
        """Show what has been said so far."""
        ...

    async def finish(self, answer: Answer) -> None:
        """Say the last word, however long it takes. Raises WithdrawnError."""
        ...

    async def withdraw(self) -> None:
        """Take away what was said."""
        ...
