"""One process for one data folder: two would answer the same questions."""

import os
import sys
from pathlib import Path
from typing import IO

from bot.errors import OperatorError

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # not flock: our children inherit that


def claim(folder: Path) -> IO[str]:
    """Keep other processes out of a data folder until what is returned is closed or we end.

    Raises OperatorError where one is in it, OSError where the folder cannot be used.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = (folder / "lock").open("a")
    try:
        _lock(file)
    except OSError as error:
        file.close()
        raise OperatorError(
            f"Another bot works in the folder {os.fspath(folder)}: give each its own by BOT_DATA."
        ) from error
    return file
