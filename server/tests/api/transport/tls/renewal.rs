//! SIGHUP reloads the certificate.

use std::{fs, time::Duration};

use rcgen::KeyPair;
use tokio::time::{sleep, timeout};

use super::{Certificate, connect};
use crate::helpers::{ServerProcess, TIMEOUT, serve_command};

#[tokio::test]
async fn a_renewed_certificate_is_used_after_sighup() {
    let certificate = Certificate::new();
    let home = tempfile::tempdir().expect("temporary directory");
    let server = ServerProcess::start(
        serve_command(home.path())
            .arg("--tls-cert")
            .arg(certificate.cert())
            .arg("--tls-key")
            .arg(certificate.key()),
    );
    assert!(server.url.starts_with("https://"), "{}", server.url);
    let address = server.address();

    let first = certificate.0.path().join("first.pem");
    fs::copy(certificate.cert(), &first).expect("file access");

    // The signal handler is installed before the first connection is accepted.
    let old = connect(address, &first, b"h2").await;
    old.expect("the certificate is used");

    // A key that does not match the certificate is ignored.
    let other = KeyPair::generate().expect("key pair");
    fs::write(certificate.key(), other.serialize_pem()).expect("file access");
    server.signal("HUP");
    for _ in 0..10 {
        let old = connect(address, &first, b"h2").await;
        old.expect("the old certificate is still used");
    }

    certificate.renew();
    server.signal("HUP");
    // Nothing reports the end of a reload: poll.
    let reloaded = async {
        while connect(address, &certificate.cert(), b"h2").await.is_err() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    let reloaded = timeout(TIMEOUT, reloaded).await;
    reloaded.expect("the new certificate in time");
}
