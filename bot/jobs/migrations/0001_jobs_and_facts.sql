CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    task TEXT NOT NULL,
    question TEXT NOT NULL,
    locale TEXT NOT NULL,
    asker_id INTEGER NOT NULL,
    guild_id INTEGER,
    channel_id INTEGER NOT NULL,
    links TEXT NOT NULL,
    token TEXT,
    private INTEGER NOT NULL,
    wants_thread INTEGER NOT NULL,
    message_id INTEGER
) STRICT;

CREATE TABLE fact (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
