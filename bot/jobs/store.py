"""The jobs on disk: one SQLite file, so that a crash or restart loses no question."""

import asyncio
import json
import logging
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.jobs.job import Job

MIGRATIONS = Path(__file__).parent / "migrations"
MOMENT = 0.05
"""Seconds that a change may wait for others; a crash would make us look for what it says."""
LOCK_SECONDS = 0.5
"""Longest wait for another process's lock; the event loop waits with us."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Count:
    """How many questions of a task ended so: today, in seven days, in ninety (UTC)."""

    task: str
    outcome: str
    today: int
    week: int
    quarter: int


class Store:
    """Every accepted job until it is answered.

    To wait for the disk costs as much for a hundred jobs as for one. So what is accepted in one
    turn of the event loop is committed together at its end, and with it whatever else was
    written; that alone is committed a moment later. A damaged file is set aside, and a new one
    begun with the jobs that are known. Each method raises sqlite3.OperationalError while the disk
    is full or the file is locked.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = path
        self._known: dict[int, Job] = {}
        self._ended: dict[int, str] = {}
        """The jobs that are still to be forgotten, with their outcomes."""
        self._turn: asyncio.Future[sqlite3.Error | None] | None = None
        """How the commit of what is being written turns out."""
        self._timer: asyncio.TimerHandle
        self._is_pressing = False
        """The commit waits for no more than the end of this turn."""
        self._is_open = True
        """There is no open file between a damaged one and the first chance to begin another."""
        try:
            self._connection = _open(path)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            _set_aside(path, error)
            self._connection = _open(path)

    async def add(self, job: Job) -> bool:
        """Accept a job, which is committed when this returns; False if it was heard before."""
        turn = self._begin()
        if not self._is_pressing:
            self._is_pressing = True
            asyncio.get_running_loop().call_soon(self._commit)
        if not self._insert(job):
            return False
        self._known[job.id] = job
        if error := await asyncio.shield(turn):
            del self._known[job.id]
            raise error
        return True

    def hear(self, message_id: int, channel_id: int) -> bool:
        """Note a message that is not accepted; False if it was heard before."""
        if self.has_heard(message_id):
            return False
        self._begin()
        self._execute("INSERT INTO heard VALUES (?, ?)", (message_id, channel_id))
        return True

    def has_heard(self, message_id: int) -> bool:
        """Tell whether a message was accepted or declined, as far as is remembered."""
        rows = self._execute("SELECT 1 FROM heard WHERE id = ?", (message_id,))
        return rows.fetchone() is not None

    def places_since(self, snowflake: int, most: int) -> list[int]:
        """List the channels and threads where anything was heard since then, the newest first."""
        rows = self._execute(
            "SELECT channel_id FROM heard WHERE id >= ? GROUP BY channel_id "
            "ORDER BY max(id) DESC LIMIT ?",
            (snowflake, most),
        )
        return [channel_id for (channel_id,) in rows]

    def update(self, job: Job) -> None:
        """Write what has changed about a job, such as the id of its answer."""
        self._begin()
        self._known[job.id] = job
        columns = _row(job)
        changes = ", ".join(f"{name} = :{name}" for name in columns)
        self._execute(f"UPDATE job SET {changes} WHERE id = :id", {**columns, "id": job.id})

    def end(self, job_id: int, outcome: str) -> None:
        """Forget a job and count it: it is answered, or its asker has been told why not.

        Where that fails, the job is forgotten with the next one.
        """
        self._known.pop(job_id, None)
        self._ended[job_id] = outcome
        self._begin()

    def jobs(self) -> list[Job]:
        """List the accepted jobs that are not answered, oldest first."""
        rows = self._execute("SELECT * FROM job ORDER BY id")
        names = [column[0] for column in rows.description]
        jobs = [_job(dict(zip(names, row, strict=True))) for row in rows]
        self._known = {job.id: job for job in jobs if job.id not in self._ended}
        return list(self._known.values())

    def note(self, job: Job, outcome: str, ended: int) -> None:
        """Write a line of the audit trail; the time is in seconds since 1970."""
        self._begin()
        self._execute(
            "REPLACE INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)",
            (job.id, job.asker_id, job.task, job.guild_id, job.channel_id, outcome, ended),
        )

    def forget_before(self, time: int) -> None:
        """Delete the older lines of the audit trail."""
        self._execute("DELETE FROM audit WHERE ended < ?", (time,))

    def forget(self, person: int) -> int:
        """Delete a person's lines of the audit trail, and tell how many there were."""
        return self._execute("DELETE FROM audit WHERE asker_id = ?", (person,)).rowcount

    def counts(self) -> list[Count]:
        """Count what was asked and how it ended, by task and the most frequent first."""
        self._commit()  # what has ended a moment ago counts
        rows = self._execute(
            "SELECT task, outcome, total(count) FILTER (WHERE day = date('now')), "
            "total(count) FILTER (WHERE day > date('now', '-7 days')), total(count) FROM counter "
            "GROUP BY task, outcome ORDER BY task, total(count) DESC"
        )
        return [Count(task, outcome, *map(int, numbers)) for task, outcome, *numbers in rows]

    def remember(self, name: str, value: str) -> None:
        """Keep a fact about the bot itself over restarts."""
        self._execute("REPLACE INTO fact (name, value) VALUES (?, ?)", (name, value))

    def recall(self, name: str) -> str | None:
        """Return a fact that was remembered."""
        row = self._execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def close(self) -> None:
        """Close the file, with all that was written."""
        self._commit()
        self._connection.close()

    def _begin(self) -> "asyncio.Future[sqlite3.Error | None]":
        """Begin what is committed together, in a moment at the latest."""
        if self._turn is None:
            self._execute("BEGIN IMMEDIATE")
            loop = asyncio.get_running_loop()
            self._turn = loop.create_future()
            self._timer = loop.call_later(MOMENT, self._commit)
        return self._turn

    def _commit(self) -> None:
        if (turn := self._turn) is None:
            return
        self._timer.cancel()
        failure = None
        try:
            for ended in list(self._ended.items()):
                self._execute("INSERT INTO ended VALUES (?, ?)", ended)
            self._execute("COMMIT")
        except sqlite3.Error as error:
            log.exception("What has changed cannot be kept.")
            failure = error
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        self._turn, self._is_pressing = None, False
        turn.set_result(failure)
        if self._ended and not failure:
            self._ended.clear()
            self._wipe()

    def _wipe(self) -> None:
        """Take what was answered out of the log too, which still has the words."""
        try:
            self._execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error:
            log.exception("What was answered stays in the log for now.")

    def _insert(self, job: Job) -> bool:
        columns = {**_row(job), "id": job.id}
        names, marks = ", ".join(columns), ", ".join(f":{name}" for name in columns)
        cursor = self._execute(
            f"INSERT INTO job ({names}) SELECT {marks} "
            "WHERE NOT EXISTS (SELECT 1 FROM heard WHERE id = :id)",
            columns,
        )
        return cursor.rowcount == 1

    def _execute(self, statement: str, values: Any = ()) -> sqlite3.Cursor:
        try:
            return self._connection.execute(statement, values)
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)
        return self._connection.execute(statement, values)

    def _begin_anew(self, error: sqlite3.DatabaseError) -> None:
        """Set the file aside if it is damaged; raises any other error.

        Where no new one can be begun, as on a full disk, the next statement tries it again.
        """
        if _is_damage(error):
            self._connection.close()  # at its end it deletes the log, by name
            self._is_open = False
            _set_aside(self._path, error)
        elif self._is_open:
            raise error
        self._connection = _open(self._path)
        self._is_open = True
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for job in self._known.values():
                self._insert(job)
            if self._turn is None:
                self._connection.execute("COMMIT")
        except sqlite3.Error:
            self._connection.close()
            self._is_open = False
            raise


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return type(error) is sqlite3.DatabaseError  # its kinds stand for what may pass


