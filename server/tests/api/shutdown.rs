//! Going down: what has begun ends, streams are told, and all of it within a bound.

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

use crate::helpers::{Server, message};

#[tokio::test]
async fn a_stream_is_ended_with_unavailable_and_when_to_come_again() {
    let mut desk = Server::open().await;
    let mut watch = desk.watch().await;

    desk.tell_to_stop();
    let status = loop {
        match watch.next().await.expect("an end with a status") {
            Ok(_) => {}
            Err(status) => break status,
        }
    };
    assert_eq!(status.code(), Code::Unavailable);
    assert!(status.get_details_retry_info().is_some());
    desk.stopped().await;
}

#[tokio::test]
async fn a_request_that_is_a_stream_is_ended_too() {
    let mut desk = Server::open().await;
    let ada = HelloRequest { name: "Ada".into() };
    let requests = tokio_stream::once(ada).chain(stream::pending());
    let mut greeter = desk.greeter().await;
    let greetings = tokio::spawn(async move { greeter.lots_of_greetings(requests).await });
    // Its answer, on the same server, shows that the call before it has arrived too.
    let mut probe = desk.greeter().await;
    let ada = HelloRequest { name: "Ada".into() };
    probe.say_hello(ada).await.expect("a greeting");

    desk.tell_to_stop();
    let status = greetings.await.expect("no panic").expect_err("an end");
    assert_eq!(status.code(), Code::Unavailable);
    assert!(status.get_details_retry_info().is_some());
    desk.stopped().await;
}

#[tokio::test]
async fn a_unary_call_that_has_begun_is_answered() {
    let mut desk = Server::open().await;
    let socket = TcpStream::connect(desk.address).await.expect("the server");
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(socket))
        .await
        .expect("HTTP/2");
    tokio::spawn(connection);

    // The message comes in two parts, and the server is told to stop in between.
    let (go_on, wait) = oneshot::channel::<()>();
    let request = message(&HelloRequest { name: "Ada".into() });
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
    let call = Request::post(format!("{}/greeter.Greeter/SayHello", desk.url()))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(Box::pin(body))
        .expect("a request");
    let answer = tokio::spawn(sender.send_request(call));

    // An answer on the same server shows that the call before it has arrived too.
    let probe = crate::helpers::Wire {
        address: desk.address,
        version: crate::helpers::Version::Http1,
    };
    assert_eq!(probe.get("/healthz", &[]).await.status, 200);
    desk.tell_to_stop();
    go_on.send(()).expect("the call is still there");

    let body = answer
        .await
        .expect("no panic")
        .expect("an answer")
        .into_body();
    let collected = body.collect().await.expect("a whole body");
    assert_eq!(collected.trailers().expect("trailers")["grpc-status"], "0");
    let reply = HelloReply::decode(&collected.to_bytes()[5..]).expect("a greeting");
    assert_eq!(reply.message, "Hello, Ada!");
    desk.stopped().await;
}

#[tokio::test]
async fn a_connection_that_idles_does_not_hold_it_up() {
    let mut desk = Server::open_with(|settings| settings.shutdown_timeout = 30).await;
    let mut idle = TcpStream::connect(desk.address).await.expect("the server");
    let mut kept = TcpStream::connect(desk.address).await.expect("the server");
    kept.write_all(b"GET /healthz HTTP/1.1\r\nhost: desk\r\n\r\n")
        .await
        .expect("sent");
    let mut byte = [0];
    kept.read_exact(&mut byte).await.expect("an answer");

    desk.tell_to_stop();
    tokio::time::timeout(Duration::from_secs(20), desk.stopped())
        .await
        .expect("long before its bound");
    assert_eq!(idle.read(&mut byte).await.unwrap_or(0), 0, "it is closed");
}

#[tokio::test]
async fn a_connection_on_which_no_call_has_begun_does_not_hold_it_up() {
    let beginnings = [
        "GET /healthz HTTP/1.1\r\nhost: de",
        "PRI * HTTP/2.0\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];
    let closed = beginnings.map(async |sent| {
        let mut desk = Server::open_with(|settings| settings.shutdown_timeout = 30).await;
        let mut half = TcpStream::connect(desk.address).await.expect("the server");
        half.write_all(sent.as_bytes()).await.expect("sent");
        // An answer to somebody else behind it: it has arrived too.
        let probe = crate::helpers::Wire {
            address: desk.address,
            version: crate::helpers::Version::Http1,
        };
        assert_eq!(probe.get("/healthz", &[]).await.status, 200);

        desk.tell_to_stop();
        tokio::time::timeout(Duration::from_secs(20), desk.stopped())
            .await
            .unwrap_or_else(|_| panic!("not long before its bound: {sent:?}"));
        // Closed or reset, whichever; what HTTP/2 says before that is its business.
        let _ = half.read_to_end(&mut Vec::new()).await;
    });
    join_all(closed).await;
}

#[tokio::test]
async fn a_peer_that_never_ends_is_cut_off_at_the_bound() {
    let mut desk = Server::open_with(|settings| settings.shutdown_timeout = 1).await;
    let mut stuck = TcpStream::connect(desk.address).await.expect("the server");
    let head = "POST /greeter.Greeter/SayHello HTTP/1.1\r\nhost: desk\r\n\
                content-type: application/grpc-web+proto\r\ncontent-length: 100\r\n\r\n";
    stuck.write_all(head.as_bytes()).await.expect("sent");
    let probe = crate::helpers::Wire {
        address: desk.address,
        version: crate::helpers::Version::Http1,
    };
    assert_eq!(probe.get("/readyz", &[]).await.status, 200);
    desk.tell_to_stop();
    desk.stopped().await;
    let mut rest = Vec::new();
    // Closed or reset, whichever; but not open any more.
    let _ = stuck.read_to_end(&mut rest).await;
}
