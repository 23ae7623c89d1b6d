//! The call `ImportUsers`.

use std::path::PathBuf;

use frontdesk::user::{
    ImportBatch, ImportBatchResult, ImportStarted, ImportUsersRequest, ImportUsersResponse,
    OnExisting, StartImport, import_users_request::Kind, import_users_response,
};
use futures_util::{StreamExt as _, stream};
use tokio::sync::mpsc;
use tonic::{Status, Streaming};

use super::batches;
use crate::cli::{client::Client, error::CliError};

pub(super) struct ImportOptions {
    pub(super) id: ImportId,
    pub(super) on_existing: OnExisting,
    pub(super) dry_run: bool,
}

impl ImportOptions {
    /// What to do if the import is interrupted.
    pub(super) fn resume_hint(&self) -> &'static str {
        match self.id {
            _ if self.dry_run => "nothing was imported: run the command again",
            ImportId::Given(_) | ImportId::OfFile(..) => {
                "run the command again to resume the import"
            }
            ImportId::Unique(_) => {
                "the imported rows are kept; with --import-id, such an import could be resumed"
            }
        }
    }
}

/// Identifies an import, so that it can be resumed.
pub(super) enum ImportId {
    Given(String),
    /// The import cannot be resumed.
    Unique(String),
    /// A fingerprint of the file. When all of the file was imported with it, the file is imported
    /// again: users may have changed since.
    OfFile(String, PathBuf),
}

/// An `ImportUsers` call whose import has started.
pub(super) struct ImportCall {
    pub(super) requests: mpsc::Sender<ImportBatch>,
    pub(super) responses: ImportResponses,
    /// What was imported before, if the import is resumed.
    pub(super) started: ImportStarted,
}

pub(super) struct ImportResponses(Streaming<ImportUsersResponse>);

impl ImportCall {
    pub(super) async fn start(client: &Client, options: ImportOptions) -> Result<Self, CliError> {
        let ImportOptions {
            id,
            on_existing,
            dry_run,
        } = options;
        let request = |import_id| StartImport {
            import_id,
            on_existing: on_existing.into(),
            validate_only: dry_run,
        };
        match id {
            ImportId::Given(id) | ImportId::Unique(id) => Self::open(client, request(id)).await,
            ImportId::OfFile(id, file) => {
                let mut batches = None;
                let mut run = 1_u64;
                loop {
                    let call = Self::open(client, request(format!("{id}-{run}"))).await?;
                    let last = call.started.last_sequence;
                    if last == 0 {
                        return Ok(call);
                    }
                    // Counted only if needed, because it reads the whole file.
                    let batches = *batches.get_or_insert_with(|| batches::count(&file));
                    if batches.is_none_or(|batches| last < batches) {
                        return Ok(call);
                    }
                    run += 1;
                }
            }
        }
    }

    async fn open(client: &Client, start: StartImport) -> Result<Self, CliError> {
        let (requests, batches) = mpsc::channel::<ImportBatch>(1);
        let batches = stream::unfold(batches, |mut batches| async {
            let batch = batches.recv().await?;
            Some((Kind::Batch(batch), batches))
        });
        let stream = stream::iter([Kind::Start(start)])
            .chain(batches)
            .map(|kind| ImportUsersRequest { kind: Some(kind) });
        let responses = client.users.clone().import_users(stream).await;
        let responses = responses.map_err(|status| client.error(&status))?;
        let mut responses = ImportResponses(responses.into_inner());
        match responses.next(client).await? {
            Some(import_users_response::Kind::Started(started)) => Ok(Self {
                requests,
                responses,
                started,
            }),
            _ => Err(unexpected(client)),
        }
    }
}

impl ImportResponses {
    /// The result of the next batch.
    pub(super) async fn batch(&mut self, client: &Client) -> Result<ImportBatchResult, CliError> {
        match self.next(client).await? {
            Some(import_users_response::Kind::Batch(batch)) => Ok(batch),
            _ => Err(unexpected(client)),
        }
    }

    async fn next(
        &mut self,
        client: &Client,
    ) -> Result<Option<import_users_response::Kind>, CliError> {
        let response = self.0.message().await;
        let response = response.map_err(|status| client.error(&status))?;
        Ok(response.and_then(|response| response.kind))
    }
}

fn unexpected(client: &Client) -> CliError {
    client.error(&Status::unknown("unexpected response to ImportUsers"))
}
