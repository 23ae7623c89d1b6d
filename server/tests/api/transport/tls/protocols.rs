//! What is served over TLS.

use std::time::Duration;

use bytes::Bytes;
use frontdesk::greeter::HelloRequest;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{Certificate, connect};
use crate::helpers::{Server, frame_message};

async fn start_server(certificate: &Certificate) -> Server {
    Server::start_with(|settings| {
        settings.tls_cert = Some(certificate.cert());
        settings.tls_key = Some(certificate.key());
        settings.header_timeout = 1;
    })
    .await
}

fn hello(uri: &str, content_type: &str) -> Request<Full<Bytes>> {
    let body = frame_message(&HelloRequest { name: "Ada".into() });
    Request::post(uri)
        .header("host", "localhost")
        .header("content-type", content_type)
        .body(Full::new(body.into()))
        .expect("valid request")
}

#[tokio::test]
async fn alpn_h2_serves_native_grpc() {
    let certificate = Certificate::new();
    let server = start_server(&certificate).await;
    let socket = connect(server.address, &certificate.cert(), b"h2").await;
    let socket = socket.expect("connection");
    assert_eq!(socket.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(socket))
        .await
        .expect("HTTP/2 handshake");
    tokio::spawn(connection);
    let request = hello(
        "https://localhost/greeter.Greeter/SayHello",
        "application/grpc",
    );
    let response = sender.send_request(request).await.expect("response");
    let body = response.into_body().collect().await.expect("body");
    let status = body.trailers().and_then(|it| it.get("grpc-status"));
    assert_eq!(status.expect("status"), "0");
}

#[tokio::test]
async fn alpn_http_1_1_serves_grpc_web() {
    let certificate = Certificate::new();
    let server = start_server(&certificate).await;
    let socket = connect(server.address, &certificate.cert(), b"http/1.1").await;
    let socket = socket.expect("connection");
    let (mut sender, connection) = http1::handshake(TokioIo::new(socket))
        .await
        .expect("HTTP/1.1 handshake");
    tokio::spawn(connection);
    let request = hello("/greeter.Greeter/SayHello", "application/grpc-web+proto");
    let response = sender.send_request(request).await.expect("response");
    let body = response.into_body().collect().await.expect("body");
    let body = body.to_bytes();
    assert!(
        body.windows(13).any(|it| it == b"grpc-status:0"),
        "{body:?}"
    );
}

#[tokio::test]
async fn a_client_without_tls_is_disconnected() {
    let certificate = Certificate::new();
    let server = start_server(&certificate).await;
    for first in [&b""[..], b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"] {
        let mut socket = TcpStream::connect(server.address).await.expect("connected");
        socket.write_all(first).await.expect("written");
        let mut received = Vec::new();
        // `header_timeout` is one second.
        let closed =
            tokio::time::timeout(Duration::from_secs(20), socket.read_to_end(&mut received)).await;
        assert!(closed.is_ok(), "the connection stays open");
        assert!(!received.starts_with(b"HTTP/"), "a response without TLS");
    }
}

#[tokio::test]
async fn the_shutdown_does_not_wait_for_a_handshake() {
    let certificate = Certificate::new();
    let mut server = Server::start_with(|settings| {
        settings.tls_cert = Some(certificate.cert());
        settings.tls_key = Some(certificate.key());
        settings.shutdown_timeout = 600;
    })
    .await;
    let _silent = TcpStream::connect(server.address).await.expect("connected");
    // Connections are accepted in order: the silent one was accepted before this one.
    let other = connect(server.address, &certificate.cert(), b"h2").await;
    drop(other.expect("connection"));
    server.shut_down();
    server.wait().await;
}
