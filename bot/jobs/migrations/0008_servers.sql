-- What those who run a server have chosen, as JSON; and who wants their pictures left alone.
CREATE TABLE server (id INTEGER PRIMARY KEY, choices TEXT NOT NULL) STRICT;
CREATE TABLE left_alone (person_id INTEGER PRIMARY KEY) STRICT;
