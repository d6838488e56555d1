"""What an answer turned out to be: plain data for whoever shows it."""

from dataclasses import dataclass
from enum import StrEnum

from inference.tasks.tables import Rows


class Form(StrEnum):
    """What an answer is by its form, which decides how it is shown."""

    WORDS = "words"
    """Sentences in answer to what was asked."""
    TRANSCRIPTION = "transcription"
    """What stands in the picture, to be copied."""
    TABLE = "table"
    """Rows and columns; the text is their CSV."""
    RETELLING = "retelling"
    """Sentences about what was to be copied."""
    ABSENCE = "absence"
    """Sentences that say that there is nothing to copy."""
    REFUSAL = "refusal"
    """Sentences that say that the model will not answer."""
    EMPTY = "empty"
    """No word at all."""


class Note(StrEnum):
    """What people should know about an answer, in small print."""

    REPEATED = "repeated"
    """It began to go round in a circle and was stopped; one round is kept."""
    CUT = "cut"
    """It reached its longest length."""
    FEWER_CROPS = "fewer crops"
    """The pictures were looked at less closely, so that the question fits."""
    RETOLD = "retold"
    """The model tells about the picture instead of copying what it says."""
    NOT_A_TABLE = "not a table"
    """A table was asked for, and its rows and columns cannot be told."""
    MAY_CONTAIN_ERRORS = "may contain errors"
    """It is a copy, and people act on copies."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A finished answer, tidy, with what it is and what is to be said about it."""

    form: Form
    text: str
    """What to show; of a table, its CSV."""
    rows: Rows = ()
    """Of a table, the header first; all are equally long."""
    notes: tuple[Note, ...] = ()
