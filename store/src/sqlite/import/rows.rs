//! The rows of a batch.

use frontdesk_directory::{
    BatchResult, ImportBatch, ImportCounts, NewUser, Revision, RowError, rules::RowOutcome,
};

/// Imports the rows of a batch, each with `import`. The result has no revision yet.
pub(super) fn import<E>(
    batch: &ImportBatch,
    mut import: impl FnMut(NewUser) -> Result<RowOutcome, E>,
) -> Result<BatchResult, E> {
    let mut counts = ImportCounts::default();
    let mut rejected = Vec::new();
    for row in &batch.rows {
        let user = match &row.person {
            Ok(user) => user,
            Err(error) => {
                rejected.push((row.line, error.clone()));
                continue;
            }
        };
        let email = || user.email.as_str().to_owned();
        match import(user.clone())? {
            RowOutcome::Created => counts.created += 1,
            RowOutcome::Updated => counts.updated += 1,
            RowOutcome::Unchanged => counts.unchanged += 1,
            RowOutcome::EmailTaken(id) => rejected.push((row.line, RowError::taken(email(), id))),
            RowOutcome::NoMoreIds => rejected.push((row.line, RowError::no_more_ids(email()))),
        }
    }
    counts.rejected = rejected.len() as u64;
    Ok(BatchResult {
        sequence: batch.sequence,
        counts,
        rejected,
        revision: Revision(0),
    })
}
