//! A server that a command calls.

use std::{error::Error, fs, path::PathBuf, time::Duration};

use http::Uri;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint};
use tower::{ServiceExt as _, util::BoxCloneSyncService};

use super::channel::Channel;
use crate::cli::error::CliError;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const KEEPALIVE: Duration = Duration::from_secs(20);
/// The flow-control window of a stream: lists are received faster than with the default of 64 KiB.
const WINDOW_BYTES: u32 = 1 << 20;

#[derive(Debug)]
pub(in crate::cli) struct Server {
    url: String,
    endpoint: Endpoint,
}

impl Server {
    /// # Errors
    ///
    /// The URL is invalid, or the certificates cannot be read.
    pub(super) fn new(url: &str, ca: Option<PathBuf>) -> Result<Self, CliError> {
        let invalid = |reason: &str| CliError::usage(format!("--server: {url}: {reason}"));
        let url = url.trim_end_matches('/');
        let uri: Uri = url.parse().map_err(|_| invalid("is not a URL"))?;
        let encrypted = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(invalid("must begin with http:// or https://")),
        };
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(invalid("must consist of scheme, host and port only"));
        }
        let mut endpoint = Endpoint::from(uri)
            .connect_timeout(CONNECT_TIMEOUT)
            .http2_keep_alive_interval(KEEPALIVE)
            .keep_alive_timeout(KEEPALIVE)
            .initial_stream_window_size(WINDOW_BYTES)
            .initial_connection_window_size(2 * WINDOW_BYTES);
        if encrypted {
            endpoint = endpoint
                .tls_config(tls(ca)?)
                .map_err(|error| CliError::usage(format!("--server-ca: {}", root_cause(&error))))?;
        }
        let url = url.to_owned();
        Ok(Self { url, endpoint })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// A channel, and the server's name for messages.
    pub(super) async fn connect(&self) -> Result<(Channel, String), CliError> {
        let channel = self.endpoint.connect().await;
        let channel = channel.map_err(|error| {
            CliError::usage(format!(
                "cannot connect to {}: {}",
                self.url,
                root_cause(&error)
            ))
            .with_hint(self.connect_hint())
        })?;
        let channel = BoxCloneSyncService::new(channel.map_err(Into::into));
        Ok((channel, format!("server {}", self.url)))
    }

    fn connect_hint(&self) -> &'static str {
        if self.url.starts_with("https:") {
            "check that a server is running, that --server has the host name in its certificate, \
             and that --server-ca FILE has the CA that signed it"
        } else {
            "start a server with `frontdesk serve`, or use its data directory with --data"
        }
    }
}

fn tls(ca: Option<PathBuf>) -> Result<ClientTlsConfig, CliError> {
    let tls = ClientTlsConfig::new();
    let Some(file) = ca else {
        return Ok(tls.with_native_roots());
    };
    let pem = fs::read(&file).map_err(|error| {
        CliError::usage(format!(
            "--server-ca: cannot read {}: {error}",
            file.display()
        ))
    })?;
    Ok(tls.ca_certificate(Certificate::from_pem(pem)))
}

/// The last cause of an error: those before it only state that connecting failed.
fn root_cause(error: &(dyn Error + 'static)) -> String {
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
    fn an_invalid_url_is_rejected_with_the_reason() {
        for (url, reason) in [
            ("localhost:50051", "http:// or https://"),
            ("ftp://localhost", "http:// or https://"),
            ("http://localhost:50051/users", "port only"),
            ("http://", "http:// or https://"),
            ("", "not a URL"),
        ] {
            let error = Server::new(url, None).expect_err(url);
            assert!(error.to_string().contains(reason), "{error}");
            assert!(error.to_string().starts_with("--server: "), "{error}");
            assert_eq!(error.code(), 2);
        }
        for url in ["http://localhost:50051/", "https://directory.example"] {
            let server = Server::new(url, None).expect(url);
            assert_eq!(server.url(), url.trim_end_matches('/'));
        }
    }
}
