"""A process in a container has the container's memory, not the host's."""

from pathlib import Path

import psutil
import pytest
import torch

from inference.checkpoint import cgroup
from inference.checkpoint.memory import free_memory

GIB = 1024**3


def write(root: Path, files: dict[str, object]) -> Path:
    for name, content in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{content}\n")
    return root


def test_a_container_under_version_two(tmp_path: Path) -> None:
    group = "sys/fs/cgroup/system.slice/bot.service/"
    root = write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/system.slice/bot.service",
            group + "memory.max": 8 * GIB,
            group + "memory.current": 3 * GIB,
            group + "memory.stat": f"anon 1\ninactive_file {GIB}\nactive_file 7",
            "sys/fs/cgroup/system.slice/memory.max": "max",
        },
    )
    assert cgroup.memory_left(root) == 6 * GIB


def test_a_limit_further_up_counts_too(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/a/b",
            "sys/fs/cgroup/a/b/memory.max": 8 * GIB,
            "sys/fs/cgroup/a/b/memory.current": 0,
            "sys/fs/cgroup/a/memory.max": 4 * GIB,
            "sys/fs/cgroup/a/memory.current": GIB,
        },
    )
    assert cgroup.memory_left(root) == 3 * GIB


def test_inside_a_container_its_own_group_is_the_root(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/docker/0123abcd",
            "sys/fs/cgroup/memory.max": 2 * GIB,
            "sys/fs/cgroup/memory.current": 3 * GIB,
        },
    )
    assert cgroup.memory_left(root) == 0


def test_a_container_under_version_one(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "proc/self/cgroup": "4:memory:/docker/0123abcd\n1:cpu:/\n0::/",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": 2 * GIB,
            "sys/fs/cgroup/memory/memory.usage_in_bytes": GIB,
            "sys/fs/cgroup/memory/memory.stat": f"total_inactive_file {GIB // 2}",
        },
    )
    assert cgroup.memory_left(root) == GIB + GIB // 2


@pytest.mark.parametrize("most", ["max", 0x7FFFFFFFFFFFF000])
def test_without_a_limit_there_is_none(tmp_path: Path, most: object) -> None:
    name = "memory.max" if most == "max" else "memory/memory.limit_in_bytes"
    root = write(
        tmp_path,
        {"proc/self/cgroup": "4:memory:/\n0::/", f"sys/fs/cgroup/{name}": most},
    )
    assert cgroup.memory_left(root) is None


def test_another_system_has_no_limit(tmp_path: Path) -> None:
    assert cgroup.memory_left(tmp_path) is None


@pytest.mark.parametrize(("left", "share"), [(1000, 1.0), (None, 0.0), (2**60, 0.0)])
def test_free_is_the_smaller_of_host_and_limit(
    monkeypatch: pytest.MonkeyPatch, left: int | None, share: float
) -> None:
    monkeypatch.setattr(cgroup, "memory_left", lambda: left)
    free = free_memory(torch.device("cpu"))
    assert free == left if share else 0 < free <= psutil.virtual_memory().total
