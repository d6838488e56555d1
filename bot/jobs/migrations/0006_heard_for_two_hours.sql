-- Nothing older than an hour is looked for after a gap, so twice that is kept, however much it is.
-- Ids tell the time: 7,200,000 ms, shifted left by 22 bits.
DROP TRIGGER only_the_newest_are_kept;

CREATE TRIGGER only_the_last_two_hours_are_kept AFTER INSERT ON heard BEGIN
    DELETE FROM heard WHERE id < new.id - (7200000 << 22);
END;
