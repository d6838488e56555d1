-- How many questions ended how on each day: all that is left of them, and about nobody.
CREATE TABLE counter (
    day TEXT NOT NULL,
    task TEXT NOT NULL,
    outcome TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, task, outcome)
) STRICT, WITHOUT ROWID;

-- To say how a job ended is to delete and to count it, whatever happens in between.
CREATE VIEW ended AS SELECT id, NULL AS outcome FROM job;

CREATE TRIGGER an_ended_job_is_counted INSTEAD OF INSERT ON ended BEGIN
    INSERT INTO counter SELECT date('now'), task, new.outcome, 1 FROM job WHERE id = new.id
        ON CONFLICT DO UPDATE SET count = count + 1;
    DELETE FROM job WHERE id = new.id;
END;

CREATE TRIGGER only_ninety_days_are_counted AFTER INSERT ON counter BEGIN
    DELETE FROM counter WHERE day < date(new.day, '-90 days');
END;
