"""The picture files of jobs that wait."""

from pathlib import Path

import pytest

from bot.jobs.spool import Spool


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path)


def test_a_start_keeps_what_is_still_asked_for_and_deletes_what_a_crash_left(
    spool: Spool, tmp_path: Path
) -> None:
    spool.keep(1, 0, b"asked for")
    spool.keep(12, 0, b"left over")
    (tmp_path / "12-1.part").write_bytes(b"half")

    spool.keep_only({1})

    assert [file.name for file in tmp_path.iterdir()] == ["1-0"]
    assert spool.read(1, 0) == b"asked for"


@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "notes-2.txt", "1-0~"])
def test_a_strangers_file_does_not_end_the_start(spool: Spool, tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()

    spool.keep_only(set())

    assert [file.name for file in tmp_path.iterdir()] == [name]
