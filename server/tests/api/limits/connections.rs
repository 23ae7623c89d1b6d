//! Limits on connections.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};
use tokio_stream::StreamExt as _;

use crate::helpers::{Server, TIMEOUT};

#[tokio::test]
async fn the_connections_of_one_client_are_limited() {
    let server = Server::start_with(|settings| settings.max_client_connections = 2).await;
    let open = async || TcpStream::connect(server.address).await.expect("connected");
    let (first, _second) = (open().await, open().await);
    let mut third = open().await;
    let read = timeout(TIMEOUT, third.read(&mut [0])).await;
    let read = read.expect("closed in time");
    assert!(matches!(read, Ok(0) | Err(_)), "{read:?}");
    drop(first);
    let is_served = async || {
        let mut io = open().await;
        let request = b"GET /healthz HTTP/1.1\r\nhost: frontdesk\r\nconnection: close\r\n\r\n";
        let mut response = Vec::new();
        // A rejected connection may be closed before the write.
        let _ = io.write_all(request).await;
        let _ = io.read_to_end(&mut response).await;
        response.starts_with(b"HTTP/1.1 200 ")
    };
    let accepted = async { while !is_served().await {} };
    timeout(TIMEOUT, accepted)
        .await
        .expect("accepted again in time");
}

#[tokio::test]
async fn a_connection_over_the_limit_waits_until_another_is_closed() {
    let server = Server::start_with(|settings| settings.max_connections = 1).await;
    let request = b"GET /healthz HTTP/1.1\r\nhost: frontdesk\r\n\r\n";
    let mut byte = [0];
    let mut first = TcpStream::connect(server.address).await.expect("connected");
    first.write_all(request).await.expect("written");
    first.read_exact(&mut byte).await.expect("response");

    let mut second = TcpStream::connect(server.address).await.expect("connected");
    second.write_all(request).await.expect("written");
    // The first connection is still served, the second is not yet.
    first.write_all(request).await.expect("written");
    let mut rest = [0; 64];
    assert_ne!(first.read(&mut rest).await.expect("response"), 0);
    assert!(
        second.try_read(&mut rest).is_err(),
        "the second connection was accepted"
    );

    drop(first);
    second
        .read_exact(&mut byte)
        .await
        .expect("response after the first connection closed");
}

#[tokio::test]
async fn an_idle_http2_connection_is_closed_unless_it_has_a_call() {
    let server = Server::start_with(|settings| {
        settings.idle_timeout = 1;
        settings.keepalive = 60;
    })
    .await;
    let mut watch = server.watch_health().await;

    let socket = TcpStream::connect(server.address).await.expect("connected");
    let (mut idle, connection) =
        http2::handshake::<_, _, Full<Bytes>>(TokioExecutor::new(), TokioIo::new(socket))
            .await
            .expect("HTTP/2 handshake");
    let get = Request::get(format!("{}/healthz", server.url()))
        .body(Full::default())
        .expect("valid request");
    let probe = async {
        let response = idle.send_request(get).await.expect("response");
        assert_eq!(response.status(), 200);
    };
    let closed = async { tokio::join!(connection, probe).0 };
    let closed = timeout(Duration::from_secs(30), closed).await;
    closed.expect("closed in time").expect("clean close");
    let more = timeout(Duration::from_secs(1), watch.next()).await;
    assert!(
        more.is_err(),
        "the connection with a call was closed: {more:?}"
    );
}
