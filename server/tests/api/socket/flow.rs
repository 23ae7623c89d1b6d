//! Who does not read stops who writes, and is let go of when that takes too long.

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
use tokio_tungstenite::{WebSocketStream, tungstenite::Message as Sent};

use crate::helpers::{Event, IN_TIME, Io, Server, Socket, Version, event, message};

const TALK: &str = "/greeter.Greeter/BidiHello";
/// Names of 200 letters in one message.
const NAMES: usize = 300;
/// Such messages: more than the buffers of both sides of a connection on one machine have room for.
const MESSAGES: usize = 600;

/// Somebody who says much and reads nothing.
struct Flood {
    said: Arc<AtomicUsize>,
    answers: SplitStream<WebSocketStream<Box<dyn Io>>>,
    _writer: JoinHandle<()>,
}

impl Flood {
    async fn over(mut socket: Socket) -> Self {
        socket.block("").await;
        let (mut requests, answers) = socket.ws.split();
        let said = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&said);
        let writer = tokio::spawn(async move {
            let name = "x".repeat(200);
            let names = message(&HelloRequest { name }).repeat(NAMES);
            let names = Bytes::from([&[0], &names[..]].concat());
            for _ in 0..MESSAGES {
                if requests.send(Sent::Binary(names.clone())).await.is_err() {
                    return;
                }
                counted.fetch_add(1, Ordering::Relaxed);
            }
            let end = Sent::Binary(Bytes::from_static(&[1]));
            let _ = requests.send(end).await;
        });
        Self {
            said,
            answers,
            _writer: writer,
        }
    }

    /// Done when nothing is taken of what is said any more.
    async fn stuck(&self) {
        let mut before = 0;
        loop {
            sleep(Duration::from_secs(1)).await;
            let said = self.said.load(Ordering::Relaxed);
            assert!(said < MESSAGES, "all was taken, and no answer was");
            if said == before {
                return;
            }
            before = said;
        }
    }

    /// How many answers there are, and the status and the code at the end.
    async fn read(self) -> (usize, String, Option<u16>) {
        self.read_slowly(Instant::now()).await
    }

    /// The same, with pauses until then.
    async fn read_slowly(mut self, until: Instant) -> (usize, String, Option<u16>) {
        let mut buffer = BytesMut::new();
        let (mut answers, mut status) = (0, String::new());
        let mut read = 0;
        loop {
            if read > 100_000 && Instant::now() < until {
                read = 0;
                sleep(Duration::from_millis(20)).await;
            }
            let sent = timeout(IN_TIME, self.answers.next()).await;
            match sent.expect("an answer in time") {
                Some(Ok(Sent::Binary(bytes))) => {
                    read += bytes.len();
                    buffer.extend_from_slice(&bytes);
                }
                Some(Ok(Sent::Close(frame))) => {
                    return (answers, status, frame.map(|frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return (answers, status, None),
            }
            while let Some(event) = event(&mut buffer) {
                match event {
                    Event::Message(reply) => {
                        let reply = HelloReply::decode(reply).expect("a reply");
                        assert_eq!(reply.message.len(), "Hello, !".len() + 200);
                        answers += 1;
                    }
                    Event::Block(block) => {
                        if let Some(last) = block.get("grpc-status") {
                            status.clone_from(&last[0]);
                        }
                    }
                    Event::Closed(_) => unreachable!("no frame says so"),
                }
            }
        }
    }
}

#[tokio::test]
async fn a_page_that_does_not_read_is_not_read_and_nothing_is_lost() {
    let desk = Server::open().await;
    let not_read = async |version| {
        let flood = Flood::over(Socket::open_by(version, desk.address, TALK).await).await;
        flood.stuck().await;
        let (answers, status, code) = flood.read().await;
        assert_eq!(answers, NAMES * MESSAGES, "{version:?}");
        assert_eq!((status.as_str(), code), ("0", Some(1000)));
    };
    tokio::join!(not_read(Version::Http1), not_read(Version::Http2));
}

#[tokio::test]
async fn a_page_that_reads_slowly_is_waited_for() {
    // Longer than this test is kept waiting on a machine that has much to do.
    let desk = Server::open_with(|settings| settings.send_timeout = 4).await;
    let read_slowly = async |version| {
        let flood = Flood::over(Socket::open_by(version, desk.address, TALK).await).await;
        // All the time something waits to be taken, but never the same for long.
        let slowly = Instant::now() + Duration::from_secs(9);
        let (answers, status, code) = flood.read_slowly(slowly).await;
        assert_eq!(answers, NAMES * MESSAGES, "{version:?}");
        assert_eq!((status.as_str(), code), ("0", Some(1000)));
    };
    // Side by side: each takes its time.
    tokio::join!(read_slowly(Version::Http1), read_slowly(Version::Http2));
}

#[tokio::test]
async fn a_page_that_takes_nothing_for_too_long_is_let_go_of() {
    let desk = Server::open_with(|settings| {
        settings.send_timeout = 1;
        settings.max_calls = 1;
        settings.max_sockets = 1;
    })
    .await;
    for version in [Version::Http1, Version::Http2] {
        let flood = Flood::over(Socket::open_by(version, desk.address, TALK).await).await;
        // Others have its place while it is still there.
        let let_in = async {
            loop {
                let request = crate::helpers::opening(desk.address, TALK);
                let Ok((mut socket, _)) = Socket::open_with(request, desk.address).await else {
                    sleep(Duration::from_millis(50)).await;
                    continue;
                };
                socket.block("").await;
                socket.end().await;
                let heard = socket.rest().await;
                assert_eq!(heard.status(), Some(0), "{version:?}");
                return;
            }
        };
        timeout(IN_TIME, let_in).await.expect("a place in time");
        let (answers, ..) = flood.read().await;
        assert!(answers < NAMES * MESSAGES);
    }
}
