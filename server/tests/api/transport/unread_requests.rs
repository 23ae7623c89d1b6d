//! HTTP/1.1 requests whose response is sent before the whole body has arrived.

use std::time::Duration;

use frontdesk::greeter::HelloRequest;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::helpers::{Server, frame_message};

const BODY_LENGTH: usize = 600_000;

fn head(content_type: &str, length: usize) -> String {
    format!(
        "POST /greeter.Greeter/SayHello HTTP/1.1\r\nhost: 127.0.0.1\r\n\
         content-type: {content_type}\r\ncontent-length: {length}\r\n\r\n"
    )
}

/// Reads until the received text contains `end`.
async fn read_until(socket: &mut TcpStream, end: &str) -> String {
    let mut received = Vec::new();
    let mut part = [0; 1024];
    loop {
        let read = timeout(Duration::from_secs(20), socket.read(&mut part));
        let count = read.await.expect("data in time").expect("open connection");
        received.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&received).into_owned();
        if text.contains(end) {
            return text;
        }
        assert_ne!(count, 0, "closed before {end:?}: {text}");
    }
}

#[tokio::test]
async fn an_early_rejection_is_readable_and_the_connection_stays_usable() {
    let server = Server::start().await;
    let mut socket = TcpStream::connect(server.address).await.expect("connected");
    let rejected = head("application/json", BODY_LENGTH);
    socket
        .write_all(rejected.as_bytes())
        .await
        .expect("written");
    // The response does not wait for the body.
    let response = read_until(&mut socket, "\r\n\r\n").await;
    assert!(response.starts_with("HTTP/1.1 415"), "{response}");
    for chunk in vec![b'x'; BODY_LENGTH].chunks(50_000) {
        let written = socket.write_all(chunk).await;
        written.expect("request body accepted");
    }

    let body = frame_message(&HelloRequest { name: "Ada".into() });
    let call = head("application/grpc-web+proto", body.len());
    socket.write_all(call.as_bytes()).await.expect("written");
    socket.write_all(&body).await.expect("written");
    let response = read_until(&mut socket, "grpc-status:0").await;
    assert!(response.contains("Hello, Ada!"), "{response}");
}

#[tokio::test]
async fn an_unread_body_is_limited_by_size_and_time() {
    let server = Server::start_with(|settings| {
        settings.max_request_bytes = 100_000;
        settings.header_timeout = 2;
    })
    .await;
    // More than the server discards (limited by size), and less than announced (limited by time).
    for sent in [4_000_000, 10] {
        let mut socket = TcpStream::connect(server.address).await.expect("connected");
        let rejected = head("application/json", 8_000_000);
        socket
            .write_all(rejected.as_bytes())
            .await
            .expect("written");
        let _ = socket.write_all(&vec![b'x'; sent]).await;
        let closed = async {
            let mut part = [0; 1024];
            while matches!(socket.read(&mut part).await, Ok(1..)) {}
        };
        let closed = timeout(Duration::from_secs(20), closed).await;
        assert!(
            closed.is_ok(),
            "the connection stays open after {sent} bytes"
        );
    }
}
