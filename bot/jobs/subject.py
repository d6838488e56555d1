"""What a question is about: pictures, and what was said about them before."""

from dataclasses import dataclass

from bot.pictures.find import Finding


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question and its answer, as they stand in Discord."""

    task: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What somebody asks about; earlier exchanges, the oldest first, are about the pictures."""

    pictures: Finding
    earlier: tuple[Exchange, ...] = ()
    sees_one_step: bool = False
    """Discord lets us read no more of what was said before than the message replied to."""
