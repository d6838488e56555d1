"""What a server does instead of answering, and what follows from it."""

import math
from typing import Any

import openai

from inference.errors import GenerationError, InferenceError


class ServerError(Exception):
    """A server did not answer. The message is one sentence for the operator.

    It never carries the server's own words about a question: they may quote it.
    """


class LostError(ServerError):
    """The server has not got the question: another may take it, or the same one later."""


class BusyError(ServerError):
    """The server takes no more for now."""

    def __init__(self, message: str, seconds: float = 0.0) -> None:
        super().__init__(message)
        self.seconds = seconds
        """How long it wants to be left alone; 0 where it did not say."""


class FailedError(ServerError):
    """The server had the question and failed; the question itself may be to blame."""


class ClosedError(FailedError):
    """The connection was closed without a word, by the server or by what is in front of it."""


class TooLongError(ServerError):
    """Question, pictures and answer do not fit, or are too many bytes."""


class CropsRefusedError(ServerError):
    """The server does not let us say how closely it looks at pictures."""


class MisconfiguredError(ServerError, InferenceError):
    """Key, model or address are wrong: nobody is answered until the operator has mended it."""


class RefusedError(ServerError, GenerationError):
    """The server does not take this question, whatever is done about it."""


_NEVER_CONNECTED = {"ConnectError", "ConnectTimeout", "ProxyError", "PoolTimeout"}
_AWAY = (502, 503)
"""What a gateway says while the server behind it is away, or a server that is ending.

Not 504: a server that was too slow for the gateway has had the question."""
_TOO_LONG = ("maximum context length", "context length exceeded", "exceeds n_ctx", "image(s) may")


def fault_of(error: Exception, url: str) -> ServerError:
    """Tell what a failure between us and the server at an address means."""
    if isinstance(error, openai.APIStatusError):
        return _status_fault(error, url)
    if isinstance(error, openai.APIConnectionError):
        cause = type(error.__cause__).__name__
        if cause in _NEVER_CONNECTED:
            return LostError(f"{url} cannot be reached ({cause}).")
        return ClosedError(f"{url} closed the connection ({cause}).")
    if isinstance(error, openai.APIError):
        return FailedError(f"{url} failed while it answered.")
    if isinstance(error, TimeoutError):
        return FailedError(f"{url} has fallen silent.")
    return FailedError(f"{url} sent something that is no answer ({type(error).__name__}).")


def _status_fault(error: openai.APIStatusError, url: str) -> ServerError:
    status, words = error.status_code, _words(error.body).lower()
    if status == 429:
        return BusyError(f"{url} takes no more for now (429).", _seconds(error))
    if status in _AWAY:
        return LostError(f"{url} is not ready ({status}).")
    if status == 413 or error.param == "input_tokens" or any(map(words.__contains__, _TOO_LONG)):
        return TooLongError(f"A question is too long for {url} ({status}).")
    if status == 400 and "mm_processor_kwargs" in words:
        return CropsRefusedError(f"{url} was started without --trust-request-mm-kwargs.")
    if status in (401, 403):
        return MisconfiguredError(f"{url} refuses the key ({status}): set ENGINE_KEY.")
    if status in (404, 405, 501):
        return MisconfiguredError(
            f"{url} does not serve the model there ({status}): set ENGINE_MODEL and ENGINE_URL."
        )
    if status >= 500:
        return FailedError(f"{url} failed ({status}).")
    return RefusedError(f"{url} refuses a question ({status}, {error.param or 'no field named'}).")


def _words(body: Any) -> str:
    """Find the message: servers put it under `error`, `message`, `detail`, or say it plainly."""
    if isinstance(body, dict):
        body = next((body[key] for key in ("message", "error", "detail") if body.get(key)), "")
    return body if isinstance(body, str) else str(body)


def _seconds(error: openai.APIStatusError) -> float:
    try:
        seconds = float(error.response.headers.get("retry-after", 0))
    except ValueError:  # a date
        return 0.0
    return min(max(seconds, 0.0), 60.0) if math.isfinite(seconds) else 0.0
