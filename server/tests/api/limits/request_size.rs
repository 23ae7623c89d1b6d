//! Limits on messages and headers.

use frontdesk::greeter::HelloRequest;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::helpers::{Server, Version, frame_message};

#[tokio::test]
async fn a_message_over_the_limit_is_rejected_with_the_limit() {
    let server = Server::start_with(|settings| settings.max_request_bytes = 1_000).await;
    let client = server.http(Version::Http2);
    let large = frame_message(&HelloRequest {
        name: "x".repeat(2_000),
    });
    for content_type in ["application/grpc", "application/grpc-web+proto"] {
        let response = client
            .post("/greeter.Greeter/SayHello", content_type, large.clone())
            .await;
        assert_eq!(response.grpc_status(), Some(8), "{content_type}");
        // No `RetryInfo`: a retry would fail, too.
        let message = response.header("grpc-message");
        assert!(message.contains("1000"), "{content_type}: {message:?}");
        assert_eq!(response.header("grpc-status-details-bin"), "");
    }
}

#[tokio::test]
async fn the_size_and_the_number_of_headers_are_limited() {
    let server = Server::start().await;
    let head = "GET / HTTP/1.1\r\nhost: frontdesk\r\n";
    // Neither is longer than what the server reads: closing a connection with unread bytes resets
    // it and may lose the response.
    let large = format!("{head}x-large: {}", "x".repeat(16 * 1024));
    let many = format!("{head}{}\r\n", "x: y\r\n".repeat(101));
    for request in [&large[..16 * 1024], &many] {
        let mut socket = TcpStream::connect(server.address).await.expect("connected");
        socket.write_all(request.as_bytes()).await.expect("written");
        let mut response = Vec::new();
        socket.read_to_end(&mut response).await.expect("response");
        let response = String::from_utf8_lossy(&response);
        assert!(response.starts_with("HTTP/1.1 431"), "{response:?}");
    }
}

#[tokio::test]
async fn a_request_needs_exactly_one_host_header() {
    let server = Server::start().await;
    for (hosts, status) in [
        ("", "400"),
        ("host: frontdesk\r\nhost: frontdesk\r\n", "400"),
        ("host: frontdesk\r\n", "200"),
    ] {
        let mut socket = TcpStream::connect(server.address).await.expect("connected");
        let head = format!("GET /healthz HTTP/1.1\r\n{hosts}connection: close\r\n\r\n");
        socket.write_all(head.as_bytes()).await.expect("written");
        let mut response = String::new();
        socket
            .read_to_string(&mut response)
            .await
            .expect("response");
        assert!(
            response.starts_with(&format!("HTTP/1.1 {status} ")),
            "{hosts:?}: {response}"
        );
    }
}
