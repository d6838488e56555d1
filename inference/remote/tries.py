"""What was tried to get one request answered, and what is tried next."""

import random
import time

from inference.errors import (
    EngineBusyError,
    EngineUnavailableError,
    GenerationError,
    RequestTooLongError,
)
from inference.interface import Request
from inference.remote.faults import (
    BusyError,
    ClosedError,
    CropsRefusedError,
    FailedError,
    LostError,
    ServerError,
    TooLongError,
)
from inference.remote.question import askings
from inference.remote.server import Server

MOST_FAILURES = 3
"""How often servers may fail over one question: it may be to blame itself."""
BACK_OFF = 0.25
"""Seconds before the second try, twice as many before the third; jittered."""


class Tries:
    """One request on its way to an answer."""

    def __init__(self, request: Request, patience: float) -> None:
        self.avoid: Server | None = None
        """The server that failed last: another one goes first."""
        self._askings = askings(request)
        self.asking = next(self._askings)
        self._failures = 0
        self._first: dict[type[ServerError], float] = {}
        """When a fault of each kind first came, by `time.monotonic()`."""
        self._patience = patience

    def after(self, fault: ServerError, server: Server) -> float:
        """Make up our mind after a fault: return in how many seconds to try again.

        Raises RequestTooLongError, EngineBusyError, EngineUnavailableError, GenerationError, or
        a fault for which no other try would help.
        """
        match fault:
            case TooLongError():
                self._shorten()
                return 0.0
            case CropsRefusedError() if server.takes_crops:
                server.takes_crops = False
                return 0.0
            case BusyError():
                server.refused(fault.seconds)
                if self._lasts(fault):
                    raise EngineBusyError("The servers take no more.") from fault
                return 0.0
            case ClosedError() if not server.seems_away:  # it may have died of the question
                server.doubted()
                return self._after_failure(fault, server)
            case LostError() | ClosedError():
                server.lost()
                if self._lasts(fault):  # a gateway may look well that hides a server that is away
                    raise EngineUnavailableError("Questions reach no server.") from fault
                return 0.0
            case FailedError():
                return self._after_failure(fault, server)
            case _:
                raise fault

    def _lasts(self, fault: ServerError) -> bool:
        """Tell whether such faults have been coming for longer than we are patient."""
        now = time.monotonic()
        return now - self._first.setdefault(type(fault), now) > self._patience

    def _shorten(self) -> None:
        if (asking := next(self._askings, None)) is None:
            raise RequestTooLongError(
                "The question and its pictures do not fit the model's context."
            )
        self.asking = asking

    def _after_failure(self, fault: FailedError, server: Server) -> float:
        self._failures += 1
        if self._failures == MOST_FAILURES:
            raise GenerationError(str(fault)) from fault
        self.avoid = server
        return BACK_OFF * 2**self._failures * random.uniform(0.5, 1.5)
