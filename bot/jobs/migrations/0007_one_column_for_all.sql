-- A job has columns for what is asked of it here, and all else in one. The audit trail is gone,
-- and so is who hears reports; what was heard is looked for by its id alone.
DROP VIEW ended;
DROP TRIGGER job_is_heard;
DROP TRIGGER job_goes_on_elsewhere;
DROP TRIGGER only_the_last_two_hours_are_kept;
DROP TRIGGER only_ninety_days_are_counted;
DROP TABLE audit;

ALTER TABLE job RENAME TO old_job;
CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    asker_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    message_id INTEGER,
    attempts INTEGER NOT NULL,
    rest TEXT NOT NULL
) STRICT;
INSERT INTO job SELECT id, asker_id, channel_id, message_id, 0, json_object(
    'task', task, 'question', question, 'locale', locale, 'guild_id', guild_id,
    'links', json(links), 'token', token, 'private', private, 'wants_thread', wants_thread,
    'spoiler', spoiler, 'age_restricted', spoiler
) FROM old_job;
DROP TABLE old_job;

ALTER TABLE heard RENAME TO old_heard;
CREATE TABLE heard (id INTEGER PRIMARY KEY) STRICT;
INSERT OR IGNORE INTO heard SELECT id FROM old_heard;
DROP TABLE old_heard;

-- The private conversations in which anything was asked, and with whom.
CREATE TABLE conversation (
    channel_id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL
) STRICT;

-- What was said until then was looked at.
INSERT INTO fact SELECT 'seen_until', CAST(max(id) AS TEXT) FROM heard HAVING max(id) NOT NULL;

DELETE FROM fact WHERE name = 'commands' OR name LIKE 'moderators:%';
