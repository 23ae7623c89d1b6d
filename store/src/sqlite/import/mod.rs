//! Imports: users in batches, each of which is written exactly once, whatever fails in between.

mod batch_results;
mod dry_run;
mod progress;
mod rows;

use std::sync::Arc;

use async_trait::async_trait;
use frontdesk_directory::{
    Actor, BatchResult, CommandResult, Error, IdempotencyKey, Import, ImportBatch, ImportProgress,
    ImportRejection, OnExisting, PendingBatch, RequestContext, StartImport,
    rules::{self, BatchPosition},
};

use self::dry_run::DryRun;
use super::{shared::Shared, transaction::WriteTransaction};
use crate::reply::receive;

/// Starts an import, or resumes one.
pub(super) async fn start(
    shared: &Arc<Shared>,
    context: &RequestContext,
    start: StartImport,
) -> CommandResult<(Box<dyn Import>, ImportProgress), ImportRejection> {
    if start.validate_only {
        let dry_run = DryRun::new(shared, context, start.on_existing);
        return Ok(Ok((Box::new(dry_run), ImportProgress::default())));
    }
    let id = start.id.clone();
    let read = shared.queue(context, None, move |transaction| {
        progress::read(transaction, &id)
    });
    let progress = match rules::resume(start.on_existing, receive(read.await?).await?) {
        Ok(progress) => progress,
        Err(rejection) => return Ok(Err(rejection)),
    };
    let import = StoredImport {
        shared: Arc::clone(shared),
        context: context.clone(),
        id: start.id,
        on_existing: start.on_existing,
    };
    Ok(Ok((Box::new(import), progress)))
}

/// An import in progress; it keeps the store open.
struct StoredImport {
    shared: Arc<Shared>,
    context: RequestContext,
    id: IdempotencyKey,
    on_existing: OnExisting,
}

#[async_trait]
impl Import for StoredImport {
    async fn write(&mut self, batch: ImportBatch) -> Result<PendingBatch, Error> {
        let content_hash = batch_results::content_hash(&batch.rows);
        let (id, on_existing) = (self.id.clone(), self.on_existing);
        let actor = self.context.caller.clone();
        // Held until the batch is on disk: the change of another client queues behind a few batches,
        // not behind all of them.
        let permit = self.shared.import_batches.acquire().await?;
        let queued = self
            .shared
            .queue(&self.context, Some(permit), move |transaction| {
                write(transaction, &actor, &id, on_existing, &batch, content_hash)
            });
        let response = queued.await?;
        Ok(Box::pin(receive(response)))
    }
}

/// Writes a batch, or returns its stored result. Its rows, its result and the progress of the import
/// are one transaction.
fn write(
    transaction: &mut WriteTransaction<'_>,
    actor: &Actor,
    id: &IdempotencyKey,
    on_existing: OnExisting,
    batch: &ImportBatch,
    content_hash: i64,
) -> rusqlite::Result<Result<BatchResult, ImportRejection>> {
    let stored = progress::read(transaction, id)?;
    match BatchPosition::of(batch.sequence, on_existing, stored) {
        Ok(BatchPosition::Next) => {}
        Ok(BatchPosition::Written) => {
            let result = batch_results::read(transaction, id, batch.sequence, content_hash)?;
            return Ok(result.ok_or(ImportRejection::BatchMismatch));
        }
        Err(rejection) => return Ok(Err(rejection)),
    }
    if stored.is_none() {
        progress::delete(transaction, id)?;
    }
    let mut result = rows::import(batch, |user| {
        transaction.decide(actor, |rules| rules.import_row(user, false, on_existing))
    })?;
    result.revision = transaction.revision();
    let before = stored.map(|(_, progress)| progress.counts);
    progress::write(
        transaction,
        id,
        on_existing,
        before.unwrap_or_default(),
        &result,
    )?;
    batch_results::insert(transaction, id, &result, content_hash)?;
    Ok(Ok(result))
}
