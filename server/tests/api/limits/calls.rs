//! Limits on the number and the duration of calls.

use frontdesk::greeter::HelloRequest;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_stream::StreamExt as _;
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::helpers::{Server, Version, wait_for_permit};

#[tokio::test]
async fn the_calls_of_one_client_are_limited() {
    let server = Server::start_with(|settings| settings.max_client_calls = 2).await;
    // Each over its own connection.
    let streams = [server.watch_health().await, server.watch_health().await];
    let ada = HelloRequest { name: "Ada".into() };
    let rejected = server.greeter().await.say_hello(ada).await;
    let status = rejected.expect_err("call over the limit");
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert!(status.get_details_retry_info().is_some());
    drop(streams);
    wait_for_permit(&mut server.greeter().await).await;
}

#[tokio::test]
async fn a_call_over_the_limit_is_rejected_until_another_ends() {
    let server = Server::start_with(|settings| settings.max_calls = 2).await;
    let mut greeter = server.greeter().await;
    let streams = [server.watch_health().await, server.watch_health().await];

    let request = HelloRequest { name: "Ada".into() };
    let status = greeter
        .say_hello(request.clone())
        .await
        .expect_err("call over the limit");
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert!(status.get_details_retry_info().is_some());

    // The same over gRPC-Web.
    let client = server.http(Version::Http1);
    let response = client.grpc_web("/greeter.Greeter/SayHello", &request).await;
    assert_eq!(response.grpc_status(), Some(8));
    assert_eq!(
        response.header("content-type"),
        "application/grpc-web+proto"
    );

    drop(streams);
    wait_for_permit(&mut greeter).await;
}

#[tokio::test]
async fn the_duration_of_a_call_is_limited() {
    let server = Server::start_with(|settings| settings.call_timeout = 1).await;
    let mut watch = server.watch_health().await;
    let status = watch
        .next()
        .await
        .expect("end of stream")
        .expect_err("deadline exceeded");
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn the_streams_of_a_connection_are_limited() {
    const MAX_CONCURRENT_STREAMS: u16 = 3;
    let server = Server::start_with(|settings| settings.max_streams = 7).await;
    let mut socket = TcpStream::connect(server.address).await.expect("connected");
    // A preface and empty settings (RFC 9113, sections 3.4 and 6.5).
    socket
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .await
        .expect("written");
    let mut header = [0; 9];
    socket.read_exact(&mut header).await.expect("frame");
    assert_eq!(header[3], 4, "the first frame is SETTINGS");
    let mut settings = vec![0; usize::from(header[2])];
    socket
        .read_exact(&mut settings)
        .await
        .expect("SETTINGS payload");
    let streams = settings.chunks(6).find_map(|setting| {
        let id = u16::from_be_bytes([setting[0], setting[1]]);
        let value = u32::from_be_bytes([setting[2], setting[3], setting[4], setting[5]]);
        (id == MAX_CONCURRENT_STREAMS).then_some(value)
    });
    assert_eq!(streams, Some(7));
}
