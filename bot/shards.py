"""Which part of Discord's servers a process looks after, where one process is not enough."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import OperatorError

_RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards of one process, of so many in all; direct messages come to shard 0."""

    ids: tuple[int, ...]
    count: int

    def connection(self) -> dict[str, Any]:
        """Write them as discord.py takes them."""
        return {"shard_ids": list(self.ids), "shard_count": self.count}


def shards_of(ids: Sequence[int] | None, count: int | None) -> Shards | None:
    """Put the command line's two options together; None lets discord.py do as Discord advises.

    Raises OperatorError where they do not fit each other.
    """
    if ids is None and count is None:
        return None
    if count is None:
        raise OperatorError("--shard-ids needs --shard-count, which is the same for all processes.")
    ids = range(count) if ids is None else ids
    if any(number >= count for number in ids):
        raise OperatorError(f"--shard-ids must be below --shard-count: 0 to {count - 1}.")
    return Shards(tuple(ids), count)


def ids_in(text: str) -> list[int]:
    """Read `0,2,4-7`; raises ArgumentTypeError."""
    ids: set[int] = set()
    for part in text.split(","):
        if not (found := _RANGE.fullmatch(part.strip())):
            raise argparse.ArgumentTypeError(f"{part!r} is no shard: write 0 or 0,2,4-7")
        ids.update(range(int(found[1]), int(found[2] or found[1]) + 1))
    return sorted(ids)
