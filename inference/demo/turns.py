"""One step of a conversation about a drawn picture, and a first question that asks the same."""

from collections.abc import Mapping
from dataclasses import dataclass

from inference.demo.follow_up_wordings import Next
from inference.demo.questions import Truth, Wordings


@dataclass(frozen=True, slots=True)
class Turn:
    """A question in a conversation, and its one right answer."""

    ask: Next
    answer: str
    about: str = ""
    """What stands in the wording's blank."""
    topic: int | None = None
    """Which thing, bar or picture `it` is afterwards."""
    reading: tuple[str, ...] = ()
    asked: Next | None = None
    """Which property was asked for, where the question leaves it unsaid."""
    looks: bool = False
    """Whoever answers must look at the picture, even where the first answer told all of it."""
    wordings: Wordings | None = None
    """In which it is asked, where not in its own."""

    def asked_among(self, properties: Mapping[Next, Next]) -> Next | None:
        """Tell which property was asked for; each is given with how it is asked of `it`."""
        of_it = {its: ask for ask, its in properties.items()}
        found = self.asked or of_it.get(self.ask, self.ask)
        return found if found in properties else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOnce(Truth):
    """A first question that is otherwise asked on."""

    turn: Turn
