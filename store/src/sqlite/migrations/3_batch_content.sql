-- What was in a batch of an import, as a hash: another under the same number is refused. Not known of
-- those that were taken before.
ALTER TABLE import_batches ADD COLUMN content INTEGER;
