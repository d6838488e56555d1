"""What is accepted is on disk, and what is answered is gone from it."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import OperatorError
from bot.jobs.database import MIGRATIONS
from bot.jobs.job import Job
from bot.jobs.spool import Spool
from bot.jobs.store import Count, Store
from tests.bot.jobs.examples import job

SECOND = 1000 << 22
"""Between Discord's ids, which tell the time."""
NOON = 1_300_000_000_000_000_000

Open = Callable[[], Awaitable[Store]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "jobs.sqlite3"


@pytest.fixture
async def opened(file: Path) -> AsyncIterator[Open]:
    """Open the store, as often as a bot does that is killed; at the end all are closed."""
    stores = []

    async def opened() -> Store:
        stores.append(await Store.open(file))
        return stores[-1]

    yield opened
    for store in stores:
        await store.close()


async def test_an_accepted_job_is_there_after_a_crash(opened: Open) -> None:
    await (await opened()).add(job(1))  # never closed
    assert await (await opened()).jobs() == [job(1)]


async def test_each_field_of_a_job_is_kept(opened: Open) -> None:
    whole = Job(
        id=1,
        asker_id=2,
        channel_id=3,
        message_id=4,
        attempts=1,
        task="compare",
        question="Which is older?",
        locale="pt-BR",
        guild_id=5,
        asked_in=6,
        links=("https://cdn.discordapp.com/a.png", "https://cdn.discordapp.com/b.png"),
        left_out=2,
        token="token",
        private=True,
        wants_thread=True,
        may_reply=False,
        may_attach=False,
        spoiler=True,
        age_restricted=True,
        more_ids=(7, 8),
    )
    await (await opened()).add(whole)
    assert await (await opened()).jobs() == [whole]


async def test_a_message_that_is_replayed_is_accepted_once(opened: Open) -> None:
    store = await opened()
    assert await store.add(job(1))
    assert not await store.add(job(1))
    assert await store.jobs() == [job(1)]
    await store.end(job(1), "answered")
    assert not await store.add(job(1))


async def test_nothing_is_taken_twice_for_two_hours(opened: Open) -> None:
    store = await opened()
    for number in (NOON, NOON + SECOND):
        await store.hear(number)
    await store.seen_until(NOON + 7200 * SECOND)
    assert store.has_heard(NOON)
    await store.seen_until(NOON + 7201 * SECOND)
    assert not store.has_heard(NOON)
    assert store.has_heard(NOON + SECOND)


async def test_what_changes_is_kept_with_the_next_question_at_the_latest(opened: Open) -> None:
    store = await opened()
    await store.add(job(1))
    store.update(replace(job(1), message_id=5))
    await store.add(job(2))
    assert await (await opened()).jobs() == [replace(job(1), message_id=5), job(2)]


async def test_nothing_of_an_answered_job_stays_in_the_file(opened: Open, file: Path) -> None:
    store = await opened()
    secret = replace(job(1), question="my very secret question")
    await store.add(secret)
    await store.end(secret, "answered")
    await store.close()
    assert store_bytes(file).count(b"very secret") == 0


async def test_a_job_is_counted_once_when_it_ends(opened: Open) -> None:
    store = await opened()
    for number in (1, 2, 3):
        await store.add(job(number))
    for number, outcome in ((1, "answered"), (1, "answered"), (2, "answered"), (3, "cancelled")):
        store.end(job(number), outcome)
    assert await store.counts() == [
        Count("describe", "answered", today=2, week=2, quarter=2),
        Count("describe", "cancelled", today=1, week=1, quarter=1),
    ]


async def test_counts_go_after_ninety_days(opened: Open, file: Path) -> None:
    store = await opened()
    with sqlite3.connect(file) as database:
        for days in (0, 6, 7, 90, 91):
            database.execute(
                "INSERT INTO counter VALUES (date('now', ?), 'ocr', ?, 1)",
                (f"-{days} days", f"{days} days ago"),
            )
    database.close()
    counted = {count.outcome: (count.today, count.week) for count in await store.counts()}
    assert counted == {
        "0 days ago": (1, 1),
        "6 days ago": (0, 1),
        "7 days ago": (0, 0),
        "90 days ago": (0, 0),
    }


async def test_facts_last_over_a_restart_until_they_are_forgotten(opened: Open) -> None:
    store = await opened()
    await store.remember("weather", "fine")
    assert (await opened()).recall("weather") == "fine"
    await store.remember("weather", None)
    assert (await opened()).recall("weather") is None


async def test_who_is_forgotten_has_had_no_conversation(opened: Open) -> None:
    store = await opened()
    for channel, person, message in ((11, 1, 5), (12, 2, 6), (11, 1, 7)):
        await store.converse(channel, person, message)
    assert await store.conversations(9) == [11, 12]
    await store.forget(1)
    assert await store.conversations(9) == [12]


async def test_a_damaged_file_is_set_aside_and_work_goes_on(opened: Open, file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"no database at all" * 100)  # noqa: ASYNC240
    store = await opened()
    await store.add(job(1))
    assert await store.jobs() == [job(1)]
    (aside,) = file.parent.glob("*.damaged-*")
    assert aside.read_bytes().startswith(b"no database")


async def test_questions_that_come_together_are_accepted_together_or_not_at_all(
    opened: Open, file: Path
) -> None:
    store, other = await opened(), sqlite3.connect(file)
    asked = [asyncio.create_task(store.add(job(number))) for number in (1, 2, 2)]
    assert await asyncio.gather(*asked) == [True, True, False]
    assert other.execute("SELECT count(*) FROM job").fetchone() == (2,)

    other.execute("BEGIN EXCLUSIVE")
    asked = [asyncio.create_task(store.add(job(number))) for number in (3, 4)]
    failures = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(failure) for failure in failures] == [sqlite3.OperationalError] * 2
    other.execute("ROLLBACK")
    other.close()
    assert await store.jobs() == [job(1), job(2)]


