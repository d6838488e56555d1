"""What it would say against a question if the process died now, from moment to moment."""

from bot.jobs.case import Case
from bot.jobs.database import Written
from bot.jobs.job import Job

BEFORE_A_WORD, AFTER_IT = 2, 1
"""What a death weighs: most of those that a question causes come before its first word."""
SUSPECT, GUILTY = 2, 4
"""The weight from which on a question is looked at alone, and from which on no more."""


class Attempt:
    """Keeps a question's record on disk while the model has it in hand.

    A process may die of its question, of a neighbour's or of neither. So only who was in hand at a
    death is looked at alone from then on, and only who was alone at the next one is given up.
    """

    def __init__(self, case: Case, *, counts: bool = True) -> None:
        self._case = case
        self._record = case.job.attempts
        self._counts = counts

    async def begin(self) -> None:
        """Hand the question to the model; returns when the disk knows."""
        if written := self._weigh(BEFORE_A_WORD):
            await written

    def speak(self) -> None:
        """Note the answer's first word."""
        self._weigh(AFTER_IT)

    def end(self) -> None:
        """Take all back: the process lives, or what may end it now is an order to stop."""
        self._weigh(0)
        self._counts = False

    def _weigh(self, death: int) -> Written | None:
        return self._case.change(attempts=self._record + death) if self._counts else None


def is_suspect(job: Job) -> bool:
    """Tell whether a process may have died of a question."""
    return job.attempts >= SUSPECT


def is_guilty(job: Job) -> bool:
    """Tell whether processes have died of a question while it was alone."""
    return job.attempts >= GUILTY
