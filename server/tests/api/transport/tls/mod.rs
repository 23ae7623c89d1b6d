//! TLS: `--tls-cert` and `--tls-key`.

mod files;
mod protocols;
mod renewal;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tempfile::TempDir;
use tokio::net::{TcpStream, ToSocketAddrs};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// A self-signed certificate and its key.
struct Certificate(TempDir);

impl Certificate {
    fn new() -> Self {
        let certificate = Self(tempfile::tempdir().expect("temporary directory"));
        certificate.renew();
        certificate
    }

    fn renew(&self) {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).expect("certificate");
        fs::write(self.cert(), cert.pem()).expect("file access");
        fs::write(self.key(), signing_key.serialize_pem()).expect("file access");
    }

    fn cert(&self) -> PathBuf {
        self.0.path().join("cert.pem")
    }

    fn key(&self) -> PathBuf {
        self.0.path().join("key.pem")
    }
}

/// Connects as a client that trusts `cert` and offers `protocol` (ALPN).
async fn connect(
    address: impl ToSocketAddrs,
    cert: &Path,
    protocol: &[u8],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    let cert = CertificateDer::from_pem_file(cert).expect("certificate");
    roots.add(cert).expect("valid root certificate");
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("protocol versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let name = ServerName::try_from("localhost").expect("valid server name");
    let socket = TcpStream::connect(address).await?;
    TlsConnector::from(Arc::new(config))
        .connect(name, socket)
        .await
}
