//! How far an import is: its row of the table.

use rusqlite::{OptionalExtension as _, Row, params};

use crate::sqlite::{idempotency::REMEMBERED, metadata::WriteTransaction};
use frontdesk_directory::{BatchResult, IdempotencyKey, ImportCounts, ImportProgress, OnExisting};

pub(super) struct Progress {
    pub(super) on_existing: OnExisting,
    pub(super) progress: ImportProgress,
}

impl Progress {
    pub(super) fn new(on_existing: OnExisting) -> Self {
        Self {
            on_existing,
            progress: ImportProgress::default(),
        }
    }

    /// That of the import with this id; nothing where its time is over, or there is none.
    pub(super) fn of(
        changing: &WriteTransaction<'_>,
        id: &IdempotencyKey,
    ) -> rusqlite::Result<Option<Self>> {
        let mut find = changing.db.prepare_cached(
            "SELECT on_existing, last, created, changed, unchanged, refused FROM imports \
             WHERE id = ?1 AND at > ?2",
        )?;
        let since = changing.now().saturating_sub(REMEMBERED);
        find.query_row(params![id.as_str(), since.0], Self::from_row)
            .optional()
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let number = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
        Ok(Self {
            on_existing: on_existing(row.get(0)?)?,
            progress: ImportProgress {
                last_sequence: number(1)?,
                counts: ImportCounts {
                    created: number(2)?,
                    updated: number(3)?,
                    unchanged: number(4)?,
                    rejected: number(5)?,
                },
            },
        })
    }

    /// The batch is taken.
    pub(super) fn add(&mut self, batch: &BatchResult) {
        let ImportProgress {
            last_sequence: last,
            counts,
        } = &mut self.progress;
        *last = batch.sequence;
        counts.created += batch.counts.created;
        counts.updated += batch.counts.updated;
        counts.unchanged += batch.counts.unchanged;
        counts.rejected += batch.counts.rejected;
    }

    pub(super) fn write(
        &self,
        changing: &WriteTransaction<'_>,
        id: &IdempotencyKey,
    ) -> rusqlite::Result<()> {
        let ImportProgress {
            last_sequence: last,
            counts,
        } = self.progress;
        changing
            .db
            .prepare_cached(
                "INSERT OR REPLACE INTO imports \
                 (id, at, on_existing, last, created, changed, unchanged, refused) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                id.as_str(),
                changing.now().0,
                number(self.on_existing),
                last.cast_signed(),
                counts.created.cast_signed(),
                counts.updated.cast_signed(),
                counts.unchanged.cast_signed(),
                counts.rejected.cast_signed(),
            ])?;
        Ok(())
    }
}

/// Forgets an import of the same id whose time is over, and which is not swept out yet.
pub(super) fn forget(changing: &WriteTransaction<'_>, id: &IdempotencyKey) -> rusqlite::Result<()> {
    for forget in [
        "DELETE FROM import_batches WHERE import = ?1",
        "DELETE FROM imports WHERE id = ?1",
    ] {
        changing.db.prepare_cached(forget)?.execute([id.as_str()])?;
    }
    Ok(())
}

fn number(on_existing: OnExisting) -> i64 {
    match on_existing {
        OnExisting::Reject => 0,
        OnExisting::Skip => 1,
        OnExisting::Update => 2,
    }
}

fn on_existing(number: i64) -> rusqlite::Result<OnExisting> {
    Ok(match number {
        0 => OnExisting::Reject,
        1 => OnExisting::Skip,
        2 => OnExisting::Update,
        other => return Err(rusqlite::Error::IntegralValueOutOfRange(0, other)),
    })
}
