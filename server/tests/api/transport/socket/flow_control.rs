//! A client that does not read responses is not read, and disconnected after a while.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use frontdesk::greeter::{HelloReply, HelloRequest};
use futures_util::{SinkExt as _, StreamExt as _, stream::SplitStream};
use prost::Message as _;
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};
use tokio_tungstenite::{WebSocketStream, tungstenite::Message as WsMessage};

use super::BIDI_HELLO;
use crate::helpers::{
    BOTH, Event, Io, Server, Socket, TIMEOUT, Version, frame_message, handshake_request,
    parse_event,
};

/// gRPC messages in one WebSocket message.
const BATCH: usize = 300;

/// WebSocket messages: more than all buffers between client and server hold.
const MESSAGES: usize = 600;

/// A client that sends everything and reads nothing yet.
struct Flood {
    sent: Arc<AtomicUsize>,
    responses: SplitStream<WebSocketStream<Box<dyn Io>>>,
    _writer: JoinHandle<()>,
}

impl Flood {
    async fn start(mut socket: Socket) -> Self {
        socket.send_headers("").await;
        let (mut requests, responses) = socket.ws.split();
        let sent = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&sent);
        let writer = tokio::spawn(async move {
            let name = "x".repeat(200);
            let batch = frame_message(&HelloRequest { name }).repeat(BATCH);
            let batch = Bytes::from([&[0], &batch[..]].concat());
            for _ in 0..MESSAGES {
                if requests
                    .send(WsMessage::Binary(batch.clone()))
                    .await
                    .is_err()
                {
                    return;
                }
                counted.fetch_add(1, Ordering::Relaxed);
            }
            let end = WsMessage::Binary(Bytes::from_static(&[1]));
            let _ = requests.send(end).await;
        });
        Self {
            sent,
            responses,
            _writer: writer,
        }
    }

    /// Waits until the server has read nothing for a second.
    async fn wait_until_blocked(&self) {
        let mut before = 0;
        loop {
            sleep(Duration::from_secs(1)).await;
            let sent = self.sent.load(Ordering::Relaxed);
            assert!(
                sent < MESSAGES,
                "every message was accepted, and no response was read"
            );
            if sent == before {
                return;
            }
            before = sent;
        }
    }

    /// Reads everything; returns the number of replies, the status and the close code.
    async fn read(self) -> (usize, String, Option<u16>) {
        self.read_slowly(Instant::now()).await
    }

    /// The same, with pauses until `until`.
    async fn read_slowly(mut self, until: Instant) -> (usize, String, Option<u16>) {
        let mut buffer = BytesMut::new();
        let (mut replies, mut status) = (0, String::new());
        let mut read = 0;
        loop {
            if read > 100_000 && Instant::now() < until {
                read = 0;
                sleep(Duration::from_millis(20)).await;
            }
            let received = timeout(TIMEOUT, self.responses.next()).await;
            match received.expect("response in time") {
                Some(Ok(WsMessage::Binary(bytes))) => {
                    read += bytes.len();
                    buffer.extend_from_slice(&bytes);
                }
                Some(Ok(WsMessage::Close(frame))) => {
                    return (replies, status, frame.map(|frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return (replies, status, None),
            }
            while let Some(event) = parse_event(&mut buffer) {
                match event {
                    Event::Message(reply) => {
                        let reply = HelloReply::decode(reply).expect("reply");
                        assert_eq!(reply.message.len(), "Hello, !".len() + 200);
                        replies += 1;
                    }
                    Event::Headers(block) => {
                        if let Some(last) = block.get("grpc-status") {
                            status.clone_from(&last[0]);
                        }
                    }
                    Event::Closed(_) => unreachable!("not a frame"),
                }
            }
        }
    }
}

#[tokio::test]
async fn a_client_that_does_not_read_is_not_read_and_loses_nothing() {
    let server = Server::start().await;
    let run = async |version| {
        let flood =
            Flood::start(Socket::open_over(version, server.address, BIDI_HELLO).await).await;
        flood.wait_until_blocked().await;
        let (replies, status, code) = flood.read().await;
        assert_eq!(replies, BATCH * MESSAGES, "{version:?}");
        assert_eq!((status.as_str(), code), ("0", Some(1000)));
    };
    tokio::join!(run(Version::Http1), run(Version::Http2));
}

#[tokio::test]
async fn a_client_that_reads_slowly_is_not_disconnected() {
    // Longer than a busy machine delays this test.
    let server = Server::start_with(|settings| settings.send_timeout = 4).await;
    let run = async |version| {
        let flood =
            Flood::start(Socket::open_over(version, server.address, BIDI_HELLO).await).await;
        // Something is always unread, but nothing for as long as the timeout.
        let until = Instant::now() + Duration::from_secs(9);
        let (replies, status, code) = flood.read_slowly(until).await;
        assert_eq!(replies, BATCH * MESSAGES, "{version:?}");
        assert_eq!((status.as_str(), code), ("0", Some(1000)));
    };
    // In parallel, to save time.
    tokio::join!(run(Version::Http1), run(Version::Http2));
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_disconnected_after_the_send_timeout() {
    let server = Server::start_with(|settings| {
        settings.send_timeout = 1;
        settings.max_calls = 1;
        settings.max_sockets = 1;
    })
    .await;
    for version in BOTH {
        let flood =
            Flood::start(Socket::open_over(version, server.address, BIDI_HELLO).await).await;
        // Another client gets its permit while it is still connected.
        let accepted = async {
            loop {
                let request = handshake_request(server.address, BIDI_HELLO);
                let Ok((mut socket, _)) = Socket::try_open(request, server.address).await else {
                    sleep(Duration::from_millis(50)).await;
                    continue;
                };
                socket.send_headers("").await;
                socket.finish().await;
                let response = socket.response().await;
                assert_eq!(response.status(), Some(0), "{version:?}");
                return;
            }
        };
        timeout(TIMEOUT, accepted).await.expect("permit in time");
        let (replies, ..) = flood.read().await;
        assert!(replies < BATCH * MESSAGES);
    }
}
