//! `ImportUsers`.

mod convert;

use std::{fmt::Display, future::ready, sync::Arc};

use frontdesk::user::{self, ImportUsersRequest, ImportUsersResponse, import_users_request::Kind};
use frontdesk_directory::{
    Directory, Import, ImportBatch, ImportRejection, PendingBatch, RequestContext,
};
use futures_util::{
    FutureExt as _, StreamExt as _,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use tonic::{Status, Streaming};

use crate::{grpc::bad_request::BadRequest, services::status};

/// The maximum number of batches of one call that are not on disk yet. Further batches are not read.
/// Pending batches are committed together: more of them would update the indexes less often, but delay
/// single changes and use more memory. Imports were not faster with more than six.
const MAX_PENDING_BATCHES: usize = 6;

type PendingResponse = BoxFuture<'static, Result<ImportUsersResponse, Status>>;

/// The response to each request, as soon as its batch and all earlier ones are on disk.
pub(super) fn responses(
    directory: Arc<dyn Directory>,
    requests: Streaming<ImportUsersRequest>,
    context: RequestContext,
) -> BoxStream<'static, Result<ImportUsersResponse, Status>> {
    let session = Session {
        directory,
        requests,
        context,
        next_request: 0,
        import: None,
    };
    let responses = stream::unfold(Some(session), |session| async {
        let mut session = session?;
        match session.next().await {
            Ok(Some(response)) => Some((response, Some(session))),
            Ok(None) => None,
            // After the responses to the valid requests before it. Nothing more is read.
            Err(status) => Some((ready(Err(status)).boxed(), None)),
        }
    });
    responses.buffered(MAX_PENDING_BATCHES).boxed()
}

struct Session {
    directory: Arc<dyn Directory>,
    requests: Streaming<ImportUsersRequest>,
    context: RequestContext,
    /// The index of the next request.
    next_request: u64,
    /// `None` until the first request has started or resumed it.
    import: Option<RunningImport>,
}

struct RunningImport {
    import: Box<dyn Import>,
    expected: ExpectedSequence,
}

/// The sequence of the next batch.
#[derive(Clone, Copy)]
enum ExpectedSequence {
    /// For the first batch of a call: a client that resumes may repeat batches.
    UpTo(u64),
    Exactly(u64),
}

impl ExpectedSequence {
    fn check(self, sequence: u64) -> Result<(), String> {
        match self {
            Self::UpTo(max) if (1..=max).contains(&sequence) => Ok(()),
            Self::Exactly(next) if sequence == next => Ok(()),
            Self::UpTo(1) => Err("must be 1 for the first batch".to_owned()),
            Self::UpTo(max) => Err(format!("must be from 1 to {max}, the next batch")),
            Self::Exactly(next) => Err(format!("must be {next}, the next batch")),
        }
    }
}

impl Session {
    /// The response to the next request; `None` at the end of the requests.
    async fn next(&mut self) -> Result<Option<PendingResponse>, Status> {
        let Some(request) = self.requests.message().await? else {
            return match self.import {
                Some(_) => Ok(None),
                None => Err(BadRequest::field("requests", "must begin with `start`")),
            };
        };
        let index = self.next_request;
        self.next_request += 1;
        match (request.kind, &mut self.import) {
            (Some(Kind::Start(start)), None) => self.start(start).await.map(Some),
            (Some(Kind::Batch(batch)), Some(running)) => {
                let context = self.context.clone();
                write(running, batch, index, context).await.map(Some)
            }
            (Some(Kind::Start(_)), Some(_)) => Err(bad_field(
                index,
                "start",
                "is only allowed in the first request",
            )),
            (_, None) => Err(bad_field(
                index,
                "start",
                "is required in the first request",
            )),
            (None, Some(_)) => Err(bad_field(index, "batch", "is required")),
        }
    }

    async fn start(&mut self, start: user::StartImport) -> Result<PendingResponse, Status> {
        let start =
            convert::start(&start).map_err(|(field, reason)| bad_field(0, field, reason))?;
        let (import, progress) = self
            .directory
            .import(&self.context, start)
            .await
            .map_err(|error| status::error(&error, &self.context))?
            .map_err(|rejection| reject(0, rejection))?;
        self.import = Some(RunningImport {
            import,
            expected: ExpectedSequence::UpTo(progress.last_sequence + 1),
        });
        Ok(ready(Ok(convert::started(progress))).boxed())
    }
}

/// Passes a batch on once the directory has space for it.
async fn write(
    running: &mut RunningImport,
    batch: user::ImportBatch,
    index: u64,
    context: RequestContext,
) -> Result<PendingResponse, Status> {
    let sequence = u64::try_from(batch.sequence).unwrap_or_default();
    running
        .expected
        .check(sequence)
        .map_err(|reason| bad_field(index, "batch.sequence", reason))?;
    if batch.rows.is_empty() || batch.rows.len() > ImportBatch::MAX_ROWS {
        let (max, rows) = (ImportBatch::MAX_ROWS, batch.rows.len());
        let reason = format!("must contain 1 to {max} rows, not {rows}");
        return Err(bad_field(index, "batch.rows", reason));
    }
    running.expected = ExpectedSequence::Exactly(sequence + 1);
    let rows = batch.rows.into_iter().map(convert::row).collect();
    let pending = running
        .import
        .write(ImportBatch { sequence, rows })
        .await
        .map_err(|error| status::error(&error, &context))?;
    Ok(respond(pending, index, context).boxed())
}

async fn respond(
    pending: PendingBatch,
    index: u64,
    context: RequestContext,
) -> Result<ImportUsersResponse, Status> {
    pending
        .await
        .map_err(|error| status::error(&error, &context))?
        .map(convert::batch_result)
        .map_err(|rejection| reject(index, rejection))
}

fn reject(index: u64, rejection: ImportRejection) -> Status {
    match rejection {
        ImportRejection::OnExistingMismatch => bad_field(0, "start.on_existing", rejection),
        ImportRejection::UnexpectedSequence(_) => bad_field(index, "batch.sequence", rejection),
        ImportRejection::BatchMismatch => bad_field(index, "batch.rows", rejection),
    }
}

/// `INVALID_ARGUMENT` for a field of the request with this index.
fn bad_field(index: u64, field: &str, reason: impl Display) -> Status {
    BadRequest::field(format!("requests[{index}].{field}"), reason)
}
