"""Discord's ids and times."""

from datetime import UTC, datetime

EPOCH_MS = 1_420_070_400_000


def snowflake(seconds: float, number: int) -> int:
    """Make an id from a wall-clock time and a running number."""
    return (int(seconds * 1000) - EPOCH_MS << 22) + number


def born(snowflake: int) -> float:
    """Tell when an id was made, in seconds since 1970."""
    return ((snowflake >> 22) + EPOCH_MS) / 1000


def timestamp(seconds: float) -> str:
    """Write a wall-clock time as Discord does."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()
