use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use rustls::{
    crypto::CryptoProvider,
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{self, PemObject as _},
    },
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use crate::{http::SetupError, small_file};

/// The certificate for all clients, whatever server name they request.
pub(super) struct ReloadableCertificate {
    cert: PathBuf,
    key: PathBuf,
    provider: Arc<CryptoProvider>,
    current: RwLock<Arc<CertifiedKey>>,
}

impl ReloadableCertificate {
    pub(super) fn load(
        cert: &Path,
        key: &Path,
        provider: Arc<CryptoProvider>,
    ) -> Result<Self, SetupError> {
        let current = RwLock::new(Arc::new(read(cert, key, &provider)?));
        Ok(Self {
            cert: cert.to_path_buf(),
            key: key.to_path_buf(),
            provider,
            current,
        })
    }

    pub(super) fn reload(&self) -> Result<(), SetupError> {
        let reloaded = Arc::new(read(&self.cert, &self.key, &self.provider)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = reloaded;
        Ok(())
    }
}

impl ResolvesServerCert for ReloadableCertificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&current))
    }
}

impl fmt::Debug for ReloadableCertificate {
    /// The file name only, never the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.cert.display())
    }
}

fn read(cert: &Path, key: &Path, provider: &CryptoProvider) -> Result<CertifiedKey, SetupError> {
    let chain = read_pem(cert)
        .and_then(|pem| CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>())
        .and_then(|chain| {
            if chain.is_empty() {
                Err(pem::Error::NoItemsFound)
            } else {
                Ok(chain)
            }
        })
        .map_err(|error| unreadable("--tls-cert", "certificate", cert, &error))?;
    let private_key = read_pem(key)
        .and_then(|pem| PrivateKeyDer::from_pem_slice(&pem))
        .map_err(|error| unreadable("--tls-key", "private key", key, &error))?;
    CertifiedKey::from_der(chain, private_key, provider).map_err(|error| {
        let (cert, key) = (cert.display(), key.display());
        match error {
            rustls::Error::InconsistentKeys(_) => SetupError::setting(
                "--tls-key",
                format!("{key} is not the key of the certificate in {cert}"),
            ),
            rustls::Error::InvalidCertificate(_) => SetupError::setting(
                "--tls-cert",
                format!("the first certificate in {cert} is invalid"),
            ),
            _ => SetupError::setting(
                "--tls-key",
                format!("{key} is not a valid RSA, ECDSA or Ed25519 key"),
            ),
        }
    })
}

fn read_pem(file: &Path) -> Result<Vec<u8>, pem::Error> {
    small_file::read(file).map_err(pem::Error::Io)
}

fn unreadable(flag: &'static str, item: &str, file: &Path, error: &pem::Error) -> SetupError {
    let reason = match error {
        pem::Error::NoItemsFound => format!("it contains no {item} in PEM format"),
        pem::Error::Io(error) => error.to_string(),
        pem::Error::MissingSectionEnd { .. } => {
            format!("the end of a {item} is missing: the file is truncated")
        }
        // The parser's other messages may contain parts of a key.
        _ => "it is not in PEM format".to_owned(),
    };
    SetupError::setting(flag, format!("cannot read {}: {reason}", file.display()))
}
