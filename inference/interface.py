"""What an engine is asked and what it answers, whichever engine it is."""

from collections.abc import AsyncGenerator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf
from typing import Literal, Protocol

from inference.errors import RequestError
from inference.pictures import Picture


def _require(holds: bool, field: str, rule: str) -> None:
    if not holds:
        raise RequestError(f"A request's {field} must be {rule}.")


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation; its pictures stand before its text.

    The text is data: control tokens written in it reach the model as plain characters.
    """

    role: Literal["user", "assistant"]
    text: str
    pictures: tuple[Picture, ...] = ()


def without_oldest_turn(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Leave out the oldest question of a conversation and its answer; its pictures stay.

    What remains begins with a question; a conversation of one question stays as it is.
    """
    questions = [place for place, message in enumerate(messages) if message.role == "user"]
    if len(questions) < 2:
        return messages
    gone, (first, *rest) = messages[: questions[1]], messages[questions[1] :]
    pictures = tuple(picture for message in gone for picture in message.pictures)
    return (replace(first, pictures=(*pictures, *first.pictures)), *rest)


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen; temperature 0 is greedy."""

    temperature: float = 0.0
    top_p: float = 1.0
    seed: int | None = None

    def __post_init__(self) -> None:
        """Raise RequestError where no token could be drawn so."""
        _require(0 <= self.temperature < inf, "temperature", "a number from 0 on")
        _require(0 < self.top_p <= 1, "top_p", "above 0 and at most 1")


GREEDY = Sampling()


@dataclass(frozen=True, slots=True)
class Request:
    """All that an engine needs to know to answer once."""

    messages: tuple[Message, ...]
    """The oldest first. Where all does not fit, the words of the oldest turns are left out."""
    max_new_tokens: int = 256
    crops: int = 16
    """Most crops per picture; the engine takes fewer where the request would not fit."""
    sampling: Sampling = GREEDY
    stop: tuple[str, ...] = ()
    least_new_tokens: int | None = None
    """Where it would not fit, the longest answer shrinks to this before crops do; None: never."""
    loop_rounds: int | None = None
    """Stop when the same has been said so many times on end; None: never."""
    deadline: float | None = None
    """`time.monotonic()` after which the answer is no longer wanted."""
    scope: str | None = None
    """Requests of one scope may share what is warm; None shares with nobody."""

    def __post_init__(self) -> None:
        """Raise RequestError where a field cannot be: a request can hurt nobody but itself."""
        _require(self.max_new_tokens >= 1, "max_new_tokens", "at least 1")
        least, rounds = self.least_new_tokens, self.loop_rounds
        _require(least is None or least >= 1, "least_new_tokens", "at least 1")
        _require(self.crops >= 1, "crops", "at least 1")
        _require(all(self.stop), "stop", "without an empty string")
        _require(rounds is None or rounds >= 2, "loop_rounds", "at least 2")
        _require(self.deadline is None or self.deadline == self.deadline, "deadline", "a number")


class ModelKind(StrEnum):
    """What a checkpoint has practised, which decides in what words it is asked."""

    PHI3_VISION = "phi3-vision"
    DEMO = "demo"
    """The small model that comes along."""
    ANY = "any"
    """Some other model that follows plain instructions."""


class StopReason(StrEnum):
    """Why an answer ended."""

    END = "end"
    LENGTH = "length"
    STOP = "stop"
    LOOP = "loop"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class Ending:
    """Why an answer ended, and what it took. Times are in seconds."""

    reason: StopReason
    prompt_tokens: int
    cached_tokens: int
    """Prompt tokens that were computed before and found warm."""
    new_tokens: int
    crops: int
    """Most crops per picture: as many as were asked for, if the model was trained with so many."""
    queued: float
    preparation: float
    """Resizing and cutting the pictures."""
    encoding: float
    """The vision tower."""
    prefill: float
    decode: float
    fewer_crops: bool = False
    """Pictures were cut into fewer crops still, so that the request fits."""


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of an answer; the last one carries the ending."""

    text: str
    ending: Ending | None = None


class Engine(Protocol):
    """A model that answers requests, several at a time."""

    @property
    def model_name(self) -> str:
        """Name the model as people know it."""
        ...

    @property
    def kind(self) -> ModelKind:
        """Tell in what words the model is to be asked: `task.request(…, kind=engine.kind)`."""
        ...

    def at_once(self, request: Request | None = None) -> int:
        """Tell how many requests like this one are answered at the same time: at least one.

        Without a request: how many descriptions of one large picture, the question that most
        people ask. Reads the pictures' sizes alone, so it is quick.
        """
        ...

    def usage(self) -> Mapping[str, float]:
        """Tell in numbers, by name, what of its memory or its servers is in use."""
        ...

    @property
    def is_loaded(self) -> bool:
        """Tell whether the model is at hand; if not, the next question waits until it is."""
        ...

    @property
    def stopped(self) -> Future[None]:
        """Wait for the engine's end: done when closed, failed with GenerationError when it hung.

        A thread that hangs cannot be killed: end the process with `os._exit`, and not with 0.
        """
        ...

    def generate(self, request: Request) -> AsyncGenerator[Delta, None]:
        """Answer a request, piece by piece; closing the generator cancels at the next token.

        No piece splits a character or shows a special token. Raises RequestError before any work,
        EngineClosedError, or GenerationError when the model fails.
        """
        ...

    def forget(self, scope_prefix: str) -> None:
        """Drop what is kept of requests whose scope begins so: no later request finds any of it.

        What they still wait for they get: cancel them first. The rows of all pictures seen lately
        go too, since nobody knows whose they were.
        """
        ...

    async def close(self) -> None:
        """Finish the step in hand, fail what is left with EngineClosedError, free the model."""
        ...
