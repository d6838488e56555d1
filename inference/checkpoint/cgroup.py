"""What Linux lets this process take: the limit of a container, or of a service."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path("/")
NO_LIMIT = 2**60
"""Bytes: the kernel writes as many, or more, where nobody has set a limit."""


def memory_left(root: Path = ROOT) -> int | None:
    """Return the bytes that the process may still take, by every limit above it; None for no limit.

    Pages of files count as free: the kernel drops them first.
    """
    left = [room for folder in _folders(root) if (room := _room(folder)) is not None]
    return min(left, default=None)


def _folders(root: Path) -> Iterator[Path]:
    """List the process's groups and all above them; within a container the paths may differ."""
    for line in _read(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            mount = root / "sys/fs/cgroup"
        elif "memory" in controllers.split(","):
            mount = root / "sys/fs/cgroup/memory"
        else:
            continue
        group = Path(path.lstrip("/"))
        yield from (mount / part for part in (group, *group.parents))


def _room(folder: Path) -> int | None:
    for most, used, pages in (
        ("memory.max", "memory.current", "inactive_file"),
        ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    ):
        limit = _read(folder / most).strip()
        if limit.isdecimal() and int(limit) < NO_LIMIT:
            statistics = dict(
                line.split(maxsplit=1) for line in _read(folder / "memory.stat").splitlines()
            )
            taken = int(_read(folder / used)) - int(statistics.get(pages, 0))
            return max(0, int(limit) - taken)
    return None


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:  # another system, another mount
        return ""
