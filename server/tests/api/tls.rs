//! TLS: native gRPC and gRPC-Web over it, what is refused, certificates that are renewed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use frontdesk::greeter::HelloRequest;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::helpers::{Open, Server, frontdesk, message};

/// A certificate and its key, in files.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        let files = Self(tempfile::tempdir().expect("a folder"));
        files.renew();
        files
    }

    fn renew(&self) {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        fs::write(self.cert(), cert.pem()).expect("a file");
        fs::write(self.key(), signing_key.serialize_pem()).expect("a file");
    }

    fn cert(&self) -> PathBuf {
        self.0.path().join("cert.pem")
    }

    fn key(&self) -> PathBuf {
        self.0.path().join("key.pem")
    }

    async fn desk(&self) -> Server {
        Server::open_with(|settings| {
            settings.tls_cert = Some(self.cert());
            settings.tls_key = Some(self.key());
            settings.header_timeout = 1;
        })
        .await
    }
}

/// Connects as somebody who trusts `cert` and speaks `protocol`.
async fn connect(
    address: impl tokio::net::ToSocketAddrs,
    cert: &Path,
    protocol: &[u8],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    let cert = CertificateDer::from_pem_file(cert).expect("a certificate");
    roots.add(cert).expect("a root");
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let name = ServerName::try_from("localhost").expect("a name");
    let socket = TcpStream::connect(address).await?;
    TlsConnector::from(Arc::new(config))
        .connect(name, socket)
        .await
}

fn hello(uri: &str, content_type: &str) -> Request<Full<Bytes>> {
    let body = message(&HelloRequest { name: "Ada".into() });
    Request::post(uri)
        .header("host", "localhost")
        .header("content-type", content_type)
        .body(Full::new(body.into()))
        .expect("a request")
}

#[tokio::test]
async fn native_grpc_is_spoken_where_h2_is_agreed_on() {
    let files = Files::new();
    let desk = files.desk().await;
    let socket = connect(desk.address, &files.cert(), b"h2").await;
    let socket = socket.expect("a connection");
    assert_eq!(socket.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(socket))
        .await
        .expect("HTTP/2");
    tokio::spawn(connection);
    let request = hello(
        "https://localhost/greeter.Greeter/SayHello",
        "application/grpc",
    );
    let answer = sender.send_request(request).await.expect("an answer");
    let body = answer.into_body().collect().await.expect("a body");
    let status = body.trailers().and_then(|it| it.get("grpc-status"));
    assert_eq!(status.expect("a status"), "0");
}

#[tokio::test]
async fn grpc_web_is_spoken_where_http_1_1_is_agreed_on() {
    let files = Files::new();
    let desk = files.desk().await;
    let socket = connect(desk.address, &files.cert(), b"http/1.1").await;
    let socket = socket.expect("a connection");
    let (mut sender, connection) = http1::handshake(TokioIo::new(socket))
        .await
        .expect("HTTP/1.1");
    tokio::spawn(connection);
    let request = hello("/greeter.Greeter/SayHello", "application/grpc-web+proto");
    let answer = sender.send_request(request).await.expect("an answer");
    let body = answer.into_body().collect().await.expect("a body");
    let body = body.to_bytes();
    assert!(
        body.windows(13).any(|it| it == b"grpc-status:0"),
        "{body:?}"
    );
}

#[tokio::test]
async fn who_does_not_speak_tls_is_let_go_of() {
    let files = Files::new();
    let desk = files.desk().await;
    for first in [&b""[..], b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"] {
        let mut socket = TcpStream::connect(desk.address).await.expect("the port");
        socket.write_all(first).await.expect("it is taken");
        let mut said = Vec::new();
        // `header_timeout` is one second.
        let ended =
            tokio::time::timeout(Duration::from_secs(20), socket.read_to_end(&mut said)).await;
        assert!(ended.is_ok(), "it is open for ever");
        assert!(!said.starts_with(b"HTTP/"), "it answers without TLS");
    }
}

