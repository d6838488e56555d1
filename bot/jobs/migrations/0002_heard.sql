-- What was heard where, the newest thousand: so that what was missed can be told from it.
CREATE TABLE heard (
    id INTEGER,
    channel_id INTEGER,
    PRIMARY KEY (id, channel_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER job_is_heard AFTER INSERT ON job BEGIN
    INSERT OR IGNORE INTO heard VALUES (new.id, new.channel_id);
END;

CREATE TRIGGER job_goes_on_elsewhere AFTER UPDATE OF channel_id ON job BEGIN
    INSERT OR IGNORE INTO heard VALUES (new.id, new.channel_id);
END;

CREATE TRIGGER only_the_newest_are_kept AFTER INSERT ON heard BEGIN
    DELETE FROM heard WHERE id < (SELECT id FROM heard ORDER BY id DESC LIMIT 1 OFFSET 999);
END;
