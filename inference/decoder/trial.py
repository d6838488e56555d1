"""Whether a fast path may serve: it answers a fixed question beside the plain path."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread

import torch

logger = logging.getLogger(__name__)

LARGEST_DIFFERENCE = 0.05
"""Of the plain path's largest number: bfloat16 keeps eight bits, and sums in another order."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What became of a fast path's trial."""

    path: str
    fault: str | None
    """Why the plain path serves in its place; None where it passed."""

    def __str__(self) -> str:
        """Write a line for the log and for reports."""
        return f"{self.path}: {'serves' if self.fault is None else f'not used, it {self.fault}'}"


@dataclass(frozen=True, slots=True)
class Said:
    """What a path says to the question."""

    logits: torch.Tensor
    """(steps, rows, vocabulary)."""
    tokens: torch.Tensor
    """(steps, rows)."""


def try_path(path: str, ask: Callable[[], Said], plain: Said, seconds: float) -> TrialResult:
    """Let a path answer, for so many seconds at most, and hold it against the plain answer.

    A path that hangs is left alone on its thread: it cannot be ended.
    """
    verdict = TrialResult(path, _fault(ask, plain, seconds))
    logger.log(logging.INFO if verdict.fault is None else logging.WARNING, "Fast path %s", verdict)
    return verdict


def _fault(ask: Callable[[], Said], plain: Said, seconds: float) -> str | None:
    said: list[Said] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            said.append(ask())
        except BaseException as error:  # whatever it is, the plain path serves
            raised.append(error)

    thread = Thread(target=run, name="trial", daemon=True)
    thread.start()
    thread.join(seconds)
    if raised:
        return f"raised {type(raised[0]).__name__}: {raised[0]}"
    if not said:
        return f"did not answer within {seconds:g} seconds"
    return _difference(said[0], plain)


def _difference(said: Said, plain: Said) -> str | None:
    if said.logits.shape != plain.logits.shape:
        return "gave numbers of another shape"
    if not said.logits.isfinite().all():
        return "gave no numbers"
    scale = plain.logits.float().abs().max()
    difference = float((said.logits.float() - plain.logits.float()).abs().max() / scale)
    if difference > LARGEST_DIFFERENCE:
        return f"gave numbers that differ by {difference:.0%}"
    if _says_another_word(said, plain):
        return "said other words"
    return None


def _says_another_word(said: Said, plain: Said) -> bool:
    # Where two words are as likely, rounding decides; where they are not, nothing may.
    chosen = plain.logits.gather(-1, said.tokens[..., None].clamp(min=0))[..., 0].float()
    best = plain.logits.amax(-1).float()
    margin = LARGEST_DIFFERENCE * plain.logits.float().abs().max()
    return bool(((said.tokens < 0) | (best - chosen > margin)).any())
