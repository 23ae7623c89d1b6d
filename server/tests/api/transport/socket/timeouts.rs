//! Deadlines, and sockets that send nothing or too slowly.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use super::{BIDI_HELLO, is_open, start_bidi_hello};
use crate::helpers::{Server, Socket, TIMEOUT, handshake_bytes};

#[tokio::test]
async fn a_deadline_in_the_header_block_ends_the_call() {
    let server = Server::start().await;
    for (method, timeout, status) in [
        ("LotsOfGreetings", "100m", 4),
        ("BidiHello", "100m", 4),
        ("SayHello", "soon", 3),
    ] {
        let path = format!("/greeter.Greeter/{method}");
        let line = format!("grpc-timeout: {timeout}\r\n");
        let mut socket = Socket::start_call_with(server.address, &path, &line).await;
        let response = socket.response().await;
        assert_eq!(response.status(), Some(status), "{method}");
        assert_eq!(response.close_code, Some(1000));
    }
}

#[tokio::test]
async fn a_socket_without_a_header_block_is_closed() {
    let server = Server::start_with(|settings| settings.header_timeout = 1).await;
    let mut socket = Socket::open(server.address, BIDI_HELLO).await;
    let response = socket.response().await;
    assert_eq!(response.end(), (Some(14), Some(1008)));
}

#[tokio::test]
async fn an_endless_header_block_is_not_awaited() {
    let server = Server::start_with(|settings| settings.header_timeout = 1).await;
    // Endless fragments, with and without payload, and endless pings.
    let endless = [
        (
            [0x02, 0x81, 0, 0, 0, 0, b'x'].as_slice(),
            [0, 0x81, 0, 0, 0, 0, b'x'].as_slice(),
        ),
        (&[0x02, 0x80, 0, 0, 0, 0], &[0, 0x80, 0, 0, 0, 0]),
        (&[0x89, 0x80, 0, 0, 0, 0], &[0x89, 0x80, 0, 0, 0, 0]),
    ];
    let closed = endless.map(async |(first, next)| {
        let socket = TcpStream::connect(server.address).await.expect("connected");
        let (mut reader, mut writer) = socket.into_split();
        let handshake = handshake_bytes(server.address, BIDI_HELLO);
        writer.write_all(&handshake).await.expect("written");
        writer.write_all(first).await.expect("written");
        let send_slowly = async {
            // Far below the size limit, and never silent for as long as the timeout.
            let mut interval = tokio::time::interval(Duration::from_millis(50));
            while writer.write_all(next).await.is_ok() {
                interval.tick().await;
            }
            std::future::pending::<()>().await;
        };
        let mut response = Vec::new();
        let closed = async {
            tokio::select! {
                read = reader.read_to_end(&mut response) => read,
                () = send_slowly => unreachable!(),
            }
        };
        // Closed or reset: data that arrives after the close may reset the connection.
        let _ = timeout(TIMEOUT, closed).await.expect("closed in time");
        let code = 1008_u16.to_be_bytes();
        assert!(
            response.windows(2).any(|two| two == code),
            "{first:?}: {response:?}"
        );
    });
    join_all(closed).await;
}

#[tokio::test]
async fn an_idle_call_is_ended_after_the_idle_timeout() {
    let server = Server::start_with(|settings| {
        settings.header_timeout = 1;
        settings.idle_timeout = 4;
    })
    .await;
    let mut socket = start_bidi_hello(&server).await;
    // Longer than the header timeout.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(is_open(&mut socket).await, "the call is still open");
    let response = socket.response().await;
    assert_eq!(response.end(), (Some(4), Some(1000)));
}
