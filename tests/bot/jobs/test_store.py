"""What is accepted is on disk, and what is answered is gone from it."""

import asyncio
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.catch_up import WINDOW
from bot.jobs.spool import Spool
from bot.jobs.store import MIGRATIONS, MOMENT, Count, Store
from tests.bot.jobs.examples import job

NOON = 1_300_000_000_000_000_000
SECOND = 1000 << 22
"""Between Discord's ids, which tell the time."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "jobs.sqlite3"


async def test_an_accepted_job_is_there_after_a_crash(file: Path) -> None:
    await Store(file).add(job(1))  # never closed
    assert Store(file).jobs() == [job(1)]


async def test_a_message_that_is_replayed_is_accepted_once(file: Path) -> None:
    store = Store(file)
    assert await store.add(job(1))
    assert not await store.add(job(1))
    assert store.jobs() == [job(1)]


async def test_however_much_is_asked_nothing_is_taken_twice_for_two_hours(file: Path) -> None:
    two_hours = 2 * int(WINDOW.total_seconds()) * SECOND  # so a look back of one is safe
    store = Store(file)
    numbers = [NOON + number * SECOND for number in range(1000)]
    await asyncio.gather(*(store.add(job(number)) for number in numbers))
    for number in numbers:  # each goes on in a thread, which has the question's id
        store.update(replace(job(number), channel_id=number))
    assert not await store.add(job(NOON))

    await store.add(job(NOON + two_hours))
    assert store.has_heard(NOON)
    await store.add(job(NOON + two_hours + SECOND))
    assert not store.has_heard(NOON)
    assert store.has_heard(NOON + SECOND)


async def test_what_changes_is_kept_with_the_next_question_at_the_latest(file: Path) -> None:
    store = Store(file)
    await store.add(job(1))
    store.update(replace(job(1), message_id=5))
    await store.add(job(2))
    assert Store(file).jobs() == [replace(job(1), message_id=5), job(2)]


async def test_the_id_of_the_answer_is_remembered(file: Path) -> None:
    store = Store(file)
    await store.add(job(1))
    store.update(replace(job(1), message_id=5, wants_thread=True, private=True, token=None))
    await moment()
    (found,) = Store(file).jobs()
    assert found == replace(job(1), message_id=5, wants_thread=True, private=True, token=None)


async def test_nothing_of_an_answered_job_stays_in_the_file(file: Path) -> None:
    store = Store(file)
    await store.add(replace(job(1), question="my very secret question"))
    store.end(1, "answered")
    store.close()
    assert store_bytes(file).count(b"very secret") == 0


async def test_a_job_is_counted_once_when_it_ends(file: Path) -> None:
    store = Store(file)
    for number in (1, 2, 3):
        await store.add(job(number))
    for number, outcome in ((1, "answered"), (1, "answered"), (2, "answered"), (3, "cancelled")):
        store.end(number, outcome)
        await moment()
    assert Store(file).counts() == [
        Count("describe", "answered", today=2, week=2, quarter=2),
        Count("describe", "cancelled", today=1, week=1, quarter=1),
    ]


async def test_a_job_counts_at_the_moment_when_it_ends(file: Path) -> None:
    store = Store(file)
    await store.add(job(1))
    store.end(1, "answered")
    assert [count.today for count in store.counts()] == [1]


def test_counts_go_after_ninety_days(file: Path) -> None:
    store = Store(file)
    rows = [(days, f"{days} days ago") for days in (0, 6, 7, 90, 91)]
    with sqlite3.connect(file) as database:
        for days, outcome in reversed(rows):
            database.execute(
                "INSERT INTO counter VALUES (date('now', ?), 'ocr', ?, 1)",
                (f"-{days} days", outcome),
            )
    counted = {count.outcome: (count.today, count.week) for count in store.counts()}
    assert counted == {
        "0 days ago": (1, 1),
        "6 days ago": (0, 1),
        "7 days ago": (0, 0),
        "90 days ago": (0, 0),
    }


def test_facts_last_over_a_restart(file: Path) -> None:
    Store(file).remember("commands", "abc")
    assert Store(file).recall("commands") == "abc"
    assert Store(file).recall("weather") is None


async def test_a_damaged_file_is_set_aside_and_work_goes_on(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"no database at all" * 100)  # noqa: ASYNC240
    store = Store(file)
    await store.add(job(1))
    assert store.jobs() == [job(1)]
    (aside,) = file.parent.glob("*.damaged-*")
    assert aside.read_bytes().startswith(b"no database")


async def test_a_file_that_is_damaged_while_it_is_used_costs_no_question(file: Path) -> None:
    store = Store(file)
    await store.add(job(1))
    store.update(replace(job(1), message_id=5))
    await store.add(job(2))
    store.end(2, "answered")
    await moment()
    for part in file.parent.iterdir():
        part.write_bytes(bytes(part.stat().st_size))
    await store.add(job(3))

    crashed = file.parent.with_name("crashed")
    shutil.copytree(file.parent, crashed)
    assert Store(crashed / file.name).jobs() == [replace(job(1), message_id=5), job(3)]
    assert len(list(file.parent.glob("*.damaged-*"))) == 1


async def test_questions_that_come_together_are_accepted_together_or_not_at_all(
    file: Path,
) -> None:
    store, other = Store(file), sqlite3.connect(file)
    asked = [asyncio.create_task(store.add(job(number))) for number in (1, 2, 2)]
    assert await asyncio.gather(*asked) == [True, True, False]
    assert other.execute("SELECT count(*) FROM job").fetchone() == (2,)

    other.execute("BEGIN EXCLUSIVE")
    asked = [asyncio.create_task(store.add(job(number))) for number in (3, 4)]
    failures = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(failure) for failure in failures] == [sqlite3.OperationalError] * 2
    other.execute("ROLLBACK")
    assert store.jobs() == [job(1), job(2)]


def test_the_schema_is_that_of_the_last_migration(file: Path) -> None:
    Store(file).close()
    (version,) = sqlite3.connect(file).execute("PRAGMA user_version").fetchone()
    assert version == len(list(MIGRATIONS.glob("*.sql")))


async def test_only_the_owner_of_the_process_can_read_what_people_asked(file: Path) -> None:
    await Store(file).add(job(1))
    for path in (file, file.parent):
        assert path.stat().st_mode & 0o077 == 0


def test_a_picture_is_kept_until_its_job_is_answered(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.keep(1, 0, b"first")
    spool.keep(1, 1, b"second")
    spool.keep(2, 0, b"other")
    assert spool.has(1, 1)
    assert Spool(tmp_path / "spool").read(1, 1) == b"second"
    spool.remove(1)
    assert not spool.has(1, 0)
    assert spool.read(2, 0) == b"other"


def test_pictures_that_a_crash_left_behind_are_deleted(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.keep(1, 0, b"left")
    spool.keep(2, 0, b"wanted")
    spool.keep_only({2})
    assert not spool.has(1, 0)
    assert spool.has(2, 0)


async def moment() -> None:
    """Let the moment pass after which what was written is committed."""
    await asyncio.sleep(2 * MOMENT)


def store_bytes(file: Path) -> bytes:
    return b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
