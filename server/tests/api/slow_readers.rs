//! Who takes nothing of an answer holds nothing for long, and who only has nothing to take is left
//! alone.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use frontdesk::{greeter::HelloRequest, user::ListUsersRequest};
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::{
    body::Incoming,
    client::conn::http2::{self, SendRequest},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};
use tokio_stream::StreamExt as _;

use crate::helpers::{Server, Version, Wire, gets_a_place, has_a_place, message};

/// Longer than any of these should take on a machine that has much to do.
const IN_TIME: Duration = Duration::from_secs(30);

/// An HTTP/2 connection that lets so little come on each stream until it is read.
async fn narrow(address: SocketAddr, window: u32) -> SendRequest<Full<Bytes>> {
    let socket = TcpStream::connect(address).await.expect("the server");
    let (sender, connection) = http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(window)
        .handshake(TokioIo::new(socket))
        .await
        .expect("HTTP/2");
    tokio::spawn(connection);
    sender
}

async fn call(
    sender: &mut SendRequest<Full<Bytes>>,
    url: String,
    headers: &[(&str, &str)],
    request: &impl Message,
) -> Response<Incoming> {
    let mut call = Request::post(url).header("content-type", "application/grpc");
    for (name, value) in headers {
        call = call.header(*name, *value);
    }
    let body = Full::new(Bytes::from(message(request)));
    let call = call.body(body).expect("a request");
    sender.send_request(call).await.expect("an answer")
}

#[tokio::test]
async fn a_stream_that_nobody_reads_gives_its_place_back_at_its_deadline() {
    let desk = Server::open_with(|settings| settings.max_calls = 1).await;
    let mut sender = narrow(desk.address, 1_024).await;
    let mut greeter = desk.greeter().await;
    let url = format!("{}/user.UserService/ListUsers", desk.url());
    let list = ListUsersRequest::default();
    let unread = call(&mut sender, url, &[("grpc-timeout", "2S")], &list).await;
    assert_eq!(unread.headers()["x-total-count"], "1000");

    assert!(!has_a_place(&mut greeter).await, "the stream holds it");
    gets_a_place(&mut greeter).await;
    drop(unread);
}

#[tokio::test]
async fn a_stream_that_nobody_reads_gives_its_place_back_long_before_its_deadline() {
    let desk = Server::open_with(|settings| {
        settings.max_calls = 1;
        settings.send_timeout = 1;
    })
    .await;
    let mut sender = narrow(desk.address, 1_024).await;
    let url = format!("{}/user.UserService/ListUsers", desk.url());
    let unread = call(&mut sender, url, &[], &ListUsersRequest::default()).await;

    let mut greeter = desk.greeter().await;
    assert!(!has_a_place(&mut greeter).await, "the stream holds it");
    gets_a_place(&mut greeter).await;

    // Who comes back to it is told.
    let read = timeout(IN_TIME, unread.into_body().collect()).await;
    let read = read.expect("an end").expect("a whole body");
    assert_eq!(read.trailers().expect("trailers")["grpc-status"], "4");
}

#[tokio::test]
async fn a_unary_answer_that_nobody_takes_holds_no_place() {
    let desk = Server::open_with(|settings| settings.max_calls = 1).await;
    let mut sender = narrow(desk.address, 0).await;
    let url = format!("{}/greeter.Greeter/SayHello", desk.url());
    let request = HelloRequest { name: "Ada".into() };
    let untaken = call(&mut sender, url, &[], &request).await;
    gets_a_place(&mut desk.greeter().await).await;
    drop(untaken);
}

#[tokio::test]
async fn an_http1_reader_that_takes_nothing_holds_neither_place_nor_connection() {
    let desk = Server::open_with(|settings| {
        settings.max_calls = 1;
        settings.max_connections = 2;
        settings.send_timeout = 1;
    })
    .await;
    // More answers than the sockets' buffers take, and none of them is read.
    let list = "POST /user.UserService/ListUsers HTTP/1.1\r\nhost: desk\r\n\
                content-type: application/grpc-web\r\ncontent-length: 5\r\n\r\n\0\0\0\0\0";
    let mut unread = TcpStream::connect(desk.address).await.expect("the server");
    unread
        .write_all(list.repeat(400).as_bytes())
        .await
        .expect("sent");

    let mut greeter = desk.greeter().await;
    let holds_it = async { while has_a_place(&mut greeter).await {} };
    timeout(IN_TIME, holds_it).await.expect("it gets stuck");
    gets_a_place(&mut greeter).await;

    // `greeter` has one connection, `unread` had the other.
    let wire = Wire {
        address: desk.address,
        version: Version::Http1,
    };
    let third = timeout(IN_TIME, wire.get("/healthz", &[])).await;
    assert_eq!(third.expect("it is let in").status, 200);
    drop(unread);
}

