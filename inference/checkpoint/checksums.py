"""Which weights these are: the SHA-256 of each file, and the one that the hub knows it by."""

import hashlib
from pathlib import Path


def checksum(file: Path) -> str:
    """Read a file to its end and return its SHA-256."""
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def hub_checksum(file: Path) -> str | None:
    """Return the SHA-256 by which the hub's cache names a file; None for one from elsewhere."""
    name = file.resolve().name
    return name if file.is_symlink() and len(name) == 64 else None
