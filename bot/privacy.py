"""What is kept about people, where and for how long: the one table that /privacy shows."""

from dataclasses import dataclass

from bot.locales import sentences as s


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that is kept, in a sentence, and the columns of the store that hold it."""

    sentence: str
    columns: frozenset[str] = frozenset()


def _of(table: str, columns: str) -> frozenset[str]:
    return frozenset(f"{table}.{column}" for column in columns.split())


KEPT = (
    Kept(
        s.KEPT_QUESTION,
        _of("job", "id task question locale asker_id guild_id channel_id message_id")
        | _of("job", "private wants_thread spoiler"),
    ),
    Kept(s.KEPT_PICTURES, _of("job", "links token")),
    Kept(s.KEPT_DAMAGED),
    Kept(s.KEPT_HEARD, _of("heard", "id channel_id")),
    Kept(s.KEPT_COUNTS, _of("counter", "day task outcome count")),
    Kept(s.KEPT_MODEL),
    Kept(s.KEPT_TIMES),
    Kept(s.KEPT_SERVER, _of("fact", "name value")),
    Kept(
        s.KEPT_AUDIT,
        _of("audit", "id asker_id task guild_id channel_id outcome ended"),
    ),
    Kept(s.KEPT_LOG),
)
