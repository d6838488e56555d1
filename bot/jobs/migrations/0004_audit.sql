-- Who asked for what, where, and how it ended; empty unless the operator wants it. No content.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    asker_id INTEGER NOT NULL,
    task TEXT NOT NULL,
    guild_id INTEGER,
    channel_id INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    ended INTEGER NOT NULL
) STRICT;
