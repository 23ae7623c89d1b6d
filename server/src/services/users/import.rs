//! `ImportUsers`.

use std::{fmt::Display, future::ready, sync::Arc};

use frontdesk::user::{
    ImportBatch, ImportBatchResult, ImportCounts, ImportRow, ImportStarted, ImportUsersRequest,
    ImportUsersResponse, OnExisting, RejectedRow, StartImport, import_users_request,
    import_users_response,
};
use futures_util::{
    FutureExt as _, StreamExt as _,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use tonic::{Extensions, Status, Streaming};

use super::super::{context, status};
use frontdesk_directory as directory;
use frontdesk_directory::{
    Directory, Email, IdempotencyKey, Import, Name, NewUser, PendingBatch, RowError,
    RowErrorReason, RowField,
};

/// How many batches of one call wait to be on disk at most; no more is read meanwhile. What waits
/// is committed together: the more, the less often the indexes are written, the longer a single
/// change waits that comes behind them, and the more memory it takes. Beyond six, no import was
/// faster.
const UNDER_WAY: usize = 6;

/// How many characters of a refused value are said again.
const LONGEST_VALUE: usize = 300;

type Answer = BoxFuture<'static, Result<ImportUsersResponse, Status>>;

/// The answers to the requests, each as soon as it and those before it are on disk.
pub(super) fn responses(
    directory: Arc<dyn Directory>,
    requests: Streaming<ImportUsersRequest>,
    extensions: Extensions,
) -> BoxStream<'static, Result<ImportUsersResponse, Status>> {
    let call = Call {
        directory,
        requests,
        extensions: Arc::new(extensions),
        number: 0,
        import: None,
    };
    let answers = stream::unfold(Some(call), |call| async {
        let mut call = call?;
        match call.next().await {
            Ok(Some(answer)) => Some((answer, Some(call))),
            Ok(None) => None,
            // After the answers to what was right before it; nothing after it is read.
            Err(status) => Some((ready(Err(status)).boxed(), None)),
        }
    });
    answers.buffered(UNDER_WAY).boxed()
}

struct Call {
    directory: Arc<dyn Directory>,
    requests: Streaming<ImportUsersRequest>,
    extensions: Arc<Extensions>,
    /// That of the next request; the first is 0.
    number: u64,
    import: Option<UnderWay>,
}

struct UnderWay {
    import: Box<dyn Import>,
    next: Next,
}

/// Which sequence the next batch may have.
#[derive(Clone, Copy)]
enum Next {
    /// The first batch of a call: the one behind the last that was taken, or one before that.
    UpTo(u64),
    Is(u64),
}

impl Call {
    /// The answer to the next request; nothing where there is none.
    async fn next(&mut self) -> Result<Option<Answer>, Status> {
        let Some(request) = self.requests.message().await? else {
            return match self.import {
                Some(_) => Ok(None),
                None => Err(status::bad_field("requests", "must begin with `start`")),
            };
        };
        let number = self.number;
        self.number += 1;
        match (request.kind, &mut self.import) {
            (Some(import_users_request::Kind::Start(begin)), None) => {
                self.begin(begin).await.map(Some)
            }
            (Some(import_users_request::Kind::Batch(batch)), Some(under_way)) => {
                let extensions = Arc::clone(&self.extensions);
                take(under_way, batch, number, extensions).await.map(Some)
            }
            (Some(import_users_request::Kind::Start(_)), Some(_)) => Err(bad(
                number,
                "start",
                &"the import has begun: batches are next",
            )),
            (_, None) => Err(bad(number, "start", &"is needed before all others")),
            (None, Some(_)) => Err(bad(number, "batch", &"is needed")),
        }
    }

    async fn begin(&mut self, begin: StartImport) -> Result<Answer, Status> {
        let answer = self
            .directory
            .import(&context::of(&self.extensions), checked(&begin)?)
            .await;
        let (import, progress) = answer
            .map_err(|error| status::directory(&error, &self.extensions))?
            .map_err(|refused| bad(0, "start.on_existing", &refused))?;
        let next = Next::UpTo(progress.last_sequence + 1);
        self.import = Some(UnderWay { import, next });
        let first = ImportStarted {
            last_sequence: progress.last_sequence.cast_signed(),
            counts: Some(counts(progress.counts)),
        };
        let kind = Some(import_users_response::Kind::Started(first));
        Ok(ready(Ok(ImportUsersResponse { kind })).boxed())
    }
}