async def test_the_event_loop_goes_on_while_the_disk_is_waited_for(
    opened: Open, file: Path
) -> None:
    store, other = await opened(), sqlite3.connect(file)
    other.execute("BEGIN EXCLUSIVE")
    adding = asyncio.create_task(store.add(job(1)))
    for _ in range(100):
        await asyncio.sleep(0)
    assert not adding.done()
    other.execute("ROLLBACK")
    other.close()
    assert await adding


async def test_what_is_over_and_cannot_be_deleted_goes_with_the_next_question(
    opened: Open, file: Path
) -> None:
    store, other = await opened(), sqlite3.connect(file)
    await store.add(job(1))
    other.execute("BEGIN EXCLUSIVE")
    assert isinstance(await store.end(job(1), "answered"), sqlite3.OperationalError)
    other.execute("ROLLBACK")
    other.close()
    await store.add(job(2))
    assert await store.jobs() == [job(2)]


async def test_a_store_of_a_newer_version_is_refused_in_one_sentence(
    opened: Open, file: Path
) -> None:
    await (await opened()).close()
    newest = len(list(MIGRATIONS.glob("*.sql")))
    with sqlite3.connect(file) as database:
        database.execute("ALTER TABLE job ADD COLUMN length TEXT")
        database.execute(f"PRAGMA user_version = {newest + 1}")
    database.close()
    with pytest.raises(OperatorError, match="written by a newer version of the bot"):
        await opened()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE job SET rest = json_set(rest, '$.detail', 'endless')",
        """INSERT INTO server VALUES (5, '{"mention": "by post"}')""",
    ],
)
async def test_so_is_one_with_a_choice_that_only_a_newer_version_has(
    change: str, opened: Open, file: Path
) -> None:
    store = await opened()
    await store.add(job(1))
    with sqlite3.connect(file) as database:
        database.execute(change)
    database.close()
    with pytest.raises(OperatorError, match="only a newer version of the bot understands"):
        await (await opened()).jobs()


@pytest.mark.parametrize("version", range(1, 7))
async def test_nothing_is_lost_of_a_store_of_any_earlier_version(
    version: int, opened: Open, file: Path
) -> None:
    file.parent.mkdir()
    old = {
        "id": NOON,
        "task": "ocr",
        "question": "",
        "locale": "de",
        "asker_id": 1,
        "guild_id": None,
        "channel_id": 77,
        "links": json.dumps(["https://cdn.discordapp.com/a.png"]),
        "token": "token",
        "private": 1,
        "wants_thread": 0,
        "message_id": 5,
    }
    with sqlite3.connect(file) as database:
        for script in sorted(MIGRATIONS.glob("*.sql"))[:version]:
            database.executescript(script.read_text())
        database.execute(f"PRAGMA user_version = {version}")
        marks = ", ".join(f":{name}" for name in old)
        database.execute(f"INSERT INTO job ({', '.join(old)}) VALUES ({marks})", old)
        database.execute("INSERT INTO fact VALUES ('seconds an answer of it takes', '2.50')")
        database.execute("INSERT INTO fact VALUES ('moderators:5', '7')")  # of a server, for ever
    database.close()

    store = await opened()
    assert await store.jobs() == [
        Job(
            id=NOON,
            asker_id=1,
            channel_id=77,
            message_id=5,
            task="ocr",
            question="",
            locale="de",
            links=("https://cdn.discordapp.com/a.png",),
            token="token",
            private=True,
        )
    ]
    assert store.recall("seconds an answer of it takes") == "2.50"
    assert store.recall("moderators:5") is None
    if version >= 2:
        assert store.has_heard(NOON)
        assert store.recall("seen_until") == str(NOON)


async def test_the_schema_is_that_of_the_last_migration(opened: Open, file: Path) -> None:
    await opened()
    (version,) = sqlite3.connect(file).execute("PRAGMA user_version").fetchone()
    assert version == len(list(MIGRATIONS.glob("*.sql")))


async def test_only_the_owner_of_the_process_can_read_what_people_asked(
    opened: Open, file: Path
) -> None:
    await (await opened()).add(job(1))
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


def store_bytes(file: Path) -> bytes:
    return b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
