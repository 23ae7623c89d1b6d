-- A hash of a batch's rows: other rows under the same sequence are rejected. NULL for batches that are
-- older than this column.
ALTER TABLE import_batches ADD COLUMN content INTEGER;
