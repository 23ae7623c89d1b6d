//! Requests that stop or arrive too slowly.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::helpers::{Server, TIMEOUT};

#[tokio::test]
async fn a_connection_without_complete_headers_is_closed() {
    let server = Server::start_with(|settings| settings.header_timeout = 1).await;
    let closed = ["", "P", "PRI * HTTP/2.0\r\n", "GET / HTTP/1.1\r\nhost:"].map(async |prefix| {
        let mut socket = TcpStream::connect(server.address).await.expect("connected");
        socket.write_all(prefix.as_bytes()).await.expect("written");
        let mut rest = Vec::new();
        let closed = timeout(TIMEOUT, socket.read_to_end(&mut rest));
        // Closed or reset: both are fine.
        let _ = closed
            .await
            .unwrap_or_else(|_| panic!("the connection stays open after {prefix:?}"));
    });
    join_all(closed).await;
}

#[tokio::test]
async fn a_request_that_stops_is_ended() {
    let server = Server::start_with(|settings| settings.header_timeout = 1).await;
    let mut socket = TcpStream::connect(server.address).await.expect("connected");
    let head = "POST /greeter.Greeter/SayHello HTTP/1.1\r\nhost: frontdesk\r\n\
                content-type: application/grpc-web\r\ncontent-length: 100\r\n\r\n";
    socket.write_all(head.as_bytes()).await.expect("written");
    let mut response = Vec::new();
    let _ = socket.read_to_end(&mut response).await;
    let response = String::from_utf8_lossy(&response);
    assert!(response.contains("grpc-status: 4"), "{response}");
}

#[tokio::test]
async fn a_request_that_trickles_is_ended() {
    let server = Server::start_with(|settings| settings.header_timeout = 1).await;
    let socket = TcpStream::connect(server.address).await.expect("connected");
    let (mut reader, mut writer) = socket.into_split();
    let head = "POST /greeter.Greeter/SayHello HTTP/1.1\r\nhost: frontdesk\r\n\
                content-type: application/grpc-web\r\ncontent-length: 20000\r\n\r\n\
                \0\0\0\x4e\x1b";
    writer.write_all(head.as_bytes()).await.expect("written");
    let mut response = Vec::new();
    let mut part = [0; 1_024];
    // Never silent for as long as the timeout, but far too slow for the whole body.
    let mut interval = tokio::time::interval(Duration::from_millis(50));
    while !response.windows(14).any(|part| part == b"grpc-status: 4") {
        tokio::select! {
            read = reader.read(&mut part) => match read {
                Ok(read) if read > 0 => response.extend_from_slice(&part[..read]),
                _ => panic!("no response: {}", String::from_utf8_lossy(&response)),
            },
            _ = interval.tick() => {
                let _ = writer.write_all(b"x").await;
            }
        }
    }
}
