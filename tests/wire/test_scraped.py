"""What a real Prometheus counts is what people saw."""

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.wire.scraped import watched

WITHOUT_A_CAUSE = ("pictures_refused", "discord_errors", "servers_")
"""What nothing happened for in a load where all goes well."""


@pytest.mark.skipif(not shutil.which("prometheus"), reason="Prometheus is not installed")
def test_prometheus_counts_what_people_saw_and_each_panel_shows_something(tmp_path: Path) -> None:
    rows, panels = asyncio.run(watched(tmp_path, requests=12))
    assert [row for row in rows if not row.agrees] == []
    empty = [question for question, series in panels.items() if not series]
    assert [each for each in empty if not any(cause in each for cause in WITHOUT_A_CAUSE)] == []
