//! Requests over HTTP/1.1 that are answered before they have come in full.

use std::time::Duration;

use frontdesk::greeter::HelloRequest;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::helpers::{Server, message};

const LENGTH: usize = 600_000;

fn head(content_type: &str, length: usize) -> String {
    format!(
        "POST /greeter.Greeter/SayHello HTTP/1.1\r\nhost: 127.0.0.1\r\n\
         content-type: {content_type}\r\ncontent-length: {length}\r\n\r\n"
    )
}

/// Reads until `end` has come.
async fn read_until(socket: &mut TcpStream, end: &str) -> String {
    let mut said = Vec::new();
    let mut part = [0; 1024];
    loop {
        let read = timeout(Duration::from_secs(20), socket.read(&mut part));
        let count = read.await.expect("it goes on").expect("it is open");
        said.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&said).into_owned();
        if text.contains(end) {
            return text;
        }
        assert_ne!(count, 0, "closed before {end:?}: {text}");
    }
}

#[tokio::test]
async fn who_is_refused_while_sending_reads_why_and_may_go_on() {
    let desk = Server::open().await;
    let mut socket = TcpStream::connect(desk.address).await.expect("the server");
    let refused = head("application/json", LENGTH);
    socket.write_all(refused.as_bytes()).await.expect("taken");
    // The answer is there before the request is.
    let answer = read_until(&mut socket, "protobuf messages\n").await;
    assert!(answer.starts_with("HTTP/1.1 415"), "{answer}");
    for part in vec![b'x'; LENGTH].chunks(50_000) {
        let taken = socket.write_all(part).await;
        taken.expect("it is taken all the same");
    }

    let body = message(&HelloRequest { name: "Ada".into() });
    let call = head("application/grpc-web+proto", body.len());
    socket.write_all(call.as_bytes()).await.expect("taken");
    socket.write_all(&body).await.expect("taken");
    let answer = read_until(&mut socket, "grpc-status:0").await;
    assert!(answer.contains("Hello, Ada!"), "{answer}");
}

#[tokio::test]
async fn what_nobody_wants_is_not_read_without_end() {
    let desk = Server::open_with(|settings| {
        settings.max_request_bytes = 100_000;
        settings.header_timeout = 2;
    })
    .await;
    // More than is read, and less than was promised: by size and by time it is over.
    for sent in [4_000_000, 10] {
        let mut socket = TcpStream::connect(desk.address).await.expect("the server");
        let refused = head("application/json", 8_000_000);
        socket.write_all(refused.as_bytes()).await.expect("taken");
        let _ = socket.write_all(&vec![b'x'; sent]).await;
        let closed = async {
            let mut part = [0; 1024];
            while matches!(socket.read(&mut part).await, Ok(1..)) {}
        };
        let closed = timeout(Duration::from_secs(20), closed).await;
        assert!(closed.is_ok(), "it is open for ever after {sent} bytes");
    }
}
