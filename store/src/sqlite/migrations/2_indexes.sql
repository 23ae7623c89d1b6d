-- After `2_changes.sql`, when the users have been copied.
DROP TABLE users;
ALTER TABLE users_now RENAME TO users;
-- The orders of lists; SQLite appends the id to each.
CREATE INDEX users_by_name ON users (name_key);
CREATE INDEX users_by_revision ON users (revision);
CREATE INDEX users_samples ON users (id) WHERE sample = 1;
