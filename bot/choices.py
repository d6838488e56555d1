"""What those who run a server have chosen for it; each default is what holds where nobody has."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from inference import Detail

AgeRule = Literal["off", "on", "spoiler"]
"""In age-restricted channels: no answers, plain answers, or answers behind spoiler bars."""
_FROM_THE_STRICTEST: tuple[AgeRule, ...] = ("off", "spoiler", "on")


LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "ja": "日本語",
    "no": "Norsk",
    "pt": "Português",
    "ro": "Română",
    "zh-CN": "简体中文",
    "zh-TW": "繁體中文",
}
"""In which answers can be had, each by its own name."""


class Mention(StrEnum):
    """How a message that mentions the bot is answered."""

    THREAD = "thread"
    PRIVATE_THREAD = "private thread"
    """That the asker alone is let into."""
    REPLY = "reply"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """One server's. They are stored whole: a field with a default can be added here alone."""

    channels: frozenset[int] = frozenset()
    """Where not empty, the only ones that are served, their threads included."""
    roles: frozenset[int] = frozenset()
    """Where not empty, only members with one of them are served."""
    mention: Mention = Mention.THREAD
    private: bool = False
    """Commands are answered for their asker's eyes only."""
    detail: Detail = Detail.NORMAL
    language: str | None = None
    """Of the answers; None is each asker's."""
    a_minute: int | None = None
    """Questions that a member may ask; None leaves it at the operator's bound."""
    age_restricted: AgeRule = "on"
    """The operator's own rule holds where it is stricter."""
    accessible: frozenset[int] = frozenset()
    """Channels in which pictures without alt text are described for who wants that."""
    describes_at_once: bool = False
    """There, a sentence or two stand under each picture; else a button."""


NOTHING_CHOSEN = Choices()


def stricter(one: AgeRule, other: AgeRule) -> AgeRule:
    """Tell which of two rules lets less through."""
    return min(one, other, key=_FROM_THE_STRICTEST.index)


def not_looser_than(rule: AgeRule) -> tuple[AgeRule, ...]:
    """List the rules that a server may choose within its operator's, the strictest first."""
    return _FROM_THE_STRICTEST[: _FROM_THE_STRICTEST.index(rule) + 1]
