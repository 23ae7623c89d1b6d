//! Finding out whom to talk to.

use std::{env, time::Duration};

use confique::Layer as _;
use tokio::{runtime, time::timeout};
use tonic::transport::Endpoint;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};

use super::{Whom, server::Server};
use crate::{
    config::{Flags, Settings},
    failure::Failure,
};
use frontdesk_store as store;

/// Where a server answers that was not told otherwise.
const DEFAULT: &str = "http://127.0.0.1:50051";
const VARIABLE: &str = "FRONTDESK_SERVER";
/// How long a server that nobody named has to say that it is one.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whom to talk to.
#[derive(Debug)]
pub(in crate::cli) enum Found {
    Server(Box<Server>),
    /// The database in the folder of these settings, which no server has open.
    Folder(Box<Settings>),
}

impl Whom {
    /// Finds out whom to talk to.
    ///
    /// # Errors
    ///
    /// A flag, a variable or a file says something that can't be.
    pub(in crate::cli) fn find(self) -> Result<Found, Failure> {
        let Self {
            server,
            server_ca,
            data,
            config,
        } = self;
        let is_said = data.is_some();
        let named = server
            .map(|url| ("--server", url))
            .or_else(|| match env::var(VARIABLE) {
                Ok(url) if !is_said => Some((VARIABLE, url)),
                _ => None,
            });
        if let Some((setting, url)) = named {
            return Server::new(&url, setting, server_ca).map(Found::server_at);
        }
        let flags = Flags {
            data,
            ..Flags::empty()
        };
        let settings = Settings::load(flags, config.as_ref())?;
        let data = &settings.data;
        if !is_said && *data == Settings::default_data() && answers(DEFAULT) {
            return Server::new(DEFAULT, "--server", server_ca).map(Found::server_at);
        }
        // The one of its addresses that comes first is as good as any.
        match store::served(data).first() {
            Some(url) => Server::new(&reachable(url), "--server", server_ca).map(Found::server_at),
            None => Ok(Found::Folder(Box::new(settings))),
        }
    }
}

impl Found {
    fn server_at(server: Server) -> Self {
        Self::Server(Box::new(server))
    }

    /// The server: who writes there by mistake is to see where.
    pub(in crate::cli) fn server(&self) -> Option<&str> {
        match self {
            Self::Server(server) => Some(server.url()),
            Self::Folder(_) => None,
        }
    }
}

/// An address that listens on all of a machine's is none that one can call.
fn reachable(url: &str) -> String {
    url.replace("://0.0.0.0:", "://127.0.0.1:")
        .replace("://[::]:", "://[::1]:")
}

/// Whether a Frontdesk answers there.
pub(in crate::cli) fn answers(url: &str) -> bool {
    let Ok(endpoint) = Endpoint::from_shared(url.to_owned()) else {
        return false;
    };
    let Ok(runtime) = runtime::Builder::new_current_thread().enable_all().build() else {
        return false;
    };
    let asked = async {
        let channel = endpoint.connect().await.ok()?;
        let service = "user.UserService".to_owned();
        let request = HealthCheckRequest { service };
        let answer = HealthClient::new(channel).check(request).await.ok()?;
        Some(answer.into_inner().status() == ServingStatus::Serving)
    };
    let answered = runtime.block_on(async { timeout(PATIENCE, asked).await });
    answered.ok().flatten().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_on_all_addresses_is_called_on_this_machines() {
        for (said, called) in [
            ("http://0.0.0.0:50051/", "http://127.0.0.1:50051/"),
            ("https://[::]:443/", "https://[::1]:443/"),
            ("http://192.0.2.1:80/", "http://192.0.2.1:80/"),
        ] {
            assert_eq!(reachable(said), called);
        }
    }
}
