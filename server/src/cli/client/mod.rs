//! Where the commands send their calls: to a server, or to services in this process that open the
//! data directory. A command is written once, with the stubs of `user.UserService`.

mod channel;
mod data_directory;
mod server;
mod status;
mod target;

use std::time::Duration;

use frontdesk::user::user_service_client::UserServiceClient;
use tokio::runtime::Runtime;
use tonic::Status;

use self::{channel::Channel, data_directory::DataDirectory};
pub(super) use self::{
    data_directory::Access,
    target::{Target, TargetArgs, is_frontdesk},
};
use crate::cli::error::CliError;

pub(super) struct Client {
    pub(super) users: UserServiceClient<Channel>,
    /// Of a server or a data directory, for messages.
    target: String,
}

impl Client {
    /// Converts the status of a call that failed.
    pub(super) fn error(&self, status: &Status) -> CliError {
        status::to_error(&self.target, status)
    }
}

impl Target {
    /// Connects to the server or opens the data directory for the command `name`, and runs `work`.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, the data directory cannot be used, or `work` failed.
    pub(super) fn run<T>(
        self,
        name: &str,
        access: Access,
        work: impl AsyncFnOnce(&Client) -> Result<T, CliError>,
    ) -> Result<T, CliError> {
        let runtime = Runtime::new()
            .map_err(|error| CliError::failed(format!("cannot start the runtime: {error}")))?;
        match self {
            Self::Server(server) => runtime.block_on(async {
                let (channel, target) = server.connect().await?;
                let users = UserServiceClient::new(channel);
                work(&Client { users, target }).await
            }),
            Self::DataDirectory(settings) => {
                let directory = DataDirectory::open(*settings, name, access)?;
                let result = runtime.block_on(async {
                    let (channel, target) = directory.connect().await;
                    let users = UserServiceClient::new(channel);
                    work(&Client { users, target }).await
                });
                // Calls that were aborted still use the store; it is closed after them.
                runtime.shutdown_timeout(Duration::from_secs(1));
                result
            }
        }
    }
}
