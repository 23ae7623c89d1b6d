//! A client that reads a byte now and then.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::HTTP1_LIST;
use crate::helpers::{Server, wait_for_permit, wait_until_no_permit};

/// An HTTP/2 frame (RFC 9113, section 4.1).
fn http2_frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("short frame");
    let [_, length @ ..] = length.to_be_bytes();
    let head = [&length[..], &[kind, flags], &stream.to_be_bytes()].concat();
    [&head, payload].concat()
}

/// `ListUsers` over HTTP/2 with an initial window of zero bytes.
fn http2_list_without_window() -> Vec<u8> {
    const INITIAL_WINDOW_SIZE: [u8; 6] = [0, 4, 0, 0, 0, 0];
    let fields = [
        (":method", "POST"),
        (":scheme", "http"),
        (":authority", "frontdesk"),
        (":path", "/user.UserService/ListUsers"),
        ("content-type", "application/grpc"),
        ("te", "trailers"),
    ];
    let mut block = Vec::new();
    for (name, value) in fields {
        // Literals without indexing (RFC 7541, section 6.2.2).
        block.push(0);
        for text in [name, value] {
            block.push(u8::try_from(text.len()).expect("short field"));
            block.extend_from_slice(text.as_bytes());
        }
    }
    [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        http2_frame(4, 0, 0, &INITIAL_WINDOW_SIZE),
        http2_frame(1, 4, 1, &block),
        http2_frame(0, 1, 1, &[0; 5]),
    ]
    .concat()
}

#[tokio::test]
async fn a_client_that_reads_single_bytes_is_disconnected() {
    let server = Server::start_with(|settings| {
        settings.max_calls = 1;
        settings.send_timeout = 1;
    })
    .await;
    // Blocked by the socket buffers over HTTP/1.1, and by flow control over HTTP/2.
    for (request, window) in [
        (HTTP1_LIST.repeat(400).into_bytes(), None),
        (
            http2_list_without_window(),
            Some(http2_frame(8, 0, 1, &[0, 0, 0, 1])),
        ),
    ] {
        let mut socket = TcpStream::connect(server.address).await.expect("connected");
        socket.write_all(&request).await.expect("written");
        let mut greeter = server.greeter().await;
        wait_until_no_permit(&mut greeter).await;
        let trickle = async {
            let mut interval = tokio::time::interval(Duration::from_millis(100));
            loop {
                interval.tick().await;
                // Both fail once the connection is closed.
                let _ = socket.read_u8().await;
                if let Some(window) = &window {
                    let _ = socket.write_all(window).await;
                }
            }
        };
        tokio::select! {
            () = wait_for_permit(&mut greeter) => {}
            () = trickle => unreachable!("endless"),
        }
    }
}
