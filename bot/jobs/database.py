"""One SQLite file, reached from a thread of its own: changes are gathered and written together."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from bot.errors import OperatorError

T = TypeVar("T")
MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST_VERSION = max(int(script.name.split("_")[0]) for script in MIGRATIONS.glob("*.sql"))
LOCK_SECONDS = 0.5
"""Longest wait for another process's lock; the asker waits with us."""
log = logging.getLogger(__name__)

Failure = sqlite3.Error | None
Written = asyncio.Future[Failure]
"""Done when something is committed, or with what the disk said."""


@dataclass(eq=False, slots=True)
class Change:
    """Statements that belong together, and the future that says how they turned out."""

    statements: tuple[str, ...]
    values: Mapping[str, Any]
    done: Written
    ends: bool
    """It takes words away; where it fails, it is tried again with the next one."""
    rows: int = 0
    """That the first statement has changed."""


class Database:
    """Reads, and writes what comes while the disk is at work in one go, in the order it came in."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "store")
        self._connection: sqlite3.Connection
        self._waiting: list[Change] = []
        self._writer: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the file of an earlier run, or a new one; a damaged one is set aside.

        Raises OperatorError for a file of a newer version, sqlite3.Error or OSError for one that
        cannot be used.
        """
        database = cls()
        database._connection = await database._in_thread(_open, path)
        return database

    async def read(self, statement: str, **values: Any) -> list[sqlite3.Row]:
        """Return the rows that a statement finds. Raises sqlite3.Error."""
        return await self._in_thread(_read, self._connection, statement, values)

    def write(self, *statements: str, ends: bool = False, **values: Any) -> Change:
        """Begin to write a change; nobody need wait until it is done."""
        done: Written = asyncio.get_running_loop().create_future()
        change = Change(statements, values, done, ends)
        self._waiting.append(change)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_all())
        return change

    async def written(self) -> None:
        """Wait until nothing waits for the disk."""
        if self._writer:
            await self._writer

    async def close(self) -> None:
        """Close the file, with all that was written."""
        await self.written()
        await self._in_thread(self._connection.close)

    async def _in_thread(self, work: Callable[..., T], *args: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)

    async def _write_all(self) -> None:
        again: list[Change] = []
        try:
            while self._waiting:
                changes, self._waiting = self._waiting, []
                failure = await self._in_thread(_write, self._connection, changes)
                for change in changes:
                    if not change.done.done():  # nobody has ceased to wait for it
                        change.done.set_result(failure)
                again += [change for change in changes if failure and change.ends]
        finally:
            self._waiting, self._writer = again + self._waiting, None


def _read(
    connection: sqlite3.Connection, statement: str, values: Mapping[str, Any]
) -> list[sqlite3.Row]:
    return connection.execute(statement, values).fetchall()


def _write(connection: sqlite3.Connection, changes: list[Change]) -> Failure:
    """Write changes in one transaction, or none of them."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        for change in changes:
            first, *more = change.statements
            change.rows = connection.execute(first, change.values).rowcount
            for statement in more:
                connection.execute(statement, change.values)
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        log.error("What has changed cannot be kept: %s", error)  # noqa: TRY400
        with suppress(sqlite3.Error):  # closed meanwhile
            connection.rollback()
        return error
    if any(change.ends for change in changes):
        _wipe(connection)
    return None


def _wipe(connection: sqlite3.Connection) -> None:
    """Take what was answered out of the log too, which still has the words."""
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        log.warning("What was answered stays in the log for now: %s", error)


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return _prepared(path)
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:  # its kinds stand for what may pass
            raise
        _set_aside(path, error)
        return _prepared(path)


def _set_aside(path: Path, error: sqlite3.DatabaseError) -> None:
    """Rename a damaged file, which no connection has open."""
    aside = path.with_name(f"{path.name}.damaged-{time.time():.0f}")
    for suffix in ("-wal", "-shm"):  # they belong to the damaged file alone
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.rename(aside)
    log.error("The job store is damaged (%s); it is set aside as %s.", error, aside.name)


def _prepared(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=LOCK_SECONDS)
    try:
        path.chmod(0o600)
        connection.row_factory = sqlite3.Row
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # a power cut loses no accepted question
        "secure_delete = ON",  # what is deleted is gone from the file
    ):
        connection.execute(f"PRAGMA {pragma}")
    (health,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if health != "ok":
        raise sqlite3.DatabaseError(health)
    _migrate(connection)


def _migrate(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    scripts = {int(script.name.split("_")[0]): script for script in MIGRATIONS.glob("*.sql")}
    if version > NEWEST_VERSION:
        raise OperatorError(
            f"The job store in the folder BOT_DATA was written by a newer version of the bot "
            f"(its format is {version}, this one's {NEWEST_VERSION}): update the bot."
        )
    for number in sorted(number for number in scripts if number > version):
        steps = scripts[number].read_text(encoding="utf-8")
        connection.executescript(f"BEGIN; {steps}; PRAGMA user_version = {number}; COMMIT;")