#[tokio::test]
async fn a_desk_that_closes_does_not_wait_for_a_handshake() {
    let files = Files::new();
    let mut desk = Server::open_with(|settings| {
        settings.tls_cert = Some(files.cert());
        settings.tls_key = Some(files.key());
        settings.shutdown_timeout = 600;
    })
    .await;
    let _silent = TcpStream::connect(desk.address).await.expect("the port");
    // The silent one has been accepted when another one, behind it, has.
    let other = connect(desk.address, &files.cert(), b"h2").await;
    drop(other.expect("a connection"));
    desk.tell_to_stop();
    desk.stopped().await;
}

#[tokio::test]
async fn a_certificate_that_was_renewed_is_used_after_sighup() {
    let files = Files::new();
    let home = tempfile::tempdir().expect("a folder");
    let open = Open::start(
        frontdesk()
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(home.path())
            .arg("--tls-cert")
            .arg(files.cert())
            .arg("--tls-key")
            .arg(files.key()),
    );
    let address = open.url.strip_prefix("https://").expect("TLS");
    let renewed = renew(open.id(), address.trim_end_matches('/'), &files).await;
    renewed.unwrap_or_else(|error| panic!("{error}"));
}

async fn renew(process: u32, address: &str, files: &Files) -> Result<(), String> {
    let hang_up = || {
        let told = Command::new("kill")
            .args(["-HUP", &process.to_string()])
            .status();
        assert!(told.is_ok_and(|status| status.success()));
    };
    let first = files.0.path().join("first.pem");
    fs::copy(files.cert(), &first).expect("a file");

    // It listens for signals before it answers.
    let old = connect(address, &first, b"h2").await;
    old.map_err(|error| format!("the certificate is not shown: {error}"))?;

    // A key of another certificate changes nothing.
    let other = KeyPair::generate().expect("a key");
    fs::write(files.key(), other.serialize_pem()).expect("a file");
    hang_up();
    for _ in 0..10 {
        let old = connect(address, &first, b"h2").await;
        old.map_err(|error| format!("the old certificate is gone: {error}"))?;
    }

    files.renew();
    hang_up();
    // A signal has no answer: what it does is waited for.
    for _ in 0..200 {
        if connect(address, &files.cert(), b"h2").await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err("the old certificate is still shown".to_owned())
}

#[test]
fn files_that_will_not_do_are_named_on_one_line() {
    let files = Files::new();
    let others = Files::new();
    let empty = files.0.path().join("empty.pem");
    fs::write(&empty, "nothing in it").expect("a file");
    let missing = files.0.path().join("missing.pem");
    // Who opened it would wait for somebody to write to it.
    let pipe = files.0.path().join("pipe.pem");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("a pipe").success());
    let endless = PathBuf::from("/dev/zero");
    let (cert, key) = (files.cert(), files.key());
    let [half_cert, half_key] = [&cert, &key].map(|whole| {
        let half = whole.with_extension("half.pem");
        let content = fs::read(whole).expect("a file");
        fs::write(&half, &content[..content.len() / 2]).expect("a file");
        half
    });
    for (cert, key, named) in [
        (Some(&cert), None, "--tls-key"),
        (None, Some(&key), "--tls-cert"),
        (Some(&missing), Some(&key), "missing.pem"),
        (Some(&cert), Some(&missing), "missing.pem"),
        (Some(&empty), Some(&key), "empty.pem"),
        (Some(&cert), Some(&empty), "empty.pem"),
        (Some(&pipe), Some(&key), "pipe.pem"),
        (Some(&cert), Some(&endless), "/dev/zero"),
        (Some(&cert), Some(&others.key()), "--tls-key"),
        (Some(&half_cert), Some(&key), "the file is truncated"),
        (Some(&cert), Some(&half_key), "the file is truncated"),
        (Some(&key), Some(&cert), "--tls-cert"),
    ] {
        let mut command = frontdesk();
        command.args(["--listen", "127.0.0.1:0", "--data"]);
        command.arg(files.0.path().join("data"));
        for (flag, file) in [("--tls-cert", cert), ("--tls-key", key)] {
            if let Some(file) = file {
                command.arg(flag).arg(file);
            }
        }
        let output = command.output().expect("it runs");
        let words = String::from_utf8(output.stderr).expect("text");
        assert_eq!(output.status.code(), Some(2), "{words}");
        assert_eq!(words.trim_end().lines().count(), 1, "{words}");
        assert!(words.contains(named), "{named}: {words}");
        assert!(!files.0.path().join("data").exists(), "a folder was made");
    }
}