/// Gives the directory a batch when it has room for it.
async fn take(
    under_way: &mut UnderWay,
    batch: ImportBatch,
    number: u64,
    extensions: Arc<Extensions>,
) -> Result<Answer, Status> {
    let sequence = u64::try_from(batch.sequence).unwrap_or_default();
    let is_next = match under_way.next {
        Next::UpTo(last) => (1..=last).contains(&sequence),
        Next::Is(next) => sequence == next,
    };
    if !is_next {
        let why = match under_way.next {
            Next::UpTo(1) => "must be 1 for the first batch".to_owned(),
            Next::UpTo(last) => format!("must be from 1 to {last}, the batch that comes next"),
            Next::Is(next) => format!("must be {next}, one more than that of the batch before"),
        };
        return Err(bad(number, "batch.sequence", &why));
    }
    if batch.rows.is_empty() || batch.rows.len() > directory::ImportBatch::MAX_ROWS {
        let max = directory::ImportBatch::MAX_ROWS;
        let why = format!("must be 1 to {max}, not {}", batch.rows.len());
        return Err(bad(number, "batch.rows", &why));
    }
    under_way.next = Next::Is(sequence + 1);
    let rows = batch.rows.into_iter().map(row).collect();
    let batch = directory::ImportBatch { sequence, rows };
    let importing = under_way.import.write(batch).await;
    let importing = importing.map_err(|error| status::directory(&error, &extensions))?;
    Ok(answered(importing, number, extensions).boxed())
}

async fn answered(
    importing: PendingBatch,
    number: u64,
    extensions: Arc<Extensions>,
) -> Result<ImportUsersResponse, Status> {
    let imported = importing
        .await
        .map_err(|error| status::directory(&error, &extensions))?;
    let imported = imported.map_err(|refused| match refused {
        directory::ImportRejection::OnExistingMismatch => bad(0, "start.on_existing", &refused),
        directory::ImportRejection::UnexpectedSequence(_) => {
            bad(number, "batch.sequence", &refused)
        }
        directory::ImportRejection::BatchMismatch => bad(number, "batch.rows", &refused),
    })?;
    let refused = imported
        .rejected
        .into_iter()
        .map(|(line, bad)| RejectedRow {
            line,
            field: bad.field.as_str().to_owned(),
            value: bad.value,
            reason: bad.reason.to_string(),
        });
    let batch = ImportBatchResult {
        sequence: imported.sequence.cast_signed(),
        counts: Some(counts(imported.counts)),
        rejected_rows: refused.collect(),
        revision: imported.revision.0.cast_signed(),
    };
    let kind = Some(import_users_response::Kind::Batch(batch));
    Ok(ImportUsersResponse { kind })
}

fn checked(begin: &StartImport) -> Result<directory::StartImport, Status> {
    let id = match IdempotencyKey::parse(&begin.import_id) {
        Ok(Some(id)) => id,
        Ok(None) => return Err(bad(0, "start.import_id", &"is needed: a UUID, for one")),
        Err(why) => return Err(bad(0, "start.import_id", &why)),
    };
    let on_existing = match OnExisting::try_from(begin.on_existing) {
        Ok(OnExisting::Unspecified) => directory::OnExisting::Reject,
        Ok(OnExisting::Skip) => directory::OnExisting::Skip,
        Ok(OnExisting::Update) => directory::OnExisting::Update,
        Err(_) => return Err(bad(0, "start.on_existing", &"must be one of OnExisting")),
    };
    Ok(directory::StartImport {
        id,
        on_existing,
        validate_only: begin.validate_only,
    })
}

fn row(row: ImportRow) -> directory::ImportRow {
    let ImportRow { line, name, email } = row;
    let bad = |field, value: String, reason: &dyn Display| RowError {
        field,
        value: in_short(value),
        reason: RowErrorReason::Invalid(reason.to_string()),
    };
    let person = match (Name::parse(&name), Email::parse(&email)) {
        (Ok(name), Ok(email)) => Ok(NewUser { name, email }),
        (Err(why), _) => Err(bad(RowField::Name, name, &why)),
        (_, Err(why)) => Err(bad(RowField::Email, email, &why)),
    };
    directory::ImportRow { line, user: person }
}

/// As much of a refused value as is said again: it may be as long as a request, and is kept for a day.
fn in_short(mut value: String) -> String {
    if let Some((end, _)) = value.char_indices().nth(LONGEST_VALUE) {
        value.truncate(end);
        // It waits for its turn, with a thousand like it.
        value.shrink_to_fit();
    }
    value
}

fn counts(counts: directory::ImportCounts) -> ImportCounts {
    ImportCounts {
        created: counts.created.cast_signed(),
        updated: counts.updated.cast_signed(),
        unchanged: counts.unchanged.cast_signed(),
        rejected: counts.rejected.cast_signed(),
    }
}

/// `INVALID_ARGUMENT` for a field of the request with this number.
fn bad(number: u64, field: &str, why: &dyn Display) -> Status {
    status::bad_field(&format!("requests[{number}].{field}"), &why.to_string())
}
