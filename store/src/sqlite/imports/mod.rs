//! Imports: many people in batches, each of which is taken once, whatever breaks in between.

mod batches;
mod dry_run;
mod progress;

use std::sync::Arc;

use async_trait::async_trait;

use tokio::sync::oneshot;

pub(super) use self::dry_run::MOST as MOST_DRY_RUNS;
use self::{dry_run::DryRun, progress::Progress};
use super::{
    Store,
    bulk::{self, Origin, RowOutcome},
    metadata::WriteTransaction,
    writer::work,
};
use frontdesk_directory::{
    BatchResult, CommandResult, Email, Error, IdempotencyKey, Import, ImportBatch, ImportCounts,
    ImportProgress, ImportRejection, OnExisting, PendingBatch, RowError, RowErrorReason, RowField,
    StartImport,
};

/// An import that is under way; it holds the store.
pub struct StoreImport(Way);

enum Way {
    Kept {
        store: Store,
        id: IdempotencyKey,
        on_existing: OnExisting,
    },
    Dry(DryRun),
}

/// Begins an import, or goes on with one.
pub(super) async fn begin(
    store: &Store,
    begin: StartImport,
) -> CommandResult<(StoreImport, ImportProgress), ImportRejection> {
    let StartImport {
        id,
        on_existing,
        validate_only: dry_run,
    } = begin;
    if dry_run {
        let dry = Way::Dry(DryRun::new(store, on_existing));
        return Ok(Ok((StoreImport(dry), ImportProgress::default())));
    }
    let known = id.clone();
    let progress = store
        .change(move |changing| Progress::of(changing, &known))
        .await?;
    let progress = match progress {
        Some(progress) if progress.on_existing != on_existing => {
            return Ok(Err(ImportRejection::OnExistingMismatch));
        }
        Some(progress) => progress.progress,
        None => ImportProgress::default(),
    };
    let store = store.clone();
    let way = Way::Kept {
        store,
        id,
        on_existing,
    };
    Ok(Ok((StoreImport(way), progress)))
}

#[async_trait]
impl Import for StoreImport {
    async fn write(&mut self, batch: ImportBatch) -> Result<PendingBatch, Error> {
        let answer = match &mut self.0 {
            Way::Kept {
                store,
                id,
                on_existing,
            } => {
                let (id, on_existing) = (id.clone(), *on_existing);
                let content = batches::content(&batch.rows);
                // One change of somebody else's has its turn between a few batches, not behind all
                // that wait.
                let turn = Arc::clone(store.turns_of_batches()).acquire_owned().await;
                let turn = turn.map_err(|_| Error::ShuttingDown)?;
                let (work, answer) = work(move |changing| {
                    let _held_until_answered = &turn;
                    take(changing, &id, on_existing, &batch, content)
                });
                // In turn: what is queued here first is taken first.
                let queued = store.writer()?.send(work).await;
                queued.map_err(|_| Error::ShuttingDown)?;
                answer
            }
            Way::Dry(dry) => dry.take(batch).await?,
        };
        Ok(answered(answer))
    }
}

fn answered(
    answer: oneshot::Receiver<Result<Result<BatchResult, ImportRejection>, Error>>,
) -> PendingBatch {
    Box::pin(async move { answer.await.unwrap_or(Err(Error::ShuttingDown)) })
}

/// Takes a batch, or answers as when it was taken. Its rows, its answer and how far the import is
/// by now are one transaction.
fn take(
    changing: &mut WriteTransaction<'_>,
    id: &IdempotencyKey,
    on_existing: OnExisting,
    batch: &ImportBatch,
    content: i64,
) -> rusqlite::Result<Result<BatchResult, ImportRejection>> {
    let known = Progress::of(changing, id)?;
    let mut progress = match known {
        // Another call began it at the same time.
        Some(known) if known.on_existing != on_existing => {
            return Ok(Err(ImportRejection::OnExistingMismatch));
        }
        Some(known) => known,
        None => {
            progress::forget(changing, id)?;
            Progress::new(on_existing)
        }
    };
    let sequence = batch.sequence;
    let next = progress.progress.last_sequence + 1;
    if sequence < next {
        let known = batches::answer(changing, id, sequence, content)?;
        return Ok(known.ok_or(ImportRejection::BatchMismatch));
    }
    // A batch before it could not be taken.
    if sequence > next {
        return Ok(Err(ImportRejection::UnexpectedSequence(next)));
    }
    let imported = rows(changing, batch, on_existing)?;
    progress.add(&imported);
    progress.write(changing, id)?;
    batches::remember(changing, id, &imported, content)?;
    Ok(Ok(imported))
}

fn rows(
    changing: &mut WriteTransaction<'_>,
    batch: &ImportBatch,
    on_existing: OnExisting,
) -> rusqlite::Result<BatchResult> {
    let mut counts = ImportCounts::default();
    let mut refused = Vec::new();
    for row in &batch.rows {
        let became = match &row.user {
            Ok(person) => bulk::add_one(changing, person.clone(), Origin::Real, on_existing)?,
            Err(bad) => {
                refused.push((row.line, bad.clone()));
                continue;
            }
        };
        count(&mut counts, &mut refused, row.line, became);
    }
    counts.rejected = refused.len() as u64;
    Ok(BatchResult {
        sequence: batch.sequence,
        counts,
        rejected: refused,
        revision: changing.revision(),
    })
}

fn count(
    counts: &mut ImportCounts,
    refused: &mut Vec<(i64, RowError)>,
    line: i64,
    became: RowOutcome,
) {
    match became {
        RowOutcome::New => counts.created += 1,
        RowOutcome::Changed => counts.updated += 1,
        RowOutcome::AlreadyThere => counts.unchanged += 1,
        RowOutcome::Taken(email, by) => {
            refused.push((line, rejected(email, RowErrorReason::EmailTaken(by))));
        }
        RowOutcome::WithoutId(email) => {
            refused.push((line, rejected(email, RowErrorReason::IdsExhausted)));
        }
    }
}

fn rejected(email: Email, reason: RowErrorReason) -> RowError {
    RowError {
        field: RowField::Email,
        value: email.into_string(),
        reason,
    }
}
