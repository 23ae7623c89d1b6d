-- Standard names for tables and columns, and who made a change. Renaming rewrites no rows; the indexes
-- keep the names they were created with.

ALTER TABLE blocks RENAME TO block_counts;

ALTER TABLE users RENAME COLUMN changed TO update_time;

ALTER TABLE bin RENAME TO trash;
ALTER TABLE trash RENAME COLUMN changed TO update_time;

ALTER TABLE changes RENAME TO change_log;
ALTER TABLE change_log RENAME COLUMN user TO user_id;
ALTER TABLE change_log RENAME COLUMN changed TO update_time;
ALTER TABLE change_log RENAME COLUMN in_bin TO in_trash;
-- The revision that the user had before; NULL if it was not in the directory, and in rows that are
-- older than this column.
ALTER TABLE change_log ADD COLUMN previous_revision INTEGER;
-- NULL for the local operator, who made all changes before there was authentication.
ALTER TABLE change_log ADD COLUMN actor TEXT;

ALTER TABLE requests RENAME TO idempotency_keys;
ALTER TABLE idempotency_keys RENAME COLUMN id TO key;
ALTER TABLE idempotency_keys RENAME COLUMN at TO create_time;
ALTER TABLE idempotency_keys RENAME COLUMN edit TO fingerprint;
ALTER TABLE idempotency_keys RENAME COLUMN refused TO rejection;
ALTER TABLE idempotency_keys RENAME COLUMN about TO rejection_value;
ALTER TABLE idempotency_keys RENAME COLUMN user TO user_id;
ALTER TABLE idempotency_keys RENAME COLUMN changed TO update_time;
ALTER TABLE idempotency_keys RENAME COLUMN in_bin TO in_trash;

ALTER TABLE imports RENAME COLUMN at TO update_time;
ALTER TABLE imports RENAME COLUMN last TO last_sequence;
ALTER TABLE imports RENAME COLUMN changed TO updated;
ALTER TABLE imports RENAME COLUMN refused TO rejected;

ALTER TABLE import_batches RENAME COLUMN import TO import_id;
ALTER TABLE import_batches RENAME COLUMN changed TO updated;
ALTER TABLE import_batches RENAME COLUMN refused TO rejected;
ALTER TABLE import_batches RENAME COLUMN content TO content_hash;

ALTER TABLE directory RENAME COLUMN oldest TO oldest_revision;
ALTER TABLE directory RENAME COLUMN changed TO update_time;
