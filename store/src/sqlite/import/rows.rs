//! The rows of a batch.

use frontdesk_directory::{
    BatchResult, ImportBatch, ImportCounts, NewUser, Revision, RowError, RowErrorReason, RowField,
    rules::RowOutcome,
};

/// Imports the rows of a batch, each with `import`. The result has no revision yet.
pub(super) fn import<E>(
    batch: &ImportBatch,
    mut import: impl FnMut(NewUser) -> Result<RowOutcome, E>,
) -> Result<BatchResult, E> {
    let mut counts = ImportCounts::default();
    let mut rejected = Vec::new();
    for row in &batch.rows {
        let user = match &row.user {
            Ok(user) => user,
            Err(error) => {
                rejected.push((row.line, error.clone()));
                continue;
            }
        };
        let reason = match import(user.clone())? {
            RowOutcome::Created => {
                counts.created += 1;
                continue;
            }
            RowOutcome::Updated => {
                counts.updated += 1;
                continue;
            }
            RowOutcome::Unchanged => {
                counts.unchanged += 1;
                continue;
            }
            RowOutcome::EmailTaken(id) => RowErrorReason::EmailTaken(id),
            RowOutcome::IdsExhausted => RowErrorReason::IdsExhausted,
        };
        let error = RowError {
            field: RowField::Email,
            value: user.email.as_str().to_owned(),
            reason,
        };
        rejected.push((row.line, error));
    }
    counts.rejected = rejected.len() as u64;
    Ok(BatchResult {
        sequence: batch.sequence,
        counts,
        rejected,
        revision: Revision(0),
    })
}
