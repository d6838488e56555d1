"""The jobs on disk: one SQLite file, so that a crash or restart loses no question."""

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.choices import NOTHING_CHOSEN, Choices
from bot.errors import OperatorError
from bot.jobs.database import Database, Written
from bot.jobs.job import Job

T = TypeVar("T")
HEARD_FOR = 2 * 3600 * 1000 << 22
"""Two hours, as the difference between two of Discord's ids."""
COLUMNS = frozenset({"id", "asker_id", "channel_id", "message_id", "attempts"})
"""Of a job; what else it has is JSON in one column."""
_JOB = TypeAdapter(Job)
_CHOICES = TypeAdapter(Choices)


@dataclass(frozen=True, slots=True)
class Count:
    """How many questions of a task ended so: today, in seven days, in ninety (UTC)."""

    task: str
    outcome: str
    today: int
    week: int
    quarter: int


class Store:
    """Every accepted job until it is answered, and the few facts that outlast the process.

    What a method returns can be awaited: None when it is committed, or what the disk said. Nobody
    need wait.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read, self._write = database.read, database.write
        self._facts: dict[str, str] = {}
        self._heard: set[int] = set()
        self._choices: dict[int, Choices] = {}
        self._left_alone: set[int] = set()

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the file of an earlier run, or a new one; a damaged one is set aside.

        Raises OperatorError for a file of a newer version, sqlite3.Error or OSError for one that
        cannot be used.
        """
        store = cls(await Database.open(path))
        try:
            await store._learn()
        except BaseException:
            await store.close()
            raise
        return store

    async def _learn(self) -> None:
        rows = await self._read("SELECT name, value FROM fact")
        self._facts = dict(tuple(row) for row in rows)
        self._heard = {id_ for (id_,) in await self._read("SELECT id FROM heard")}
        chosen = await self._read("SELECT id, choices FROM server")
        self._choices = {server: _understood(_CHOICES, json.loads(text)) for server, text in chosen}
        people = await self._read("SELECT person_id FROM left_alone")
        self._left_alone = {person for (person,) in people}

    async def add(self, job: Job) -> bool:
        """Accept a job, which is committed when this returns; False if it was heard before.

        Raises sqlite3.Error where it cannot be kept.
        """
        columns = _row(job)
        names, marks = ", ".join(columns), ", ".join(f":{name}" for name in columns)
        change = self._write(
            f"INSERT INTO job ({names}) SELECT {marks} "
            "WHERE NOT EXISTS (SELECT 1 FROM heard WHERE id = :id)",
            "INSERT OR IGNORE INTO heard VALUES (:id)",
            **columns,
        )
        if failure := await change.done:
            raise failure
        self._heard.add(job.id)
        return change.rows == 1

    def update(self, job: Job) -> Written:
        """Write what has changed about a job, such as the id of its answer."""
        columns = _row(job)
        changes = ", ".join(f"{name} = :{name}" for name in columns)
        return self._write(f"UPDATE job SET {changes} WHERE id = :id", **columns).done

    def end(self, job: Job, outcome: str) -> Written:
        """Forget a job and count it: it is answered, or its asker is told why not."""
        return self._write(
            "INSERT INTO counter SELECT date('now'), :task, :outcome, 1 FROM job WHERE id = :id "
            "ON CONFLICT DO UPDATE SET count = count + 1",
            "DELETE FROM job WHERE id = :id",
            "DELETE FROM counter WHERE day < date('now', '-90 days')",
            ends=True,
            id=job.id,
            task=job.task,
            outcome=outcome,
        ).done

    async def jobs(self) -> list[Job]:
        """List the accepted jobs that are not answered, oldest first. Raises OperatorError."""
        rows = await self._read(
            f"SELECT rest, {', '.join(sorted(COLUMNS))} FROM job ORDER BY id",
        )
        return [_job(row) for row in rows]

    def hear(self, message_id: int) -> Written:
        """Note a message that is decided, whatever was said to it."""
        self._heard.add(message_id)
        return self._write("INSERT OR IGNORE INTO heard VALUES (:id)", id=message_id).done

    def unhear(self, message_id: int) -> Written:
        """Note that a message is to be decided anew."""
        self._heard.discard(message_id)
        return self._write("DELETE FROM heard WHERE id = :id", id=message_id).done

    def has_heard(self, message_id: int) -> bool:
        """Tell whether a message is decided, as far as is remembered."""
        return message_id in self._heard

    def seen_until(self, snowflake: int) -> Written:
        """Note that whatever was said before this id is decided."""
        self._facts["seen_until"] = str(snowflake)
        oldest = snowflake - HEARD_FOR
        self._heard = {each for each in self._heard if each >= oldest}
        return self._write(
            "REPLACE INTO fact VALUES ('seen_until', :snowflake)",
            "DELETE FROM heard WHERE id < :oldest",
            snowflake=str(snowflake),
            oldest=oldest,
        ).done

    def converse(self, channel_id: int, person: int, message_id: int) -> Written:
        """Note a private conversation, in which Discord tells of no gap."""
        return self._write(
            "REPLACE INTO conversation VALUES (:channel, :person, :message)",
            channel=channel_id,
            person=person,
            message=message_id,
        ).done

    async def conversations(self, most: int) -> list[int]:
        """List the private conversations in which somebody has written last."""
        rows = await self._read(
            "SELECT channel_id FROM conversation ORDER BY last_id DESC LIMIT :most", most=most
        )
        return [row["channel_id"] for row in rows]

    def forget(self, person: int) -> Written:
        """Forget what names a person, open questions apart."""
        return self._write(
            "DELETE FROM conversation WHERE person_id = :person", ends=True, person=person
        ).done

    async def counts(self) -> list[Count]:
        """Count what was asked and how it ended, by task and the most frequent first."""
        await self._database.written()  # what has ended a moment ago counts
        rows = await self._read(
            "SELECT task, outcome, total(count) FILTER (WHERE day = date('now')) AS today, "
            "total(count) FILTER (WHERE day > date('now', '-7 days')) AS week, "
            "total(count) AS quarter FROM counter WHERE day >= date('now', '-90 days') "
            "GROUP BY task, outcome ORDER BY task, total(count) DESC"
        )
        return [Count(task, outcome, *map(int, numbers)) for task, outcome, *numbers in rows]

    def remember(self, name: str, value: str | None) -> Written:
        """Keep a fact about the bot itself over restarts; None forgets it."""
        if value is None:
            self._facts.pop(name, None)
            return self._write("DELETE FROM fact WHERE name = :name", name=name).done
        self._facts[name] = value
        return self._write("REPLACE INTO fact VALUES (:name, :value)", name=name, value=value).done

    def recall(self, name: str) -> str | None:
        """Return a fact that was remembered."""
        return self._facts.get(name)

    def choose(self, server: int, choices: Choices | None) -> Written:
        """Keep what a server has chosen; None forgets it."""
        if choices is None:
            self._choices.pop(server, None)
            return self._write("DELETE FROM server WHERE id = :id", id=server).done
        self._choices[server] = choices
        text = _CHOICES.dump_json(choices).decode()
        return self._write("REPLACE INTO server VALUES (:id, :text)", id=server, text=text).done

    def choices(self, server: int | None) -> Choices:
        """Tell what a server has chosen; elsewhere nobody has chosen anything."""
        return self._choices.get(server or 0, NOTHING_CHOSEN)

    def forget_servers(self, joined: Collection[int]) -> None:
        """Forget what servers have chosen that we are no member of."""
        for server in self._choices.keys() - joined:
            self.choose(server, None)

    def leave_alone(self, person: int, *, wished: bool) -> Written:
        """Note, or no more, that somebody's pictures are not to be described unasked."""
        if wished:
            self._left_alone.add(person)
            statement = "INSERT OR IGNORE INTO left_alone VALUES (:person)"
        else:
            self._left_alone.discard(person)
            statement = "DELETE FROM left_alone WHERE person_id = :person"
        return self._write(statement, person=person).done

    def leaves_alone(self, person: int) -> bool:
        """Tell whether somebody's pictures are not to be described unasked."""
        return person in self._left_alone

    async def close(self) -> None:
        """Close the file, with all that was written."""
        await self._database.close()


def _row(job: Job) -> dict[str, Any]:
    columns = {name: getattr(job, name) for name in COLUMNS}
    return {**columns, "rest": _JOB.dump_json(job, exclude=set(COLUMNS)).decode()}


def _job(row: sqlite3.Row) -> Job:
    rest = json.loads(row["rest"])
    return _understood(_JOB, {**rest, **{name: row[name] for name in COLUMNS}})


def _understood(kind: TypeAdapter[T], written: object) -> T:
    """Read what stands on disk; a newer version may have written what this one does not know."""
    try:
        return kind.validate_python(written)
    except ValidationError as error:
        raise OperatorError(
            "The job store in the folder BOT_DATA holds what only a newer version of the bot "
            "understands: update the bot."
        ) from error
