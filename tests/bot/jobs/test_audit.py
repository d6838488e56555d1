"""The audit trail is kept for as many days as people are told."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.jobs.audit import DAY, Audit
from bot.jobs.store import Store
from tests.bot.jobs.examples import job

DAYS = 7


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "jobs.sqlite3"


@pytest.fixture
def audit(file: Path) -> Iterator[Audit]:
    audit = Audit(Store(file), DAYS)
    yield audit
    audit.close()


async def test_old_lines_go_at_the_start_and_each_day_though_nobody_asks(
    file: Path, audit: Audit
) -> None:
    write(file, 1, days_ago=DAYS + 1)
    write(file, 2, days_ago=DAYS - 1)
    audit.forget_daily()
    assert lines(file) == [2]

    write(file, 3, days_ago=DAYS + 1)
    await asyncio.sleep(DAY + 1)
    assert lines(file) == [2]


async def test_a_locked_store_keeps_its_lines_until_the_next_day(file: Path, audit: Audit) -> None:
    write(file, 1, days_ago=DAYS + 1)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    audit.forget_daily()
    other.execute("ROLLBACK")
    assert lines(file) == [1]

    await asyncio.sleep(DAY + 1)
    assert lines(file) == []


def write(file: Path, number: int, days_ago: int) -> None:
    """Write a line as it was written so many days ago."""
    store = Store(file)
    store.note(job(number), "answered", int(time.time()) - days_ago * DAY)
    store.close()


def lines(file: Path) -> list[int]:
    """List the questions that there are lines about."""
    rows = sqlite3.connect(file).execute("SELECT id FROM audit ORDER BY id").fetchall()
    return [number for (number,) in rows]
