//! Selects the server or the data directory that a command uses.

use std::{env, path::PathBuf, time::Duration};

use clap::Args;
use frontdesk_store as store;
use tokio::{runtime, time::timeout};
use tonic::transport::Endpoint;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};

use super::server::Server;
use crate::{
    cli::{error::CliError, location::Location},
    config::{Settings, Source},
};

/// The default address of a server.
const DEFAULT_URL: &str = "http://127.0.0.1:50051";
const VARIABLE: &str = "FRONTDESK_SERVER";
/// The time that a server at the default address has to respond.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// The arguments that select a server or a data directory.
#[derive(Debug, Args)]
pub(in crate::cli) struct TargetArgs {
    #[arg(
        long,
        value_name = "URL",
        conflicts_with = "data",
        help = "URL of the server [default: a server at http://127.0.0.1:50051, unless a data \
                directory is specified; otherwise the server that has the data directory open; \
                without a server, the data directory is opened directly] [env: FRONTDESK_SERVER]"
    )]
    server: Option<String>,

    /// PEM file with the CA certificates that the server's certificate must be signed by
    /// [default: those that the system trusts]
    #[arg(long, value_name = "FILE")]
    server_ca: Option<PathBuf>,

    #[command(flatten)]
    location: Location,
}

/// Where a command sends its calls.
#[derive(Debug)]
pub(in crate::cli) enum Target {
    Server(Box<Server>),
    /// The data directory of these settings, which no server has open.
    DataDirectory(Box<Settings>),
}

impl TargetArgs {
    /// # Errors
    ///
    /// An argument, a variable or the configuration file is invalid.
    pub(in crate::cli) fn resolve(self) -> Result<Target, CliError> {
        let Self {
            server,
            server_ca,
            location,
        } = self;
        let server_at = |url: &str| {
            let server = Server::new(url, server_ca)?;
            Ok(Target::Server(Box::new(server)))
        };
        // Read here, because `--data` takes precedence over the variable.
        let variable = || env::var(VARIABLE).ok().filter(|_| location.data.is_none());
        if let Some(url) = server.or_else(variable) {
            return server_at(&url);
        }
        let (settings, sources) = location.settings()?;
        if sources.source("data") == Source::Default && is_frontdesk(DEFAULT_URL) {
            return server_at(DEFAULT_URL);
        }
        match store::server_addresses(&settings.data).first() {
            Some(url) => server_at(&to_local_url(url)),
            None => Ok(Target::DataDirectory(Box::new(settings))),
        }
    }
}

impl Target {
    /// The URL of the server, so that a user sees where a command writes to.
    pub(in crate::cli) fn server_url(&self) -> Option<&str> {
        match self {
            Self::Server(server) => Some(server.url()),
            Self::DataDirectory(_) => None,
        }
    }
}

/// Replaces the unspecified address, on which a server listens, by the loopback address.
fn to_local_url(url: &str) -> String {
    url.replace("://0.0.0.0:", "://127.0.0.1:")
        .replace("://[::]:", "://[::1]:")
}

/// Whether a Frontdesk server responds at this URL.
pub(in crate::cli) fn is_frontdesk(url: &str) -> bool {
    let Ok(endpoint) = Endpoint::from_shared(url.to_owned()) else {
        return false;
    };
    let Ok(runtime) = runtime::Builder::new_current_thread().enable_all().build() else {
        return false;
    };
    let probe = async {
        let channel = endpoint.connect().await.ok()?;
        let service = "user.UserService".to_owned();
        let request = HealthCheckRequest { service };
        let response = HealthClient::new(channel).check(request).await.ok()?;
        Some(response.into_inner().status() == ServingStatus::Serving)
    };
    let result = runtime.block_on(async { timeout(PROBE_TIMEOUT, probe).await });
    result.ok().flatten().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_listens_on_all_addresses_is_called_over_loopback() {
        for (listening, called) in [
            ("http://0.0.0.0:50051/", "http://127.0.0.1:50051/"),
            ("https://[::]:443/", "https://[::1]:443/"),
            ("http://192.0.2.1:80/", "http://192.0.2.1:80/"),
        ] {
            assert_eq!(to_local_url(listening), called);
        }
    }
}