def _set_aside(path: Path, error: sqlite3.DatabaseError) -> None:
    """Rename a damaged file, which no connection has open."""
    aside = path.with_name(f"{path.name}.damaged-{time.time():.0f}")
    for suffix in ("-wal", "-shm"):  # they belong to the damaged file alone
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.rename(aside)
    log.error("The job store is damaged (%s); it is set aside as %s.", error, aside.name)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=LOCK_SECONDS)
    try:
        path.chmod(0o600)
        _prepare(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # a power cut loses no accepted question
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is gone from the file
    (health,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if health != "ok":
        raise sqlite3.DatabaseError(health)
    _migrate(connection)


def _migrate(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for script in sorted(MIGRATIONS.glob("*.sql")):
        number = int(script.name.split("_")[0])
        if number > version:
            steps = script.read_text(encoding="utf-8")
            connection.executescript(f"BEGIN; {steps}; PRAGMA user_version = {number}; COMMIT;")


def _row(job: Job) -> dict[str, Any]:
    return {
        "task": job.task,
        "question": job.question,
        "locale": job.locale,
        "asker_id": job.asker_id,
        "guild_id": job.guild_id,
        "channel_id": job.channel_id,
        "links": json.dumps(job.links),
        "token": job.token,
        "private": job.private,
        "wants_thread": job.wants_thread,
        "spoiler": job.spoiler,
        "message_id": job.message_id,
    }


def _job(row: dict[str, Any]) -> Job:
    return Job(
        **{
            **row,
            "links": tuple(json.loads(row["links"])),
            "private": bool(row["private"]),
            "wants_thread": bool(row["wants_thread"]),
            "spoiler": bool(row["spoiler"]),
        }
    )
