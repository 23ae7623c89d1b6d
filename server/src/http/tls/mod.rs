//! TLS for all connections, if a certificate is configured.
//!
//! A port accepts either TLS or cleartext: with both, an attacker in the network could choose.

mod certificate;

use std::{fmt, io, path::PathBuf, sync::Arc, time::Duration};

use rustls::{ServerConfig, crypto::ring, server::ResolvesServerCert};
use tokio::{
    net::TcpStream,
    signal::unix::{SignalKind, signal},
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_util::sync::CancellationToken;

use self::certificate::ReloadableCertificate;
use super::SetupError;

/// In order of preference (RFC 7301). Browsers use HTTP/2 only if it is offered, and need HTTP/1.1 for
/// most WebSockets.
const ALPN_PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// The TLS configuration. Cloning is cheap.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    certificate: Arc<ReloadableCertificate>,
}

impl Tls {
    /// TLS 1.2 and 1.3 with a certificate chain, the server's own certificate first, and its key, both
    /// in PEM files. `None` if neither file is given.
    ///
    /// # Errors
    ///
    /// One of the files is missing or invalid, or the key does not belong to the certificate.
    pub fn from_files(
        cert: Option<&PathBuf>,
        key: Option<&PathBuf>,
    ) -> Result<Option<Self>, SetupError> {
        let (cert, key) = match (cert, key) {
            (None, None) => return Ok(None),
            (Some(cert), Some(key)) => (cert, key),
            (Some(_), None) => return Err(missing("--tls-key", "--tls-cert")),
            (None, Some(_)) => return Err(missing("--tls-cert", "--tls-key")),
        };
        let provider = Arc::new(ring::default_provider());
        let certificate = ReloadableCertificate::load(cert, key, Arc::clone(&provider))?;
        let certificate = Arc::new(certificate);
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| SetupError::System {
                action: "set up TLS",
                source: io::Error::other(error),
            })?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&certificate) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = ALPN_PROTOCOLS.map(<[u8]>::to_vec).to_vec();
        Ok(Some(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            certificate,
        }))
    }

    /// Reloads the files at every SIGHUP until `shutdown`. New connections use the new certificate; if
    /// the files are invalid, the current one stays in use.
    ///
    /// # Errors
    ///
    /// The signal handler cannot be installed.
    pub fn reload_on_hangup(&self, shutdown: CancellationToken) -> Result<(), SetupError> {
        let mut hangup = signal(SignalKind::hangup()).map_err(|source| SetupError::System {
            action: "handle signals",
            source,
        })?;
        let certificate = Arc::clone(&self.certificate);
        tokio::spawn(async move {
            while let Some(Some(())) = shutdown.run_until_cancelled(hangup.recv()).await {
                // A slow disk must not block the calls on this thread.
                let certificate = Arc::clone(&certificate);
                tokio::task::spawn_blocking(move || match certificate.reload() {
                    Ok(()) => tracing::info!("certificate reloaded"),
                    Err(error) => {
                        tracing::error!(%error, "certificate not reloaded, the current one stays in use");
                    }
                });
            }
        });
        Ok(())
    }

    pub(super) async fn accept(
        &self,
        socket: TcpStream,
        within: Duration,
    ) -> io::Result<TlsStream<TcpStream>> {
        timeout(within, self.acceptor.accept(socket)).await?
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.certificate.fmt(f)
    }
}

fn missing(flag: &'static str, other: &str) -> SetupError {
    SetupError::setting(flag, format!("missing; {other} requires it"))
}
