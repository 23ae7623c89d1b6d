//! Whom a command talks to: a server, or the database itself. Either way by the stubs of
//! `user.UserService`, so each command is written once and says the same.

mod failed;
mod find;
mod folder;
mod server;

use std::{path::PathBuf, time::Duration};

use clap::Args;
use frontdesk::user::user_service_client::UserServiceClient;
use http::{Request, Response};
use tokio::runtime::Runtime;
use tonic::{Status, body::Body};
use tower::util::BoxCloneSyncService;

pub(super) use self::{
    find::{Found, answers},
    folder::Access,
};
use crate::{failure::Failure, http::BoxError};

/// The stubs.
pub(super) type Users = UserServiceClient<Service>;
/// What carries a call to the desk: a connection, or nothing but a function's call.
type Service = BoxCloneSyncService<Request<Body>, Response<Body>, BoxError>;

/// Whom to talk to, as the command line says it.
#[derive(Debug, Args)]
pub(super) struct Whom {
    /// The server, where a flag says.
    #[arg(
        long,
        value_name = "URL",
        conflicts_with = "data",
        help = "Server to talk to [default: the one that has the folder of --data open; without --data http://127.0.0.1:50051, where one answers there, otherwise the folder itself] [env: FRONTDESK_SERVER]"
    )]
    server: Option<String>,

    /// Whose certificates are trusted.
    #[arg(
        long,
        value_name = "FILE",
        help = "PEM file with certificates that a server's has to be signed by [default: those that the system trusts] [env: none]"
    )]
    server_ca: Option<PathBuf>,

    /// The folder, where a flag says.
    #[arg(
        long,
        value_name = "FOLDER",
        help = "Folder that the directory is kept in: through the server that has it open, or by itself [default: ./frontdesk-data] [env: FRONTDESK_DATA]"
    )]
    data: Option<PathBuf>,

    /// A file of settings.
    #[arg(
        long,
        value_name = "FILE",
        env = "FRONTDESK_CONFIG",
        hide_env = true,
        help = "TOML file with settings [default: none] [env: FRONTDESK_CONFIG]"
    )]
    config: Option<PathBuf>,
}

/// A directory that answers.
pub(super) struct Desk {
    pub(super) users: Users,
    at: At,
}

/// Where it is.
#[derive(Clone, Debug)]
enum At {
    Server(String),
    Folder(PathBuf),
}

impl Desk {
    /// What a command says when the directory refuses it, or fails it.
    pub(super) fn failed(&self, status: &Status) -> Failure {
        failed::failed(&self.at, status)
    }
}

impl Found {
    /// Opens it for `who` (`frontdesk import`), and does the work there.
    ///
    /// # Errors
    ///
    /// Nobody answers there, the folder can't be used, or the work failed.
    pub(super) fn run<T>(
        self,
        who: &str,
        access: Access,
        work: impl AsyncFnOnce(&Desk) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let runtime = Runtime::new()
            .map_err(|error| Failure::broken(format!("the runtime can't be started: {error}")))?;
        match self {
            Self::Server(server) => runtime.block_on(async {
                let desk = server.desk().await?;
                work(&desk).await
            }),
            Self::Folder(settings) => {
                let folder = folder::Folder::open(*settings, who, access)?;
                let done = runtime.block_on(async {
                    let desk = folder.desk().await;
                    work(&desk).await
                });
                // Calls that were cut off hold the store: it is closed when they are gone.
                runtime.shutdown_timeout(Duration::from_secs(1));
                done
            }
        }
    }
}
