//! Clients that send much and read nothing.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use frontdesk::greeter::{HelloRequest, greeter_client::GreeterClient};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::{
    io::AsyncWriteExt as _,
    net::TcpStream,
    time::{sleep, timeout},
};
use tokio_tungstenite::tungstenite::Message as WsMessage;
use tonic::transport::Channel;

use super::{BIDI_HELLO, KIBIBYTE, MEBIBYTE, MeasuredServer};
use crate::helpers::{REQUEST_HEADERS, Socket, frame_message, handshake_bytes};

/// Waits until no counter of sent messages has grown for a second.
async fn wait_until_blocked(sent: &[Arc<AtomicUsize>], limit: usize) {
    let current = || -> Vec<_> {
        let counts = sent.iter().map(|count| count.load(Ordering::Relaxed));
        counts.collect()
    };
    let mut before = Vec::new();
    while before != current() {
        before = current();
        assert!(
            before.iter().all(|count| *count < limit),
            "every message was accepted"
        );
        sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::test]
async fn a_client_that_reads_no_responses_is_not_read() {
    /// Over each protocol.
    const CLIENTS: usize = 8;
    /// More than all buffers hold: 250 MB for each client.
    const MESSAGES: usize = 1_200_000;
    /// Messages in one WebSocket message.
    const BATCH: usize = 300;
    let server = MeasuredServer::start(&[]).await;
    let hello = HelloRequest {
        name: "x".repeat(200),
    };
    let (mut sent, mut streams, mut writers) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..CLIENTS {
        let count = Arc::new(AtomicUsize::new(0));
        sent.push(Arc::clone(&count));
        let requests = tokio_stream::iter(std::iter::repeat_n(hello.clone(), MESSAGES));
        let requests = requests.inspect(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
        });
        let channel = Channel::from_shared(server.process.url.clone()).expect("valid address");
        let mut greeter = GreeterClient::new(channel.connect().await.expect("connected"));
        streams.push(greeter.bidi_hello(requests).await.expect("response stream"));

        let count = Arc::new(AtomicUsize::new(0));
        sent.push(Arc::clone(&count));
        let socket = Socket::start_call(server.address(), BIDI_HELLO).await;
        let (mut requests, responses) = socket.ws.split();
        let batch = frame_message(&hello).repeat(BATCH);
        let batch = Bytes::from([&[0], &batch[..]].concat());
        writers.push(tokio::spawn(async move {
            let _unread = responses;
            while requests
                .send(WsMessage::Binary(batch.clone()))
                .await
                .is_ok()
            {
                count.fetch_add(BATCH, Ordering::Relaxed);
            }
        }));
    }
    wait_until_blocked(&sent, MESSAGES).await;
    server.assert_serves_others().await;
    server.assert_growth_below(sent.len() * MEBIBYTE);
    for writer in writers {
        writer.abort();
    }
}

/// Before and during a call.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unread_pongs_cost_no_memory() {
    /// More than all buffers between client and server hold.
    const LIMIT: usize = 256 * MEBIBYTE;
    /// The server has stopped reading if a write takes longer.
    const BLOCKED: Duration = Duration::from_secs(5);
    let server = MeasuredServer::start(&["--send-timeout", "60"]).await;
    // As many masked pings of 125 bytes (RFC 6455, section 5.2) as fit in 64 KiB.
    let ping = [&[0x89, 0x80 | 0x7d, 0, 0, 0, 0][..], &[b'x'; 125]].concat();
    let pings = ping.repeat(64 * KIBIBYTE / ping.len());
    for headers in [None, Some(REQUEST_HEADERS)] {
        let mut io = TcpStream::connect(server.address())
            .await
            .expect("connected");
        let mut bytes = handshake_bytes(server.address(), BIDI_HELLO);
        if let Some(headers) = headers {
            let length = u8::try_from(headers.len()).expect("short header block");
            bytes.extend([0x82, 0x80 | length, 0, 0, 0, 0]);
            bytes.extend(headers.as_bytes());
        }
        io.write_all(&bytes).await.expect("written");
        let mut sent = 0;
        while let Ok(written) = timeout(BLOCKED, io.write_all(&pings)).await {
            // Without a header block the server closes the socket after a while.
            if written.is_err() {
                break;
            }
            sent += pings.len();
            assert!(sent < LIMIT, "{sent} bytes of pings were accepted");
        }
        server.assert_serves_others().await;
    }
    server.assert_growth_below(MEBIBYTE);
}
