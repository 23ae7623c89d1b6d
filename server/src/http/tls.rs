//! TLS for every connection, where a certificate is given.
//!
//! A port speaks TLS or it does not: what would take either lets whoever stands in between choose.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use rustls::{
    ServerConfig,
    crypto::{CryptoProvider, ring},
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{self, PemObject as _},
    },
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::{
    net::TcpStream,
    signal::unix::{SignalKind, signal},
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_util::sync::CancellationToken;

use crate::{failure::Failure, small_file};

/// What is spoken inside, by preference (RFC 7301). Browsers only speak HTTP/2 where it is offered,
/// and need HTTP/1.1 for most `WebSocket`s.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// How connections are encrypted. Cloning is shallow.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    certificate: Arc<Certificate>,
}

impl Tls {
    /// TLS 1.2 and 1.3 with the certificates and the key of these PEM files: the server's own
    /// certificate first, then those that lead to one that clients trust. Nothing where neither
    /// file is given.
    ///
    /// # Errors
    ///
    /// Names the setting, and the file that can't be read, is no such thing, or does not go with
    /// the other.
    pub fn of(cert: Option<&PathBuf>, key: Option<&PathBuf>) -> Result<Option<Self>, Failure> {
        let (cert, key) = match (cert, key) {
            (None, None) => return Ok(None),
            (Some(cert), Some(key)) => (cert, key),
            (Some(_), None) => return Err(missing("--tls-key", "--tls-cert")),
            (None, Some(_)) => return Err(missing("--tls-cert", "--tls-key")),
        };
        let provider = Arc::new(ring::default_provider());
        let certificate = Arc::new(Certificate::load(cert, key, Arc::clone(&provider))?);
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Failure::failed(format!("TLS can't be set up: {error}")))?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&certificate) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
        Ok(Some(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            certificate,
        }))
    }

    /// Reads the files again at every SIGHUP, until `shutdown`: a certificate that was renewed is
    /// used for new connections. Files that will not do change nothing.
    ///
    /// # Errors
    ///
    /// Where the system has no such signal to give.
    pub fn renew_on_hangup(&self, shutdown: CancellationToken) -> Result<(), Failure> {
        let mut hangup = signal(SignalKind::hangup())
            .map_err(|error| Failure::failed(format!("can't listen for signals: {error}")))?;
        let certificate = Arc::clone(&self.certificate);
        tokio::spawn(async move {
            while let Some(Some(())) = shutdown.run_until_cancelled(hangup.recv()).await {
                // A disk that does not answer is not to hold up those who are served.
                let certificate = Arc::clone(&certificate);
                tokio::task::spawn_blocking(move || match certificate.renew() {
                    Ok(()) => tracing::info!("the certificate was read again"),
                    Err(error) => {
                        tracing::error!(%error, "the certificate stays the old one");
                    }
                });
            }
        });
        Ok(())
    }

    /// Agrees with a peer on how to encrypt.
    pub(crate) async fn accept(
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

/// The certificate that is shown to all peers, whatever name they ask for.
struct Certificate {
    cert: PathBuf,
    key: PathBuf,
    provider: Arc<CryptoProvider>,
    current: RwLock<Arc<CertifiedKey>>,
}

impl Certificate {
    fn load(cert: &Path, key: &Path, provider: Arc<CryptoProvider>) -> Result<Self, Failure> {
        let current = RwLock::new(Arc::new(read(cert, key, &provider)?));
        Ok(Self {
            cert: cert.to_path_buf(),
            key: key.to_path_buf(),
            provider,
            current,
        })
    }

    fn renew(&self) -> Result<(), Failure> {
        let renewed = Arc::new(read(&self.cert, &self.key, &self.provider)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = renewed;
        Ok(())
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&current))
    }
}

impl fmt::Debug for Certificate {
    /// The file's name only: a key is never shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.cert.display())
    }
}

fn read(cert: &Path, key: &Path, provider: &CryptoProvider) -> Result<CertifiedKey, Failure> {
    let chain = bytes(cert)
        .and_then(|pem| CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>())
        .and_then(|chain| {
            if chain.is_empty() {
                Err(pem::Error::NoItemsFound)
            } else {
                Ok(chain)
            }
        })
        .map_err(|error| unreadable("--tls-cert", "certificate", cert, &error))?;
    let private = bytes(key)
        .and_then(|pem| PrivateKeyDer::from_pem_slice(&pem))
        .map_err(|error| unreadable("--tls-key", "private key", key, &error))?;
    CertifiedKey::from_der(chain, private, provider).map_err(|error| {
        let (cert, key) = (cert.display(), key.display());
        Failure::usage(match error {
            rustls::Error::InconsistentKeys(_) => {
                format!("--tls-key: {key} is not the key of the certificate in {cert}")
            }
            rustls::Error::InvalidCertificate(_) => {
                format!("--tls-cert: {cert} is damaged: its first certificate can't be read")
            }
            _ => format!("--tls-key: {key} is no RSA, ECDSA or Ed25519 key that can be read"),
        })
    })
}

fn bytes(file: &Path) -> Result<Vec<u8>, pem::Error> {
    small_file::read(file).map_err(pem::Error::Io)
}

fn missing(one: &str, other: &str) -> Failure {
    Failure::usage(format!("{one}: is missing; {other} needs it"))
}

fn unreadable(setting: &str, what: &str, file: &Path, error: &pem::Error) -> Failure {
    let why = match error {
        pem::Error::NoItemsFound => format!("there is no {what} in it, in PEM format"),
        pem::Error::Io(error) => error.to_string(),
        pem::Error::MissingSectionEnd { .. } => {
            format!("the end of a {what} is missing: the file is cut off")
        }
        // What the parser says else is of its own making, and may show parts of a key.
        _ => "it is not PEM".to_owned(),
    };
    Failure::usage(format!("{setting}: can't read {}: {why}", file.display()))
}
