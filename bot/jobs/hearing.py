"""Hear an engine out, and make of a failure what the asker is told."""

import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from bot.errors import is_expected
from bot.jobs.job import Job
from bot.jobs.outlet import Answer
from inference import Delta, Ending, GenerationError

log = logging.getLogger(__name__)

FIRST_DRAFT = 0.7
"""Seconds after which an answer that is not whole yet begins to show."""
INTERVAL = 1.2
"""Seconds between two looks at an answer that grows."""


async def read_out(
    deltas: AsyncGenerator[Delta, None],
    show: Callable[[str], Awaitable[None]],
    begun: Callable[[], None],
) -> tuple[str, Ending]:
    """Collect an answer, showing what there is every now and then; leaving cancels the rest.

    `begun` is called at the first word.
    Raises what the engine raises, and GenerationError for an answer without an ending.
    """
    text = ""
    due = time.monotonic() + FIRST_DRAFT
    async with aclosing(deltas):
        async for delta in deltas:
            if delta.text and not text:
                begun()
            text += delta.text
            if delta.ending is not None:
                return text, delta.ending
            if time.monotonic() >= due:
                await show(text)
                due = time.monotonic() + INTERVAL
    raise GenerationError("The engine stopped without an ending.")


def apology(job: Job, error: Exception) -> Answer:
    """Make a failure what the asker is told."""
    if is_expected(error):
        log.info("Job %s ends in a sentence: %s", job.id, type(error).__name__)
    else:
        log.error("Job %s failed.", job.id, exc_info=error)
    return Answer(type(error).__name__, error=error)
