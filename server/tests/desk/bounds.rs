//! Nothing is unbounded: calls, bytes, time.

use std::time::Duration;

use frontdesk::greeter::{HelloRequest, greeter_client::GreeterClient};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_stream::StreamExt as _;
use tonic::{Code, transport::Channel};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_types::StatusExt as _;

use crate::helpers::{Desk, Version, Wire, message};

#[tokio::test]
async fn one_call_too_many_is_told_to_come_back_and_is_let_in_when_there_is_room() {
    let desk = Desk::open_with(|settings| settings.max_calls = 2).await;
    let channel = Channel::from_shared(desk.url()).expect("an address");
    let channel = channel.connect().await.expect("the server");
    let mut health = HealthClient::new(channel.clone());
    let mut streams = Vec::new();
    for _ in 0..2 {
        let watch = health.watch(HealthCheckRequest::default()).await;
        streams.push(watch.expect("a stream").into_inner());
    }

    let mut greeter = GreeterClient::new(channel);
    let request = HelloRequest { name: "Ada".into() };
    let status = greeter
        .say_hello(request.clone())
        .await
        .expect_err("one too many");
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert!(status.get_details_retry_info().is_some());

    // The same, said to a browser.
    let wire = Wire {
        address: desk.address,
        version: Version::Http1,
    };
    let answer = wire
        .post(
            "/greeter.Greeter/SayHello",
            "application/grpc-web+proto",
            message(&request),
        )
        .await;
    assert_eq!(answer.grpc_status(), Some(8));
    assert_eq!(answer.header("content-type"), "application/grpc-web+proto");

    drop(streams);
    // The reset of a stream overtakes nothing: the next answers are awaited, not slept for.
    while let Err(status) = greeter.say_hello(request.clone()).await {
        assert_eq!(status.code(), Code::ResourceExhausted);
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_request_that_is_too_large_is_refused_whether_its_message_says_so_or_not() {
    let desk = Desk::open_with(|settings| settings.max_request_bytes = 1_000).await;
    let wire = Wire {
        address: desk.address,
        version: Version::Http2,
    };
    let one_large = message(&HelloRequest {
        name: "x".repeat(2_000),
    });
    let many_small = message(&HelloRequest { name: "Ada".into() }).repeat(200);
    for body in [one_large, many_small] {
        for content_type in ["application/grpc", "application/grpc-web+proto"] {
            let answer = wire
                .post("/greeter.Greeter/SayHello", content_type, body.clone())
                .await;
            assert_eq!(answer.grpc_status(), Some(8), "{content_type}");
        }
    }
}

#[tokio::test]
async fn a_connection_that_says_too_little_is_closed() {
    let desk = Desk::open_with(|settings| settings.header_timeout = 1).await;
    for beginning in ["", "P", "PRI * HTTP/2.0\r\n", "GET / HTTP/1.1\r\nhost:"] {
        let mut socket = TcpStream::connect(desk.address).await.expect("the server");
        socket.write_all(beginning.as_bytes()).await.expect("sent");
        let mut rest = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(30), socket.read_to_end(&mut rest));
        // Whether it is closed or reset is the kernel's business.
        let _ = closed
            .await
            .unwrap_or_else(|_| panic!("{beginning:?} is waited for without end"));
    }
}

#[tokio::test]
async fn headers_are_bounded() {
    let desk = Desk::open().await;
    let large = "x".repeat(64 * 1024);
    let mut socket = TcpStream::connect(desk.address).await.expect("the server");
    let request = format!("GET / HTTP/1.1\r\nhost: desk\r\nx-large: {large}\r\n\r\n");
    // The server may close while this is sent.
    let _ = socket.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_call_takes_no_longer_than_the_longest_that_is_allowed() {
    let desk = Desk::open_with(|settings| settings.call_timeout = 1).await;
    let channel = Channel::from_shared(desk.url()).expect("an address");
    let channel = channel.connect().await.expect("the server");
    let watch = HealthClient::new(channel)
        .watch(HealthCheckRequest::default())
        .await;
    let mut watch = watch.expect("a stream").into_inner();
    assert!(watch.next().await.expect("how it is").is_ok());
    let status = watch.next().await.expect("an end").expect_err("too long");
    assert_eq!(status.code(), Code::DeadlineExceeded);
}
