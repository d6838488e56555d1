"""What somebody is told whom the bot declines."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.errors import DeclinedError


@contextmanager
def declines(sentence: str) -> Iterator[None]:
    """Fail unless what is done within is declined with this sentence."""
    with pytest.raises(DeclinedError) as told:
        yield
    assert told.value.sentence == sentence
