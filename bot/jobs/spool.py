"""The picture files of jobs that wait, in a private folder."""

import re
from pathlib import Path

_PICTURE = re.compile(r"(?P<job>\d+)-\w+(?:\.\w+)?")


class Spool:
    """Each accepted job's pictures and their copies, by number or name, until it is answered."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def has(self, job_id: int, name: int | str) -> bool:
        """Tell whether this picture is kept whole."""
        return self._file(job_id, name).exists()

    def keep(self, job_id: int, name: int | str, data: bytes) -> None:
        """Keep a picture's bytes; after a crash there is the whole file or none."""
        part = self._file(job_id, name).with_suffix(".part")
        part.touch(mode=0o600)
        part.write_bytes(data)
        part.replace(self._file(job_id, name))

    def read(self, job_id: int, name: int | str) -> bytes:
        """Return a picture's bytes."""
        return self._file(job_id, name).read_bytes()

    def size(self, job_id: int, name: int | str) -> int:
        """Tell a picture's size in bytes; 0 where it is not kept."""
        file = self._file(job_id, name)
        return file.stat().st_size if file.exists() else 0

    def remove(self, job_id: int) -> None:
        """Delete a job's pictures."""
        for file in self._folder.glob(f"{job_id}-*"):
            file.unlink(missing_ok=True)

    def keep_only(self, job_ids: set[int]) -> None:
        """Delete the pictures of all other jobs, as a crash may have left some.

        What others put here, such as a desktop's own files, stays.
        """
        for file in self._folder.iterdir():
            picture = _PICTURE.fullmatch(file.name)
            if picture and int(picture["job"]) not in job_ids:
                file.unlink(missing_ok=True)

    def _file(self, job_id: int, name: int | str) -> Path:
        return self._folder / f"{job_id}-{name}"
