-- Users are changed: each has the revision of the last change and its time, and a form of the name
-- that lists are ordered by. What is changed is on record; who is deleted is in the bin for a time.

CREATE TABLE users_now (
    -- Given by the writer, from directory.last_id. Not AUTOINCREMENT: that uses an id up for every
    -- row of an import that was there already.
    id        INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 2147483647),
    name      TEXT NOT NULL,
    email     TEXT NOT NULL,
    -- The revision of the last change.
    revision  INTEGER NOT NULL,
    -- When it was: milliseconds since 1970.
    changed   INTEGER NOT NULL,
    -- Made up, and to be removed with one command.
    sample    INTEGER NOT NULL CHECK (sample IN (0, 1)),
    -- What the ways of writing one address have in common: decides whose it is.
    email_key TEXT NOT NULL UNIQUE,
    -- The name without regard to case and accents: what lists are ordered by.
    name_key  TEXT NOT NULL
) STRICT;

-- Filled by the migration, from `users`; the indexes come after that.

-- Who was deleted, as they were, until they are restored or their time is over. An email here is
-- nobody's: others may take it.
CREATE TABLE bin (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL,
    email     TEXT NOT NULL,
    -- Those of the deletion.
    revision  INTEGER NOT NULL,
    changed   INTEGER NOT NULL,
    sample    INTEGER NOT NULL CHECK (sample IN (0, 1)),
    email_key TEXT NOT NULL,
    name_key  TEXT NOT NULL
) STRICT;

CREATE INDEX bin_by_revision ON bin (revision);

-- The record: what each revision changed. Without gaps from directory.oldest to directory.revision.
CREATE TABLE changes (
    revision  INTEGER PRIMARY KEY,
    -- 1 created, 2 updated, 3 deleted, 4 restored.
    kind      INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 4),
    user      INTEGER NOT NULL,
    changed   INTEGER NOT NULL,
    -- As they were after it; of a deletion, last.
    name      TEXT NOT NULL,
    email     TEXT NOT NULL,
    sample    INTEGER NOT NULL,
    -- Of a deletion: whether they are in the bin.
    in_bin    INTEGER NOT NULL,
    -- Of an update: what was there before.
    old_name  TEXT,
    old_email TEXT
) STRICT;

CREATE INDEX changes_by_user ON changes (user, revision);

-- What was answered to requests that have an id, for those that are sent again. In the order in
-- which they came.
CREATE TABLE requests (
    number   INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    at       INTEGER NOT NULL,
    -- What was asked for.
    edit     TEXT NOT NULL,
    -- 0 done; otherwise why not: 1 no such user, 2 the email is taken, 3 changed since, 4 no ids.
    refused  INTEGER NOT NULL,
    -- Of a refusal: the id or the revision that it names.
    about    INTEGER NOT NULL,
    -- The user as they were answered with.
    user     INTEGER,
    name     TEXT,
    email    TEXT,
    revision INTEGER,
    changed  INTEGER,
    sample   INTEGER,
    in_bin   INTEGER
) STRICT;

-- Imports that may go on.
CREATE TABLE imports (
    id          TEXT PRIMARY KEY,
    -- Of the last batch.
    at          INTEGER NOT NULL,
    on_existing INTEGER NOT NULL,
    -- The sequence of the last batch that was taken.
    last        INTEGER NOT NULL,
    -- What has become of the rows of all of them.
    created     INTEGER NOT NULL,
    changed     INTEGER NOT NULL,
    unchanged   INTEGER NOT NULL,
    refused     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was answered to their batches.
CREATE TABLE import_batches (
    import    TEXT NOT NULL,
    sequence  INTEGER NOT NULL,
    created   INTEGER NOT NULL,
    changed   INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    revision  INTEGER NOT NULL,
    -- Which rows were refused, and why; as JSON.
    refused   TEXT NOT NULL,
    PRIMARY KEY (import, sequence)
) STRICT, WITHOUT ROWID;

-- Imports whose time is over are found without a look at the others.
CREATE INDEX imports_by_time ON imports (at);

-- The oldest revision on record; one more than the last where none is.
ALTER TABLE directory ADD COLUMN oldest INTEGER NOT NULL DEFAULT 1;
-- When the last change was. No change is older than the one before it, whatever the clock says.
ALTER TABLE directory ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
UPDATE directory SET oldest = revision + 1;
