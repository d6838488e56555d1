"""A sample of the kills; all of them by `python -m tests.wire.kill --points 100`."""

import asyncio
from pathlib import Path

import pytest

from tests.wire.kill import kill_and_count


def test_whenever_the_bot_is_killed_each_accepted_question_is_answered_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "set by the bot's lives, and forgotten after the test")
    count = asyncio.run(kill_and_count(points=8, seed=20, folder=tmp_path))
    assert count.wrong == []
    assert count.answered + count.never_accepted == count.asked
    assert count.answered >= 4
