-- The change log and the trash. Users get the revision and the time of their last change, and a key
-- that lists are ordered by.

CREATE TABLE users_now (
    -- Assigned by the writer, from directory.last_id. Not AUTOINCREMENT: that would use an id up for
    -- every imported row that exists already.
    id        INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 2147483647),
    name      TEXT NOT NULL,
    email     TEXT NOT NULL,
    -- The revision of the last change.
    revision  INTEGER NOT NULL,
    -- The time of the last change, in milliseconds since 1970.
    changed   INTEGER NOT NULL,
    -- Generated, and removable with one command.
    sample    INTEGER NOT NULL CHECK (sample IN (0, 1)),
    -- The email regardless of case: unique.
    email_key TEXT NOT NULL UNIQUE,
    -- The name without case and accents: lists are ordered by it.
    name_key  TEXT NOT NULL
) STRICT;

-- The migration copies `users` into it, then creates the indexes.

-- Deleted users, until they are restored or expire. Their emails are free for other users.
CREATE TABLE bin (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL,
    email     TEXT NOT NULL,
    -- The revision and the time of the deletion.
    revision  INTEGER NOT NULL,
    changed   INTEGER NOT NULL,
    sample    INTEGER NOT NULL CHECK (sample IN (0, 1)),
    email_key TEXT NOT NULL,
    name_key  TEXT NOT NULL
) STRICT;

CREATE INDEX bin_by_revision ON bin (revision);

-- The change log: what each revision changed. Without gaps from directory.oldest to
-- directory.revision.
CREATE TABLE changes (
    revision  INTEGER PRIMARY KEY,
    -- 1 created, 2 updated, 3 deleted, 4 restored.
    kind      INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 4),
    user      INTEGER NOT NULL,
    changed   INTEGER NOT NULL,
    -- The user after the change; before it, for a deletion.
    name      TEXT NOT NULL,
    email     TEXT NOT NULL,
    sample    INTEGER NOT NULL,
    -- For a deletion: whether the user is in the trash.
    in_bin    INTEGER NOT NULL,
    -- For an update: the values before it.
    old_name  TEXT,
    old_email TEXT
) STRICT;

CREATE INDEX changes_by_user ON changes (user, revision);

-- The responses to commands with an idempotency key, in the order of their times.
CREATE TABLE requests (
    number   INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    at       INTEGER NOT NULL,
    -- Identifies the command.
    edit     TEXT NOT NULL,
    -- 0 none; 1 user not found, 2 email taken, 3 revision mismatch, 4 ids exhausted.
    refused  INTEGER NOT NULL,
    -- The id or the revision that a rejection names.
    about    INTEGER NOT NULL,
    -- The user in the response.
    user     INTEGER,
    name     TEXT,
    email    TEXT,
    revision INTEGER,
    changed  INTEGER,
    sample   INTEGER,
    in_bin   INTEGER
) STRICT;

-- Imports that can be resumed.
CREATE TABLE imports (
    id          TEXT PRIMARY KEY,
    -- The time of the last batch.
    at          INTEGER NOT NULL,
    on_existing INTEGER NOT NULL,
    -- The sequence of the last batch that was written.
    last        INTEGER NOT NULL,
    -- The results of the rows of all batches.
    created     INTEGER NOT NULL,
    changed     INTEGER NOT NULL,
    unchanged   INTEGER NOT NULL,
    refused     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The results of their batches.
CREATE TABLE import_batches (
    import    TEXT NOT NULL,
    sequence  INTEGER NOT NULL,
    created   INTEGER NOT NULL,
    changed   INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    revision  INTEGER NOT NULL,
    -- The rejected rows and why, as JSON.
    refused   TEXT NOT NULL,
    PRIMARY KEY (import, sequence)
) STRICT, WITHOUT ROWID;

-- Finds expired imports.
CREATE INDEX imports_by_time ON imports (at);

-- The oldest revision in the change log; one more than the newest if it is empty.
ALTER TABLE directory ADD COLUMN oldest INTEGER NOT NULL DEFAULT 1;
-- The time of the last change. No change is older than the one before it, even if the clock was set back.
ALTER TABLE directory ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
UPDATE directory SET oldest = revision + 1;
