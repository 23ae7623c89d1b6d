//! A server that a command talks to.

use std::{error::Error, fs, path::PathBuf, time::Duration};

use http::Uri;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint};
use tower::{ServiceExt as _, util::BoxCloneSyncService};

use super::{At, Desk, Users};
use crate::failure::Failure;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// After so much silence a server is asked whether it still lives.
const KEEPALIVE: Duration = Duration::from_secs(20);
/// How much of a stream is on its way at most: lists come quicker than with 64 KiB.
const WINDOW: u32 = 1 << 20;

/// A server, and how to get there.
#[derive(Debug)]
pub(in crate::cli) struct Server {
    url: String,
    endpoint: Endpoint,
}

impl Server {
    /// # Errors
    ///
    /// `url`, which `setting` says, is none of a server, or the certificates can't be read.
    pub(super) fn new(url: &str, setting: &str, ca: Option<PathBuf>) -> Result<Self, Failure> {
        let bad = |why: &str| Failure::usage(format!("{setting}: {url}: {why}"));
        let url = url.trim_end_matches('/');
        let uri: Uri = url.parse().map_err(|_| bad("is no URL"))?;
        let encrypted = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(bad("must begin with http:// or https://")),
        };
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(bad("must be a scheme, a name and a port, and nothing else"));
        }
        let mut endpoint = Endpoint::from(uri)
            .connect_timeout(CONNECT_TIMEOUT)
            .http2_keep_alive_interval(KEEPALIVE)
            .keep_alive_timeout(KEEPALIVE)
            .initial_stream_window_size(WINDOW)
            .initial_connection_window_size(2 * WINDOW);
        if encrypted {
            endpoint = endpoint
                .tls_config(tls(ca)?)
                .map_err(|error| Failure::usage(format!("--server-ca: {}", in_full(&error))))?;
        }
        let url = url.to_owned();
        Ok(Self { url, endpoint })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Connects.
    pub(super) async fn desk(&self) -> Result<Desk, Failure> {
        let channel = self.endpoint.connect().await;
        let channel = channel.map_err(|error| unanswered(&self.url, &error))?;
        let service = BoxCloneSyncService::new(channel.map_err(Into::into));
        Ok(Desk {
            users: Users::new(service),
            at: At::Server(self.url.clone()),
        })
    }
}

fn tls(ca: Option<PathBuf>) -> Result<ClientTlsConfig, Failure> {
    let tls = ClientTlsConfig::new();
    let Some(file) = ca else {
        return Ok(tls.with_native_roots());
    };
    let pem = fs::read(&file).map_err(|error| {
        let file = file.display();
        Failure::usage(format!("--server-ca: {file}: it can't be read: {error}"))
    })?;
    Ok(tls.ca_certificate(Certificate::from_pem(pem)))
}

fn unanswered(url: &str, error: &(dyn Error + 'static)) -> Failure {
    let why = in_full(error);
    let fix = if why.contains("certificate") {
        "name it by the name in its certificate, with --server; --server-ca FILE says which \
         certificates are trusted"
    } else {
        "start one with `frontdesk serve`, or name its folder with --data"
    };
    Failure::usage(format!("no server answers at {url}: {why}; {fix}"))
}

/// The error's last cause says most; those before it that something failed.
fn in_full(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_servers_url_says_what_is_wrong_with_it() {
        for (url, why) in [
            ("localhost:50051", "http:// or https://"),
            ("ftp://localhost", "http:// or https://"),
            ("http://localhost:50051/users", "nothing else"),
            ("http://", "http:// or https://"),
            ("", "no URL"),
        ] {
            let refusal = Server::new(url, "--server", None).expect_err(url);
            assert!(refusal.to_string().contains(why), "{refusal}");
            assert!(refusal.to_string().starts_with("--server: "), "{refusal}");
            assert_eq!(refusal.code(), 2);
        }
        for url in ["http://localhost:50051/", "https://desk.example"] {
            let server = Server::new(url, "--server", None).expect(url);
            assert_eq!(server.url(), url.trim_end_matches('/'));
        }
    }
}
