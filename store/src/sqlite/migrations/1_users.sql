-- "FdDk": identifies a Frontdesk database.
PRAGMA application_id = 1180976235;

CREATE TABLE users (
    -- Assigned by the writer, from directory.last_id. Not AUTOINCREMENT: that would consume an id
    -- for every imported row that exists already.
    id        INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 2147483647),
    name      TEXT NOT NULL,
    email     TEXT NOT NULL,
    -- The email regardless of case: unique.
    email_key TEXT NOT NULL UNIQUE,
    -- Generated, and removable with one command.
    sample    INTEGER NOT NULL CHECK (sample IN (0, 1))
) STRICT;

-- How many users each run of 1024 ids has: finds page 10,000 without reading all pages before it.
-- Updated in the transaction that changes the users.
CREATE TABLE blocks (
    block INTEGER PRIMARY KEY,
    users INTEGER NOT NULL CHECK (users BETWEEN 1 AND 1024)
) STRICT;

-- One row: the metadata of the directory.
CREATE TABLE directory (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    total    INTEGER NOT NULL CHECK (total >= 0),
    -- The last id that was assigned: no id is reused.
    last_id  INTEGER NOT NULL CHECK (last_id BETWEEN 0 AND 2147483647),
    revision INTEGER NOT NULL CHECK (revision >= 0)
) STRICT;

INSERT INTO directory (one, total, last_id, revision) VALUES (1, 0, 0, 0);
