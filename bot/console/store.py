"""What the doctor can see of the job store, beside a bot that runs or without one."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.jobs.database import NEWEST_VERSION
from inference import Finding

LABEL = "store"
PATIENCE = 2.0
"""Seconds; the running bot holds its store for moments only."""


def examine_store(folder: Path) -> Finding:
    """Look whether the store can be read, is whole, and is of a version that we know."""
    file = folder / "jobs.sqlite3"
    if not file.is_file():
        return Finding.ok(LABEL, "there is none yet; the first start makes it")
    try:
        with _opened(file) as store:
            (version,) = store.execute("PRAGMA user_version").fetchone()
            (health,) = store.execute("PRAGMA quick_check(1)").fetchone()
            (waiting,) = store.execute("SELECT count(*) FROM job").fetchone()
    except sqlite3.Error as error:
        advice = "See whether another program holds it; a damaged one is set aside at the start."
        return Finding.wrong(LABEL, f"it cannot be read: {error}", advice)
    if version > NEWEST_VERSION:
        return Finding.wrong(LABEL, "a newer version of the bot wrote it", "Update the bot.")
    if health != "ok":
        advice = "The next start sets it aside and begins a new one."
        return Finding.warning(LABEL, f"it is damaged: {health}", advice)
    return Finding.ok(LABEL, f"{waiting} questions wait in it")


def servers_with_private_threads(folder: Path) -> frozenset[int]:
    """List the servers that have chosen threads for the asker alone, as far as can be read."""
    asked = "SELECT id FROM server WHERE json_extract(choices, '$.mention') = 'private thread'"
    try:
        with _opened(folder / "jobs.sqlite3") as store:
            return frozenset(server for (server,) in store.execute(asked))
    except sqlite3.Error:
        return frozenset()


def _opened(file: Path) -> "closing[sqlite3.Connection]":
    address = f"{file.absolute().as_uri()}?mode=ro"
    return closing(sqlite3.connect(address, uri=True, timeout=PATIENCE))
