//! The stored results of batches, for those that are sent again.

use std::borrow::Cow;

use frontdesk_directory::{
    BatchResult, IdempotencyKey, ImportCounts, ImportRow, Revision, RowError, RowErrorReason,
    RowField,
};
use rusqlite::{OptionalExtension as _, Row, params, types::Type};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::sqlite::transaction::WriteTransaction;

/// A rejected row, as JSON in the table.
#[derive(Serialize, Deserialize)]
struct RejectedRow<'a> {
    line: i64,
    field: &'a str,
    #[serde(borrow)]
    value: Cow<'a, str>,
    #[serde(borrow)]
    reason: Cow<'a, str>,
}

pub(super) fn insert(
    transaction: &WriteTransaction<'_>,
    id: &IdempotencyKey,
    batch: &BatchResult,
    content_hash: i64,
) -> rusqlite::Result<()> {
    let rejected: Vec<_> = batch
        .rejected
        .iter()
        .map(|(line, error)| RejectedRow {
            line: *line,
            field: error.field.as_str(),
            value: error.value.as_str().into(),
            reason: error.reason.to_string().into(),
        })
        .collect();
    let rejected = serde_json::to_string(&rejected)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    transaction
        .db()
        .prepare_cached(
            "INSERT INTO import_batches \
             (import_id, sequence, created, updated, unchanged, revision, rejected, content_hash) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            id.as_str(),
            batch.sequence.cast_signed(),
            batch.counts.created.cast_signed(),
            batch.counts.updated.cast_signed(),
            batch.counts.unchanged.cast_signed(),
            batch.revision.0.cast_signed(),
            rejected,
            content_hash,
        ])?;
    Ok(())
}

/// The result of a batch that was written; `None` if it is known to have had other rows.
pub(super) fn read(
    transaction: &WriteTransaction<'_>,
    id: &IdempotencyKey,
    sequence: u64,
    content_hash: i64,
) -> rusqlite::Result<Option<BatchResult>> {
    transaction
        .db()
        .prepare_cached(
            "SELECT created, updated, unchanged, revision, rejected FROM import_batches \
             WHERE import_id = ?1 AND sequence = ?2 AND coalesce(content_hash, ?3) = ?3",
        )?
        .query_row(
            params![id.as_str(), sequence.cast_signed(), content_hash],
            |row| from_row(row, sequence),
        )
        .optional()
}

fn from_row(row: &Row<'_>, sequence: u64) -> rusqlite::Result<BatchResult> {
    let number = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
    let unreadable =
        |error| rusqlite::Error::FromSqlConversionFailure(4, Type::Text, Box::new(error));
    let rejected: Vec<RejectedRow<'_>> =
        serde_json::from_str(row.get_ref(4)?.as_str()?).map_err(unreadable)?;
    let rejected: Vec<_> = rejected
        .into_iter()
        .map(|row| {
            let error = RowError {
                field: match row.field {
                    "name" => RowField::Name,
                    _ => RowField::Email,
                },
                value: row.value.into_owned(),
                reason: RowErrorReason::Invalid(row.reason.into_owned()),
            };
            (row.line, error)
        })
        .collect();
    Ok(BatchResult {
        sequence,
        counts: ImportCounts {
            created: number(0)?,
            updated: number(1)?,
            unchanged: number(2)?,
            rejected: rejected.len() as u64,
        },
        rejected,
        revision: Revision(number(3)?),
    })
}

/// Identifies the rows of a batch.
pub(super) fn content_hash(rows: &[ImportRow]) -> i64 {
    let mut hash = Sha256::new();
    // Each text with its length: rows that differ only in where one text ends are different.
    let mut add = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    for row in rows {
        match &row.user {
            Ok(user) => {
                add(user.name.as_str());
                add(user.email.as_str());
            }
            Err(error) => {
                add(error.field.as_str());
                add(&error.value);
                add(&error.reason.to_string());
            }
        }
    }
    let hash: [u8; 32] = hash.finalize().into();
    let (first, _) = hash.split_first_chunk().unwrap_or((&[0; 8], &[]));
    i64::from_le_bytes(*first)
}
