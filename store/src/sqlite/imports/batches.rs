//! What was answered to batches, for those that are sent again.

use rusqlite::{OptionalExtension as _, Row, params, types::Type};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::sqlite::metadata::WriteTransaction;
use frontdesk_directory::{
    BatchResult, IdempotencyKey, ImportCounts, ImportRow, Revision, RowError, RowErrorReason,
    RowField,
};

/// A refused row as it stands in the table.
#[derive(Serialize, Deserialize)]
struct Rejection<'text> {
    line: i64,
    field: &'text str,
    #[serde(borrow)]
    value: std::borrow::Cow<'text, str>,
    #[serde(borrow)]
    reason: std::borrow::Cow<'text, str>,
}

pub(super) fn remember(
    changing: &WriteTransaction<'_>,
    id: &IdempotencyKey,
    batch: &BatchResult,
    content: i64,
) -> rusqlite::Result<()> {
    let refused: Vec<_> = batch
        .rejected
        .iter()
        .map(|(line, bad)| Rejection {
            line: *line,
            field: bad.field.as_str(),
            value: bad.value.as_str().into(),
            reason: bad.reason.to_string().into(),
        })
        .collect();
    let refused = serde_json::to_string(&refused)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    changing
        .db
        .prepare_cached(
            "INSERT INTO import_batches \
             (import, sequence, created, changed, unchanged, revision, refused, content) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            id.as_str(),
            batch.sequence.cast_signed(),
            batch.counts.created.cast_signed(),
            batch.counts.updated.cast_signed(),
            batch.counts.unchanged.cast_signed(),
            batch.revision.0.cast_signed(),
            refused,
            content,
        ])?;
    Ok(())
}

/// What was answered to a batch that was taken; nothing where what was in it is not known to have been
/// this content.
pub(super) fn answer(
    changing: &WriteTransaction<'_>,
    id: &IdempotencyKey,
    sequence: u64,
    content: i64,
) -> rusqlite::Result<Option<BatchResult>> {
    changing
        .db
        .prepare_cached(
            "SELECT created, changed, unchanged, revision, refused FROM import_batches \
             WHERE import = ?1 AND sequence = ?2 AND coalesce(content, ?3) = ?3",
        )?
        .query_row(
            params![id.as_str(), sequence.cast_signed(), content],
            |row| from_row(row, sequence),
        )
        .optional()
}

/// A hash of a batch's rows.
pub(super) fn content(rows: &[ImportRow]) -> i64 {
    let mut hash = Sha256::new();
    // Of a length and the text, so that no two rows are alike but for where one text ends.
    let mut text = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    for row in rows {
        match &row.user {
            Ok(person) => {
                text(person.name.as_str());
                text(person.email.as_str());
            }
            Err(bad) => {
                text(bad.field.as_str());
                text(&bad.value);
                text(&bad.reason.to_string());
            }
        }
    }
    let hash: [u8; 32] = hash.finalize().into();
    let (first, _) = hash.split_first_chunk().unwrap_or((&[0; 8], &[]));
    i64::from_le_bytes(*first)
}

fn from_row(row: &Row<'_>, sequence: u64) -> rusqlite::Result<BatchResult> {
    let number = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
    let unreadable =
        |error| rusqlite::Error::FromSqlConversionFailure(4, Type::Text, Box::new(error));
    let refused: Vec<Rejection<'_>> =
        serde_json::from_str(row.get_ref(4)?.as_str()?).map_err(unreadable)?;
    let refused: Vec<_> = refused
        .into_iter()
        .map(|row| {
            let bad = RowError {
                field: match row.field {
                    "name" => RowField::Name,
                    _ => RowField::Email,
                },
                value: row.value.into_owned(),
                reason: RowErrorReason::Invalid(row.reason.into_owned()),
            };
            (row.line, bad)
        })
        .collect();
    Ok(BatchResult {
        sequence,
        counts: ImportCounts {
            created: number(0)?,
            updated: number(1)?,
            unchanged: number(2)?,
            rejected: refused.len() as u64,
        },
        rejected: refused,
        revision: Revision(number(3)?),
    })
}
