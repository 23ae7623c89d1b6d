//! Nothing is unbounded: calls, bytes, time.

use std::time::Duration;

use bytes::Bytes;
use frontdesk::greeter::HelloRequest;
use futures_util::future::join_all;
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
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::helpers::{IN_TIME, Server, Version, Wire, message};

#[tokio::test]
async fn nobody_has_more_than_a_clients_share_of_calls() {
    let desk = Server::open_with(|settings| settings.max_client_calls = 2).await;
    // Each over a connection of its own.
    let streams = [desk.watch().await, desk.watch().await];
    let ada = HelloRequest { name: "Ada".into() };
    let refused = desk.greeter().await.say_hello(ada.clone()).await;
    let status = refused.expect_err("one too many");
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert!(status.get_details_retry_info().is_some());
    drop(streams);
    let mut greeter = desk.greeter().await;
    let let_in = async { while greeter.say_hello(ada.clone()).await.is_err() {} };
    timeout(IN_TIME, let_in).await.expect("there is room again");
}

#[tokio::test]
async fn nobody_has_more_than_a_clients_share_of_connections() {
    let desk = Server::open_with(|settings| settings.max_client_connections = 2).await;
    let open = async || TcpStream::connect(desk.address).await.expect("the server");
    let (first, _second) = (open().await, open().await);
    let mut third = open().await;
    let read = timeout(IN_TIME, third.read(&mut [0])).await;
    let read = read.expect("it is closed at once");
    assert!(matches!(read, Ok(0) | Err(_)), "{read:?}");
    drop(first);
    let served = async || {
        let mut io = open().await;
        let request = b"GET /healthz HTTP/1.1\r\nhost: desk\r\nconnection: close\r\n\r\n";
        let mut answer = Vec::new();
        // One that is closed at once may be gone before it is written to.
        let _ = io.write_all(request).await;
        let _ = io.read_to_end(&mut answer).await;
        answer.starts_with(b"HTTP/1.1 200 ")
    };
    let let_in = async { while !served().await {} };
    timeout(IN_TIME, let_in).await.expect("there is room again");
}

