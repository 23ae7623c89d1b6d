//! Pings (`--keepalive`) and idle connections.

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::tungstenite::Message as WsMessage;

use super::{BIDI_HELLO, is_open, start_bidi_hello};
use crate::helpers::{Event, REQUEST_HEADERS, Server, Socket, TIMEOUT, handshake_bytes};

#[tokio::test]
async fn only_a_client_that_does_not_reply_to_pings_is_disconnected() {
    let server = Server::start_with(|settings| {
        settings.keepalive = 1;
        settings.max_calls = 2;
    })
    .await;
    let mut alive = start_bidi_hello(&server).await;
    let mut silent = SilentClient::start(&server).await;
    // Longer than it takes to disconnect the silent client.
    let quiet = timeout(Duration::from_secs(4), alive.next_event_without_timeout()).await;
    assert!(quiet.is_err(), "the call ended: {quiet:?}");
    assert!(is_open(&mut alive).await);

    let frames = silent.read_to_end().await;
    assert!(
        frames.windows(2).any(|two| two == [0x89, 0]),
        "no ping: {frames:?}"
    );
    let code = [&[0x88, 20][..], &1008_u16.to_be_bytes()].concat();
    assert!(frames.windows(4).any(|four| four == code), "{frames:?}");
    // Its permit is released.
    let mut next = start_bidi_hello(&server).await;
    assert!(is_open(&mut next).await);
}

/// A client that does not reply to pings.
struct SilentClient(TcpStream);

impl SilentClient {
    async fn start(server: &Server) -> Self {
        let mut socket = TcpStream::connect(server.address).await.expect("connected");
        let length = u8::try_from(REQUEST_HEADERS.len()).expect("short header block");
        assert!(length < 126);
        let handshake = handshake_bytes(server.address, BIDI_HELLO);
        let bytes = [
            &handshake[..],
            &[0x82, 0x80 | length, 0, 0, 0, 0],
            REQUEST_HEADERS.as_bytes(),
        ];
        socket.write_all(&bytes.concat()).await.expect("written");
        Self(socket)
    }

    async fn read_to_end(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let read = timeout(TIMEOUT, self.0.read_to_end(&mut bytes)).await;
        read.expect("closed in time").expect("clean close");
        bytes
    }
}

#[tokio::test]
async fn the_server_replies_to_pings() {
    let server = Server::start().await;
    let mut socket = start_bidi_hello(&server).await;
    let payload = Bytes::from_static(b"payload");
    socket.send_ws(WsMessage::Ping(payload.clone())).await;
    let response = timeout(TIMEOUT, socket.ws.next())
        .await
        .expect("completed in time");
    let response = response.expect("message").expect("valid message");
    assert_eq!(response, WsMessage::Pong(payload));
}

#[tokio::test]
async fn an_http2_connection_with_an_open_socket_is_not_idle() {
    let server = Server::start_with(|settings| settings.idle_timeout = 1).await;
    let mut socket = Socket::open_http2(server.address, "/grpc.health.v1.Health/Watch").await;
    socket.send_headers("").await;
    socket.send_bytes(&[0; 5]).await;
    socket.finish().await;
    socket.receive_headers().await;
    assert!(matches!(socket.next_event().await, Event::Message(_)));
    let quiet = timeout(Duration::from_secs(4), socket.next_event_without_timeout()).await;
    assert!(quiet.is_err(), "the call ended: {quiet:?}");
}
