"""What an examination of this machine found, line by line."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a thing stands."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of an examination: what was looked at, how it stands, and what to do."""

    label: str
    verdict: Verdict
    detail: str
    advice: str = ""

    @classmethod
    def ok(cls, label: str, detail: str) -> "Finding":
        """Say that a thing is as it should be."""
        return cls(label, Verdict.OK, detail)

    @classmethod
    def warning(cls, label: str, detail: str, advice: str) -> "Finding":
        """Say that the bot works, but not as well as it could."""
        return cls(label, Verdict.WARNING, detail, advice)

    @classmethod
    def wrong(cls, label: str, detail: str, advice: str) -> "Finding":
        """Say that the bot cannot work so."""
        return cls(label, Verdict.WRONG, detail, advice)

    def __str__(self) -> str:
        """Write it for a terminal: the verdict, what was found, and below it what to do."""
        line = f"{_MARKS[self.verdict]:8} {self.label}: {self.detail}"
        return "\n".join([line, *(f"{'':9}{advice}" for advice in self.advice.splitlines())])


_MARKS = {Verdict.OK: "ok", Verdict.WARNING: "warning", Verdict.WRONG: "WRONG"}
