"""The jobs on disk: one SQLite file, so that a crash or restart loses no question."""

import json
import logging
import sqlite3
import time
from pathlib import Path
from typing import Any

from bot.jobs.job import Job

MIGRATIONS = Path(__file__).parent / "migrations"
log = logging.getLogger(__name__)


class Store:
    """Every accepted job until it is answered. Each write is committed when it returns."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._connection = _open(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            aside = path.with_name(f"{path.name}.damaged-{time.time():.0f}")
            path.rename(aside)
            log.warning("The job store is damaged (%s); it is set aside as %s.", error, aside.name)
            self._connection = _open(path)

    def add(self, job: Job) -> bool:
        """Accept a job; False if it was accepted before."""
        columns = {**_row(job), "id": job.id}
        names, marks = ", ".join(columns), ", ".join(f":{name}" for name in columns)
        cursor = self._connection.execute(
            f"INSERT OR IGNORE INTO job ({names}) VALUES ({marks})", columns
        )
        return cursor.rowcount == 1

    def update(self, job: Job) -> None:
        """Write what has changed about a job, such as the id of its answer."""
        columns = _row(job)
        changes = ", ".join(f"{name} = :{name}" for name in columns)
        self._connection.execute(
            f"UPDATE job SET {changes} WHERE id = :id", {**columns, "id": job.id}
        )

    def remove(self, job_id: int) -> None:
        """Forget a job: it is answered, or its asker has been told why not."""
        self._connection.execute("DELETE FROM job WHERE id = ?", (job_id,))

    def jobs(self) -> list[Job]:
        """List the accepted jobs that are not answered, oldest first."""
        rows = self._connection.execute("SELECT * FROM job ORDER BY id")
        names = [column[0] for column in rows.description]
        return [_job(dict(zip(names, row, strict=True))) for row in rows]

    def remember(self, name: str, value: str) -> None:
        """Keep a fact about the bot itself over restarts."""
        self._connection.execute("REPLACE INTO fact (name, value) VALUES (?, ?)", (name, value))

    def recall(self, name: str) -> str | None:
        """Return a fact that was remembered."""
        row = self._connection.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    path.chmod(0o600)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # a power cut loses no accepted question
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is gone from the file
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
        "message_id": job.message_id,
    }


def _job(row: dict[str, Any]) -> Job:
    return Job(
        **{
            **row,
            "links": tuple(json.loads(row["links"])),
            "private": bool(row["private"]),
            "wants_thread": bool(row["wants_thread"]),
        }
    )
