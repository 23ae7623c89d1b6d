//! Services in this process that open the data directory.

use std::{convert::Infallible, path::PathBuf, sync::Arc, time::Duration};

use frontdesk_store::{self as store, Lock, RetentionPolicy, Store};
use tempfile::TempDir;
use tower::util::{BoxCloneSyncService, MapErr};

use super::channel::Channel;
use crate::{
    cli::{error::CliError, location::note_new, serve},
    config::{LogFormat, Settings},
    routes::{Routes, SERVICES},
    services::Health,
    telemetry::{self, Telemetry},
};

/// Larger than any request of a command.
const MAX_MESSAGE_BYTES: usize = 4 << 20;
const BOOKMARK_INTERVAL: Duration = Duration::from_secs(15);

/// How a command uses the data directory, and whether it is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Access {
    /// Must exist.
    Read,
    /// Must exist; the search index is built first.
    Search,
    /// Created if missing.
    Write,
    /// If missing, a temporary directory takes its place.
    DryRun,
}

/// A data directory that is locked while the command runs.
pub(super) struct DataDirectory {
    // Dropped in this order, so that errors while closing the store are logged.
    store: Store,
    _telemetry: Telemetry,
    _temporary: Option<TempDir>,
    path: PathBuf,
}

impl DataDirectory {
    pub(super) fn open(settings: Settings, name: &str, access: Access) -> Result<Self, CliError> {
        let policy = RetentionPolicy {
            sweep_interval: None,
            ..serve::retention_policy(&settings)
        };
        let path = settings.data;
        let mut temporary = None;
        if !store::has_database(&path) {
            match access {
                // Fails with an error that names what is missing.
                Access::Read | Access::Search => store::check_readable(&path)?,
                Access::Write => note_new(&path),
                Access::DryRun => temporary = Some(temporary_directory()?),
            }
        }
        let lock = Lock::acquire(temporary.as_ref().map_or(&path, TempDir::path), name)?;
        let store = match access {
            Access::Search => Store::open_searchable(&lock, policy)?,
            _ => Store::open(&lock, policy)?,
        };
        let telemetry = telemetry::start("error", LogFormat::Text, false)?;
        Ok(Self {
            store,
            _telemetry: telemetry,
            _temporary: temporary,
            path,
        })
    }

    /// A channel, and the directory's name for messages.
    pub(super) async fn connect(&self) -> (Channel, String) {
        let routes = Routes::new(
            Arc::new(self.store.clone()),
            MAX_MESSAGE_BYTES,
            BOOKMARK_INTERVAL,
            &Health::serving(&SERVICES).await,
        );
        let routes = MapErr::new(routes, |never: Infallible| match never {});
        let name = format!("--data: {}", self.path.display());
        (BoxCloneSyncService::new(routes), name)
    }
}

fn temporary_directory() -> Result<TempDir, CliError> {
    tempfile::tempdir()
        .map_err(|error| CliError::failed(format!("cannot create a temporary directory: {error}")))
}