#[tokio::test]
async fn a_connection_with_more_unread_than_there_are_calls_is_closed() {
    let desk = Server::open_with(|settings| {
        settings.max_calls = 1;
        settings.send_timeout = 1;
    })
    .await;
    let url = || format!("{}/user.UserService/ListUsers", desk.url());
    let list = ListUsersRequest::default();
    let mut first = narrow(desk.address, 1_024).await;
    let mut second = narrow(desk.address, 1_024).await;
    let unread = call(&mut first, url(), &[], &list).await;
    gets_a_place(&mut desk.greeter().await).await;
    let one_more = call(&mut second, url(), &[], &list).await;
    gets_a_place(&mut desk.greeter().await).await;

    let read = timeout(IN_TIME, one_more.into_body().collect()).await;
    assert!(read.expect("an end").is_err(), "its connection is closed");
    let read = timeout(IN_TIME, unread.into_body().collect()).await;
    let read = read.expect("an end").expect("a whole body");
    assert_eq!(read.trailers().expect("trailers")["grpc-status"], "4");
}

#[tokio::test]
async fn unary_answers_that_nobody_takes_are_let_go_of_too() {
    let desk = Server::open_with(|settings| {
        settings.max_calls = 2;
        settings.send_timeout = 1;
    })
    .await;
    let url = || format!("{}/greeter.Greeter/SayHello", desk.url());
    let request = HelloRequest { name: "Ada".into() };
    let mut sender = narrow(desk.address, 0).await;
    let mut untaken = Vec::new();
    // Two that hold nothing, two that there are places for.
    for _ in 0..4 {
        untaken.push(call(&mut sender, url(), &[], &request).await);
    }
    let mut greeter = desk.greeter().await;
    assert!(!has_a_place(&mut greeter).await, "two hold the places");
    gets_a_place(&mut greeter).await;
    let closed = async { while sender.ready().await.is_ok() {} };
    timeout(IN_TIME, closed).await.expect("it is closed");
}

#[tokio::test]
async fn a_connection_on_which_a_whole_answer_lies_for_too_long_is_closed() {
    let desk = Server::open_with(|settings| settings.send_timeout = 1).await;
    let url = format!("{}/greeter.Greeter/SayHello", desk.url());
    let request = HelloRequest { name: "Ada".into() };
    let mut sender = narrow(desk.address, 0).await;
    let untaken = call(&mut sender, url, &[], &request).await;
    let read = timeout(IN_TIME, untaken.into_body().collect()).await;
    assert!(read.expect("an end").is_err(), "its connection is closed");
}

#[tokio::test]
async fn a_stream_that_has_nothing_to_say_is_left_alone() {
    let desk = Server::open_with(|settings| {
        settings.max_calls = 1;
        settings.send_timeout = 1;
    })
    .await;
    let mut watch = desk.watch().await;
    let more = timeout(Duration::from_secs(3), watch.next()).await;
    assert!(more.is_err(), "it was ended: {more:?}");
    assert!(!has_a_place(&mut desk.greeter().await).await, "it goes on");
}

/// A frame of HTTP/2's (RFC 9113, section 4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a short frame");
    let [_, length @ ..] = length.to_be_bytes();
    let head = [&length[..], &[kind, flags], &stream.to_be_bytes()].concat();
    [&head, payload].concat()
}

/// A call of `ListUsers` over HTTP/2, whose answer may have not a byte until there is a window.
fn windowless() -> Vec<u8> {
    const INITIAL_WINDOW_SIZE: [u8; 6] = [0, 4, 0, 0, 0, 0];
    let fields = [
        (":method", "POST"),
        (":scheme", "http"),
        (":authority", "desk"),
        (":path", "/user.UserService/ListUsers"),
        ("content-type", "application/grpc"),
        ("te", "trailers"),
    ];
    let mut block = Vec::new();
    for (name, value) in fields {
        // Literals that are not indexed (RFC 7541, section 6.2.2).
        block.push(0);
        for text in [name, value] {
            block.push(u8::try_from(text.len()).expect("a short one"));
            block.extend_from_slice(text.as_bytes());
        }
    }
    [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        frame(4, 0, 0, &INITIAL_WINDOW_SIZE),
        frame(1, 4, 1, &block),
        frame(0, 1, 1, &[0; 5]),
    ]
    .concat()
}

#[tokio::test]
async fn who_takes_a_byte_now_and_then_is_let_go_of_too() {
    let desk = Server::open_with(|settings| {
        settings.max_calls = 1;
        settings.send_timeout = 1;
    })
    .await;
    let list = "POST /user.UserService/ListUsers HTTP/1.1\r\nhost: desk\r\n\
                content-type: application/grpc-web\r\ncontent-length: 5\r\n\r\n\0\0\0\0\0";
    // Over HTTP/1.1 more than the sockets' buffers take, over HTTP/2 what the windows let through.
    for (request, window) in [
        (list.repeat(400).into_bytes(), None),
        (windowless(), Some(frame(8, 0, 1, &[0, 0, 0, 1]))),
    ] {
        let mut socket = TcpStream::connect(desk.address).await.expect("the server");
        socket.write_all(&request).await.expect("sent");
        let mut greeter = desk.greeter().await;
        let holds_it = async { while has_a_place(&mut greeter).await {} };
        timeout(IN_TIME, holds_it).await.expect("it gets stuck");
        let trickle = async {
            let mut pulse = tokio::time::interval(Duration::from_millis(100));
            loop {
                pulse.tick().await;
                // It may be closed by now.
                let _ = socket.read_u8().await;
                if let Some(window) = &window {
                    let _ = socket.write_all(window).await;
                }
            }
        };
        tokio::select! {
            () = gets_a_place(&mut greeter) => {}
            () = trickle => unreachable!("it has no end"),
        }
    }
}
