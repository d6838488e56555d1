"""The jobs on disk: one SQLite file, so that a crash or restart loses no question."""

import json
import logging
import sqlite3
import time
from pathlib import Path
from typing import Any

from bot.jobs.job import Job

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK_SECONDS = 0.5
"""Longest wait for another process's lock; the event loop waits with us."""
log = logging.getLogger(__name__)


class Store:
    """Every accepted job until it is answered. Each write is committed when it returns.

    A damaged file is set aside, and a new one begun. Each method raises sqlite3.OperationalError
    while the disk is full or the file is locked.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = path
        self._answered: set[int] = set()
        try:
            self._connection = _open(path)
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)

    def add(self, job: Job) -> bool:
        """Accept a job; False if it was heard before."""
        columns = {**_row(job), "id": job.id}
        names, marks = ", ".join(columns), ", ".join(f":{name}" for name in columns)
        cursor = self._execute(
            f"INSERT INTO job ({names}) SELECT {marks} "
            "WHERE NOT EXISTS (SELECT 1 FROM heard WHERE id = :id)",
            columns,
        )
        return cursor.rowcount == 1

    def hear(self, message_id: int, channel_id: int) -> bool:
        """Note a message that is not accepted; False if it was heard before."""
        if self.has_heard(message_id):
            return False
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
        columns = _row(job)
        changes = ", ".join(f"{name} = :{name}" for name in columns)
        self._execute(f"UPDATE job SET {changes} WHERE id = :id", {**columns, "id": job.id})

    def remove(self, job_id: int) -> None:
        """Forget a job: it is answered, or its asker has been told why not.

        Where that fails, the job is forgotten with the next one.
        """
        self._answered.add(job_id)
        for answered in list(self._answered):
            self._execute("DELETE FROM job WHERE id = ?", (answered,))
            self._answered.discard(answered)
        self._execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log still has the words

    def jobs(self) -> list[Job]:
        """List the accepted jobs that are not answered, oldest first."""
        rows = self._execute("SELECT * FROM job ORDER BY id")
        names = [column[0] for column in rows.description]
        return [_job(dict(zip(names, row, strict=True))) for row in rows]

    def note(self, job: Job, outcome: str, ended: int) -> None:
        """Write a line of the audit trail; the time is in seconds since 1970."""
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

    def remember(self, name: str, value: str) -> None:
        """Keep a fact about the bot itself over restarts."""
        self._execute("REPLACE INTO fact (name, value) VALUES (?, ?)", (name, value))

    def recall(self, name: str) -> str | None:
        """Return a fact that was remembered."""
        row = self._execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _execute(self, statement: str, values: Any = ()) -> sqlite3.Cursor:
        try:
            return self._connection.execute(statement, values)
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)
        return self._connection.execute(statement, values)

    def _begin_anew(self, error: sqlite3.DatabaseError) -> None:
        """Set the file aside if it is damaged; raises any other error."""
        if type(error) is not sqlite3.DatabaseError:  # its kinds stand for what may pass
            raise error
        aside = self._path.with_name(f"{self._path.name}.damaged-{time.time():.0f}")
        for suffix in ("-wal", "-shm"):  # they belong to the damaged file alone
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._path.rename(aside)
        log.error("The job store is damaged (%s); it is set aside as %s.", error, aside.name)
        self._connection = _open(self._path)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=LOCK_SECONDS)
    path.chmod(0o600)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # a power cut loses no accepted question
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is gone from the file
    (health,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if health != "ok":
        raise sqlite3.DatabaseError(health)
    _migrate(connection)
    return connection


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
