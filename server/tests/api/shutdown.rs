//! Graceful shutdown: calls complete or end with a status, within `--shutdown-timeout`.

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use frontdesk::greeter::{HelloReply, HelloRequest};
use futures_util::{future::join_all, stream};
use http::Request;
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message as _;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::oneshot,
};
use tokio_stream::StreamExt as _;
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::helpers::{Server, ServerProcess, Version, frame_message, serve_command};

#[tokio::test]
async fn a_response_stream_ends_with_unavailable_and_a_retry_delay() {
    let mut server = Server::start().await;
    let mut watch = server.watch_health().await;

    server.shut_down();
    let status = loop {
        match watch.next().await.expect("final status") {
            Ok(_) => {}
            Err(status) => break status,
        }
    };
    assert_eq!(status.code(), Code::Unavailable);
    assert!(status.get_details_retry_info().is_some());
    server.wait().await;
}

#[tokio::test]
async fn a_request_stream_ends_with_unavailable_and_a_retry_delay() {
    let mut server = Server::start().await;
    let ada = HelloRequest { name: "Ada".into() };
    let requests = tokio_stream::once(ada).chain(stream::pending());
    let mut greeter = server.greeter().await;
    let greetings = tokio::spawn(async move { greeter.lots_of_greetings(requests).await });
    // Its response shows that the earlier call has arrived.
    let mut probe = server.greeter().await;
    let ada = HelloRequest { name: "Ada".into() };
    probe.say_hello(ada).await.expect("greeting");

    server.shut_down();
    let status = greetings
        .await
        .expect("task completed")
        .expect_err("error status");
    assert_eq!(status.code(), Code::Unavailable);
    assert!(status.get_details_retry_info().is_some());
    server.wait().await;
}

#[tokio::test]
async fn a_started_unary_call_completes() {
    let mut server = Server::start().await;
    let socket = TcpStream::connect(server.address).await.expect("connected");
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(socket))
        .await
        .expect("HTTP/2 handshake");
    tokio::spawn(connection);

    // The message is sent in two parts, before and after the start of the shutdown.
    let (resume, wait) = oneshot::channel::<()>();
    let request = frame_message(&HelloRequest { name: "Ada".into() });
    let (first, second) = request.split_at(4);
    let parts = [first.to_vec(), second.to_vec()].map(Bytes::from);
    let [first, second] = parts.map(|part| Ok::<_, Infallible>(Frame::data(part)));
    let body = StreamBody::new(futures_util::StreamExt::chain(
        stream::iter([first]),
        stream::once(async move {
            let _ = wait.await;
            second
        }),
    ));
    let call = Request::post(format!("{}/greeter.Greeter/SayHello", server.url()))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(Box::pin(body))
        .expect("valid request");
    let response = tokio::spawn(sender.send_request(call));

    // Its response shows that the earlier call has arrived.
    let probe = server.http(Version::Http1);
    assert_eq!(probe.get("/healthz", &[]).await.status, 200);
    server.shut_down();
    resume.send(()).expect("open call");

    let body = response
        .await
        .expect("task completed")
        .expect("response")
        .into_body();
    let collected = body.collect().await.expect("complete body");
    assert_eq!(collected.trailers().expect("trailers")["grpc-status"], "0");
    let reply = HelloReply::decode(&collected.to_bytes()[5..]).expect("greeting");
    assert_eq!(reply.message, "Hello, Ada!");
    server.wait().await;
}

#[tokio::test]
async fn idle_connections_do_not_delay_the_shutdown() {
    let mut server = Server::start_with(|settings| settings.shutdown_timeout = 30).await;
    let mut idle = TcpStream::connect(server.address).await.expect("connected");
    let mut keep_alive = TcpStream::connect(server.address).await.expect("connected");
    keep_alive
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: frontdesk\r\n\r\n")
        .await
        .expect("written");
    let mut byte = [0];
    keep_alive.read_exact(&mut byte).await.expect("response");

    server.shut_down();
    tokio::time::timeout(Duration::from_secs(20), server.wait())
        .await
        .expect("shutdown before its timeout");
    assert_eq!(
        idle.read(&mut byte).await.unwrap_or(0),
        0,
        "the connection is closed"
    );
}

#[tokio::test]
async fn incomplete_requests_do_not_delay_the_shutdown() {
    let requests = [
        "GET /healthz HTTP/1.1\r\nhost: fr",
        "PRI * HTTP/2.0\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];
    let closed = requests.map(async |sent| {
        let mut server = Server::start_with(|settings| settings.shutdown_timeout = 30).await;
        let mut incomplete = TcpStream::connect(server.address).await.expect("connected");
        incomplete
            .write_all(sent.as_bytes())
            .await
            .expect("written");
        // Its response shows that the earlier bytes have arrived.
        let probe = server.http(Version::Http1);
        assert_eq!(probe.get("/healthz", &[]).await.status, 200);

        server.shut_down();
        tokio::time::timeout(Duration::from_secs(20), server.wait())
            .await
            .unwrap_or_else(|_| panic!("shutdown delayed by {sent:?}"));
        // Closed or reset, after whatever HTTP/2 sends before.
        let _ = incomplete.read_to_end(&mut Vec::new()).await;
    });
    join_all(closed).await;
}

#[tokio::test]
async fn a_client_that_does_not_finish_is_disconnected_after_the_shutdown_timeout() {
    let mut server = Server::start_with(|settings| settings.shutdown_timeout = 1).await;
    let mut stuck = TcpStream::connect(server.address).await.expect("connected");
    let head = "POST /greeter.Greeter/SayHello HTTP/1.1\r\nhost: frontdesk\r\n\
                content-type: application/grpc-web+proto\r\ncontent-length: 100\r\n\r\n";
    stuck.write_all(head.as_bytes()).await.expect("written");
    let probe = server.http(Version::Http1);
    assert_eq!(probe.get("/readyz", &[]).await.status, 200);
    server.shut_down();
    server.wait().await;
    let mut rest = Vec::new();
    // Closed or reset.
    let _ = stuck.read_to_end(&mut rest).await;
}

#[test]
fn sigint_and_sigterm_exit_with_status_0() {
    for signal in ["INT", "TERM"] {
        let data = tempfile::tempdir().expect("temporary directory");
        let mut server = ServerProcess::start(&mut serve_command(data.path()));
        server.signal(signal);
        assert_eq!(server.wait(), Some(0), "SIG{signal}");
    }
}