#[tokio::test]
async fn one_call_too_many_is_told_to_come_back_and_is_let_in_when_there_is_room() {
    let desk = Server::open_with(|settings| settings.max_calls = 2).await;
    let mut greeter = desk.greeter().await;
    let streams = [desk.watch().await, desk.watch().await];

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
async fn a_message_that_is_too_large_is_refused_and_how_large_it_may_be_is_said() {
    let desk = Server::open_with(|settings| settings.max_request_bytes = 1_000).await;
    let wire = Wire {
        address: desk.address,
        version: Version::Http2,
    };
    let large = message(&HelloRequest {
        name: "x".repeat(2_000),
    });
    for content_type in ["application/grpc", "application/grpc-web+proto"] {
        let answer = wire
            .post("/greeter.Greeter/SayHello", content_type, large.clone())
            .await;
        assert_eq!(answer.grpc_status(), Some(8), "{content_type}");
        // How large it may be is said; when to come again is not, as it would not help.
        let words = answer.header("grpc-message");
        assert!(words.contains("1000"), "{content_type}: {words:?}");
        assert_eq!(answer.header("grpc-status-details-bin"), "");
    }
}

#[tokio::test]
async fn a_connection_that_says_too_little_is_closed() {
    let desk = Server::open_with(|settings| settings.header_timeout = 1).await;
    let closed =
        ["", "P", "PRI * HTTP/2.0\r\n", "GET / HTTP/1.1\r\nhost:"].map(async |beginning| {
            let mut socket = TcpStream::connect(desk.address).await.expect("the server");
            socket.write_all(beginning.as_bytes()).await.expect("sent");
            let mut rest = Vec::new();
            let closed = timeout(Duration::from_secs(30), socket.read_to_end(&mut rest));
            // Whether it is closed or reset is the kernel's business.
            let _ = closed
                .await
                .unwrap_or_else(|_| panic!("{beginning:?} is waited for without end"));
        });
    join_all(closed).await;
}

#[tokio::test]
async fn headers_are_bounded() {
    let desk = Server::open().await;
    let head = "GET / HTTP/1.1\r\nhost: desk\r\n";
    // Neither is longer than what the server reads of it: a socket that is closed with bytes
    // unread may take the answer with it.
    let large = format!("{head}x-large: {}", "x".repeat(16 * 1024));
    let many = format!("{head}{}\r\n", "x: y\r\n".repeat(101));
    for request in [&large[..16 * 1024], &many] {
        let mut socket = TcpStream::connect(desk.address).await.expect("the server");
        socket.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await.expect("an answer");
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 431"), "{answer:?}");
    }
}

#[tokio::test]
async fn a_call_takes_no_longer_than_the_longest_that_is_allowed() {
    let desk = Server::open_with(|settings| settings.call_timeout = 1).await;
    let mut watch = desk.watch().await;
    let status = watch.next().await.expect("an end").expect_err("too long");
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn a_connection_too_many_waits_for_a_place() {
    let desk = Server::open_with(|settings| settings.max_connections = 1).await;
    let request = b"GET /healthz HTTP/1.1\r\nhost: desk\r\n\r\n";
    let mut byte = [0];
    let mut first = TcpStream::connect(desk.address).await.expect("the server");
    first.write_all(request).await.expect("sent");
    first.read_exact(&mut byte).await.expect("an answer");

    let mut second = TcpStream::connect(desk.address).await.expect("the backlog");
    second.write_all(request).await.expect("sent");
    // The first is still answered, and the second has had nothing yet.
    first.write_all(request).await.expect("sent");
    let mut rest = [0; 64];
    assert_ne!(first.read(&mut rest).await.expect("an answer"), 0);
    assert!(second.try_read(&mut rest).is_err(), "it was let in");

    drop(first);
    second
        .read_exact(&mut byte)
        .await
        .expect("an answer, now that there is a place");
}

#[tokio::test]
async fn streams_of_one_connection_are_bounded() {
    const MAX_CONCURRENT_STREAMS: u16 = 3;
    let desk = Server::open_with(|settings| settings.max_streams = 7).await;
    let mut socket = TcpStream::connect(desk.address).await.expect("the server");
    // A preface and empty settings (RFC 9113, sections 3.4 and 6.5).
    socket
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .await
        .expect("sent");
    let mut header = [0; 9];
    socket.read_exact(&mut header).await.expect("a frame");
    assert_eq!(header[3], 4, "the first frame is SETTINGS");
    let mut settings = vec![0; usize::from(header[2])];
    socket
        .read_exact(&mut settings)
        .await
        .expect("its settings");
    let streams = settings.chunks(6).find_map(|setting| {
        let id = u16::from_be_bytes([setting[0], setting[1]]);
        let value = u32::from_be_bytes([setting[2], setting[3], setting[4], setting[5]]);
        (id == MAX_CONCURRENT_STREAMS).then_some(value)
    });
    assert_eq!(streams, Some(7));
}

#[tokio::test]
async fn a_request_that_does_not_go_on_is_ended() {
    let desk = Server::open_with(|settings| settings.header_timeout = 1).await;
    let mut socket = TcpStream::connect(desk.address).await.expect("the server");
    let head = "POST /greeter.Greeter/SayHello HTTP/1.1\r\nhost: desk\r\n\
                content-type: application/grpc-web\r\ncontent-length: 100\r\n\r\n";
    socket.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.contains("grpc-status: 4"), "{answer}");
}

#[tokio::test]
async fn a_request_that_trickles_in_is_ended() {
    let desk = Server::open_with(|settings| settings.header_timeout = 1).await;
    let socket = TcpStream::connect(desk.address).await.expect("the server");
    let (mut answers, mut socket) = socket.into_split();
    let head = "POST /greeter.Greeter/SayHello HTTP/1.1\r\nhost: desk\r\n\
                content-type: application/grpc-web\r\ncontent-length: 20000\r\n\r\n\
                \0\0\0\x4e\x1b";
    socket.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    let mut part = [0; 1_024];
    // Far more bytes than would fit into the time, and never a rest as long as that.
    let mut pulse = tokio::time::interval(Duration::from_millis(50));
    while !answer.windows(14).any(|it| it == b"grpc-status: 4") {
        tokio::select! {
            read = answers.read(&mut part) => match read {
                Ok(read) if read > 0 => answer.extend_from_slice(&part[..read]),
                _ => panic!("no answer: {}", String::from_utf8_lossy(&answer)),
            },
            _ = pulse.tick() => {
                let _answered = socket.write_all(b"x").await;
            }
        }
    }
}

#[tokio::test]
async fn an_http2_connection_without_a_call_is_closed_and_one_with_a_call_is_not() {
    let desk = Server::open_with(|settings| {
        settings.idle_timeout = 1;
        settings.keepalive = 60;
    })
    .await;
    let mut watch = desk.watch().await;

    let socket = TcpStream::connect(desk.address).await.expect("the server");
    let (mut idle, connection) =
        http2::handshake::<_, _, Full<Bytes>>(TokioExecutor::new(), TokioIo::new(socket))
            .await
            .expect("HTTP/2");
    let get = Request::get(format!("{}/healthz", desk.url()))
        .body(Full::default())
        .expect("a request");
    let answered = async {
        let answer = idle.send_request(get).await.expect("an answer");
        assert_eq!(answer.status(), 200);
    };
    let closed = async { tokio::join!(connection, answered).0 };
    let closed = timeout(Duration::from_secs(30), closed).await;
    closed.expect("it is closed").expect("and in good order");
    let more = timeout(Duration::from_secs(1), watch.next()).await;
    assert!(more.is_err(), "the other was closed too: {more:?}");
}

#[tokio::test]
async fn a_request_says_once_whom_it_is_for() {
    let desk = Server::open().await;
    for (hosts, status) in [
        ("", "400"),
        ("host: desk\r\nhost: desk\r\n", "400"),
        ("host: desk\r\n", "200"),
    ] {
        let mut socket = TcpStream::connect(desk.address).await.expect("the server");
        let head = format!("GET /healthz HTTP/1.1\r\n{hosts}connection: close\r\n\r\n");
        socket.write_all(head.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.expect("an answer");
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{hosts:?}: {answer}"
        );
    }
}
