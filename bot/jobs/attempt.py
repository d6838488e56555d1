"""Which questions a process may have died of, by what stands on disk when it has died."""

from dataclasses import replace

from bot.jobs.case import Case
from bot.jobs.database import Written
from bot.jobs.job import Job

BEFORE_A_WORD, AFTER_IT = 2, 1
"""What a death weighs: most of those that a question causes come before its first word."""
GUILTY = 4
"""The weight of deaths from which on a question is looked at no more."""


class Attempt:
    """Notes on disk that the model has a question in hand, for as long as that is so."""

    def __init__(self, case: Case, *, counts: bool = True) -> None:
        self._case = case
        self._counts = counts

    async def begin(self) -> None:
        """Hand the question to the model; returns when the disk knows."""
        if written := self._note(BEFORE_A_WORD):
            await written

    def speak(self) -> None:
        """Note the answer's first word."""
        self._note(AFTER_IT)

    def end(self) -> None:
        """Take it back: the process lives, or what may end it now is an order to stop."""
        self._note(0)
        self._counts = False

    def _note(self, in_hand: int) -> Written | None:
        return self._case.change(in_hand=in_hand) if self._counts else None


def judged(jobs: list[Job]) -> list[Job]:
    """Judge by how the last process left its jobs which of them it may have died of.

    Whoever was in hand is a suspect, and looked at alone from now on. A death counts against who
    was alone; it acquits all others, since it was none of theirs.
    """
    in_hand = [job for job in jobs if job.in_hand]
    return [
        replace(
            job,
            in_hand=0,
            is_suspect=job.is_suspect or job.in_hand > 0,
            attempts=job.attempts + job.in_hand if in_hand == [job] else 0,
        )
        for job in jobs
    ]
