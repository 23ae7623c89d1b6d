-- "FdDk": tells a directory of Frontdesk from other people's databases.
PRAGMA application_id = 1180976235;

CREATE TABLE users (
    -- Given by the writer, from directory.last_id. Not AUTOINCREMENT: that uses an id up for every
    -- row of an import that was there already.
    id        INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 2147483647),
    name      TEXT NOT NULL,
    email     TEXT NOT NULL,
    -- What the ways of writing one address have in common: decides whose it is.
    email_key TEXT NOT NULL UNIQUE,
    -- Made up, and to be removed with one command.
    sample    INTEGER NOT NULL CHECK (sample IN (0, 1))
) STRICT;

-- How many users there are in each run of 1024 ids: finds page 10,000 without a walk through all
-- that is before it. Kept by the writer, in the transaction of the users it counts.
CREATE TABLE blocks (
    block INTEGER PRIMARY KEY,
    users INTEGER NOT NULL CHECK (users BETWEEN 1 AND 1024)
) STRICT;

-- One row: what is true of the whole directory.
CREATE TABLE directory (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    total    INTEGER NOT NULL CHECK (total >= 0),
    -- The last id that was ever given: none is given to somebody else.
    last_id  INTEGER NOT NULL CHECK (last_id BETWEEN 0 AND 2147483647),
    revision INTEGER NOT NULL CHECK (revision >= 0)
) STRICT;

INSERT INTO directory (one, total, last_id, revision) VALUES (1, 0, 0, 0);
