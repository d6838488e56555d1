"""What is accepted is on disk, and what is answered is gone from it."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bot.jobs.spool import Spool
from bot.jobs.store import MIGRATIONS, Store
from tests.bot.jobs.examples import job


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "jobs.sqlite3"


def test_an_accepted_job_is_there_after_a_crash(file: Path) -> None:
    Store(file).add(job(1))  # never closed
    assert Store(file).jobs() == [job(1)]


def test_a_message_that_is_replayed_is_accepted_once(file: Path) -> None:
    store = Store(file)
    assert store.add(job(1))
    assert not store.add(job(1))
    assert store.jobs() == [job(1)]


def test_the_id_of_the_answer_is_remembered(file: Path) -> None:
    store = Store(file)
    store.add(job(1))
    store.update(replace(job(1), message_id=5, wants_thread=True, private=True, token=None))
    (found,) = Store(file).jobs()
    assert found == replace(job(1), message_id=5, wants_thread=True, private=True, token=None)


def test_nothing_of_an_answered_job_stays_in_the_file(file: Path) -> None:
    store = Store(file)
    store.add(replace(job(1), question="my very secret question"))
    store.remove(1)
    store.close()
    assert store_bytes(file).count(b"very secret") == 0


def test_facts_last_over_a_restart(file: Path) -> None:
    Store(file).remember("commands", "abc")
    assert Store(file).recall("commands") == "abc"
    assert Store(file).recall("weather") is None


def test_a_damaged_file_is_set_aside_and_work_goes_on(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"no database at all" * 100)
    store = Store(file)
    store.add(job(1))
    assert store.jobs() == [job(1)]
    (aside,) = file.parent.glob("*.damaged-*")
    assert aside.read_bytes().startswith(b"no database")


def test_the_schema_is_that_of_the_last_migration(file: Path) -> None:
    Store(file).close()
    (version,) = sqlite3.connect(file).execute("PRAGMA user_version").fetchone()
    assert version == len(list(MIGRATIONS.glob("*.sql")))


def test_only_the_owner_of_the_process_can_read_what_people_asked(file: Path) -> None:
    Store(file).add(job(1))
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


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


def store_bytes(file: Path) -> bytes:
    return b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
