//! The progress of an import: its row in the table `imports`.

use frontdesk_directory::{
    BatchResult, IdempotencyKey, ImportCounts, ImportProgress, OnExisting,
    rules::IDEMPOTENCY_WINDOW,
};
use rusqlite::{OptionalExtension as _, Row, params};

use crate::sqlite::transaction::WriteTransaction;

/// How the import handles existing users, and its progress; `None` if it does not exist or has
/// expired.
pub(super) fn read(
    transaction: &WriteTransaction<'_>,
    id: &IdempotencyKey,
) -> rusqlite::Result<Option<(OnExisting, ImportProgress)>> {
    let mut find = transaction.db().prepare_cached(
        "SELECT on_existing, last_sequence, created, updated, unchanged, rejected FROM imports \
         WHERE id = ?1 AND update_time > ?2",
    )?;
    let oldest = transaction.now().saturating_sub(IDEMPOTENCY_WINDOW);
    find.query_row(params![id.as_str(), oldest.0], from_row)
        .optional()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<(OnExisting, ImportProgress)> {
    let number = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
    let on_existing = match row.get(0)? {
        0 => OnExisting::Reject,
        1 => OnExisting::Skip,
        2 => OnExisting::Update,
        other => return Err(rusqlite::Error::IntegralValueOutOfRange(0, other)),
    };
    let progress = ImportProgress {
        last_sequence: number(1)?,
        counts: ImportCounts {
            created: number(2)?,
            updated: number(3)?,
            unchanged: number(4)?,
            rejected: number(5)?,
        },
    };
    Ok((on_existing, progress))
}

/// Adds a batch to the progress.
pub(super) fn write(
    transaction: &WriteTransaction<'_>,
    id: &IdempotencyKey,
    on_existing: OnExisting,
    before: ImportCounts,
    batch: &BatchResult,
) -> rusqlite::Result<()> {
    let on_existing = match on_existing {
        OnExisting::Reject => 0,
        OnExisting::Skip => 1,
        OnExisting::Update => 2,
    };
    let counts = batch.counts;
    transaction
        .db()
        .prepare_cached(
            "INSERT OR REPLACE INTO imports \
             (id, update_time, on_existing, last_sequence, created, updated, unchanged, rejected) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            id.as_str(),
            transaction.now().0,
            on_existing,
            batch.sequence.cast_signed(),
            (before.created + counts.created).cast_signed(),
            (before.updated + counts.updated).cast_signed(),
            (before.unchanged + counts.unchanged).cast_signed(),
            (before.rejected + counts.rejected).cast_signed(),
        ])?;
    Ok(())
}

/// Deletes an expired import of the same id that the retention sweep has not reached yet.
pub(super) fn delete(
    transaction: &WriteTransaction<'_>,
    id: &IdempotencyKey,
) -> rusqlite::Result<()> {
    for delete in [
        "DELETE FROM import_batches WHERE import_id = ?1",
        "DELETE FROM imports WHERE id = ?1",
    ] {
        transaction
            .db()
            .prepare_cached(delete)?
            .execute([id.as_str()])?;
    }
    Ok(())
}
