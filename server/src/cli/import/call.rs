//! The call that an import is.

use std::path::PathBuf;

use frontdesk::user::{
    ImportBatch, ImportBatchResult, ImportStarted, ImportUsersRequest, ImportUsersResponse,
    OnExisting, StartImport, import_users_request::Kind, import_users_response,
};
use futures_util::{StreamExt as _, stream};
use tokio::sync::mpsc;
use tonic::{Status, Streaming};

use super::batches;
use crate::{cli::client::Desk, failure::Failure};

/// How an import is begun.
pub(super) struct Beginning {
    pub(super) id: ImportId,
    pub(super) on_existing: OnExisting,
    pub(super) dry_run: bool,
}

impl Beginning {
    /// What somebody can do where it breaks off.
    pub(super) fn goes_on(&self) -> &'static str {
        match self.id {
            _ if self.dry_run => "nothing was kept: the same command begins anew",
            ImportId::Named(_) | ImportId::OfFile(..) => {
                "the same command goes on where it broke off"
            }
            ImportId::Unique(_) => {
                "what was taken stays; with --import-id such an import can be gone on with"
            }
        }
    }
}

/// SortField which the directory knows an import that goes on.
pub(super) enum ImportId {
    /// Whatever was taken under it is not taken again.
    Named(String),
    /// One that nobody will know again.
    Unique(String),
    /// That of a file's content. Where all of the file was taken under it the file is imported
    /// again: there may be others by now.
    OfFile(String, PathBuf),
}

/// A call that has begun.
pub(super) struct Call {
    pub(super) sent: mpsc::Sender<ImportBatch>,
    answers: Streaming<ImportUsersResponse>,
    pub(super) begun: ImportStarted,
}

impl Call {
    /// Begins the import, or goes on with it.
    pub(super) async fn begin(desk: &Desk, beginning: Beginning) -> Result<Self, Failure> {
        let Beginning {
            id,
            on_existing,
            dry_run,
        } = beginning;
        let begin = |import_id| StartImport {
            import_id,
            on_existing: on_existing.into(),
            validate_only: dry_run,
        };
        match id {
            ImportId::Named(id) | ImportId::Unique(id) => Self::open(desk, begin(id)).await,
            ImportId::OfFile(id, file) => {
                let mut whole = None;
                let mut times = 1_u64;
                loop {
                    let call = Self::open(desk, begin(format!("{id}-{times}"))).await?;
                    let last = call.begun.last_sequence;
                    if last == 0 {
                        return Ok(call);
                    }
                    // Only where it is needed: it takes as long as to read the file.
                    let whole = *whole.get_or_insert_with(|| batches::count(&file));
                    if whole.is_none_or(|whole| last < whole) {
                        return Ok(call);
                    }
                    times += 1;
                }
            }
        }
    }

    async fn open(desk: &Desk, begin: StartImport) -> Result<Self, Failure> {
        let failed = |status: Status| desk.failed(&status);
        let (sent, batches) = mpsc::channel::<ImportBatch>(1);
        let batches = stream::unfold(batches, |mut batches| async {
            let batch = batches.recv().await?;
            Some((Kind::Batch(batch), batches))
        });
        let requests = stream::iter([Kind::Start(begin)])
            .chain(batches)
            .map(|kind| ImportUsersRequest { kind: Some(kind) });
        let answers = desk.users.clone().import_users(requests).await;
        let mut answers = answers.map_err(failed)?.into_inner();
        let first = answers.message().await.map_err(failed)?;
        match first.and_then(|answer| answer.kind) {
            Some(import_users_response::Kind::Started(far)) => Ok(Self {
                sent,
                answers,
                begun: far,
            }),
            _ => Err(unexpected(desk)),
        }
    }

    /// What became of the next batch.
    pub(super) async fn answer(
        answers: &mut Streaming<ImportUsersResponse>,
        desk: &Desk,
    ) -> Result<ImportBatchResult, Failure> {
        let answer = answers.message().await;
        match answer.map_err(|status| desk.failed(&status))? {
            Some(ImportUsersResponse {
                kind: Some(import_users_response::Kind::Batch(batch)),
            }) => Ok(batch),
            _ => Err(unexpected(desk)),
        }
    }

    /// Where batches go, and where their answers come from.
    pub(super) fn split(
        self,
    ) -> (
        mpsc::Sender<ImportBatch>,
        Streaming<ImportUsersResponse>,
        ImportStarted,
    ) {
        (self.sent, self.answers, self.begun)
    }
}

fn unexpected(desk: &Desk) -> Failure {
    desk.failed(&Status::unknown(
        "it does not answer as an import is answered",
    ))
}
