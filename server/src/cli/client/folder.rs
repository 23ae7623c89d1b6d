//! The database itself, asked as a server would be.

use std::{convert::Infallible, path::PathBuf, sync::Arc, time::Duration};

use http::Request;
use tempfile::TempDir;
use tonic::body::Body;
use tower::util::{BoxCloneSyncService, MapErr};

use super::{At, Desk, Users};
use crate::{
    cli::{say_new, serve},
    config::{LogFormat, Settings},
    failure::Failure,
    routes::{Routes, SERVICES},
    services::Health,
    telemetry::{self, Telemetry},
};
use frontdesk_store as store;
use frontdesk_store::{Lock, RetentionPolicy, Store};

/// The largest request: those of this binary are smaller.
const MAX_MESSAGE: usize = 4 << 20;
/// As servers have it where nothing else is said.
const BOOKMARKS: Duration = Duration::from_secs(15);

/// What a command wants of a folder, and what becomes of one where no directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Access {
    /// One that is there.
    Reads,
    /// One that is there, to search or sort in it: all that is found by is read first.
    Finds,
    /// One to be made where there is none.
    Writes,
    /// As for writing, but none is made that stays.
    Tries,
}

/// A folder that is this command's for as long as it runs.
pub(super) struct Folder {
    // Fields are dropped in this order: what breaks while the store closes is logged, too.
    store: Store,
    _telemetry: Telemetry,
    _made: Option<TempDir>,
    data: PathBuf,
}

impl Folder {
    pub(super) fn open(settings: Settings, who: &str, access: Access) -> Result<Self, Failure> {
        // As a server would have it, but that nothing is let go of in passing.
        let keeping = RetentionPolicy {
            look: None,
            ..serve::keeping(&settings)
        };
        let data = settings.data;
        let mut made = None;
        if !store::is_there(&data) {
            match access {
                // Says what is missing.
                Access::Reads | Access::Finds => store::check(&data)?,
                Access::Writes => say_new(&data),
                Access::Tries => made = Some(somewhere()?),
            }
        }
        let place = made.as_ref().map_or(&*data, TempDir::path);
        let lock = Lock::take(place, who)?;
        let store = match access {
            Access::Finds => Store::open_to_find(&lock, keeping)?,
            _ => Store::open(&lock, keeping)?,
        };
        // What a server's log would say of what broke.
        let telemetry = telemetry::start("error", LogFormat::Human)?;
        Ok(Self {
            store,
            _telemetry: telemetry,
            _made: made,
            data,
        })
    }

    pub(super) async fn desk(&self) -> Desk {
        let health = Health::serving(&SERVICES).await;
        let routes = Routes::new(
            Arc::new(self.store.clone()),
            MAX_MESSAGE,
            BOOKMARKS,
            &health,
        );
        let routes = MapErr::new(routes, |never: Infallible| match never {});
        let service = BoxCloneSyncService::<Request<Body>, _, _>::new(routes);
        Desk {
            users: Users::new(service),
            at: At::Folder(self.data.clone()),
        }
    }
}

fn somewhere() -> Result<TempDir, Failure> {
    tempfile::tempdir()
        .map_err(|error| Failure::broken(format!("a folder to try it in can't be made: {error}")))
}
