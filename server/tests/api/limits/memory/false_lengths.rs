//! Messages that are shorter than they claim.

use std::net::SocketAddr;

use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use super::{BIDI_HELLO, KIBIBYTE, MeasuredServer, WEB, open_socket, read_response};
use crate::helpers::REQUEST_HEADERS;

/// The claimed length of a message of which one byte is sent; just below the limit.
const CLAIMED_LENGTH: u32 = 1_000_000;

/// The prefix of the message and its first byte.
fn truncated_message() -> Vec<u8> {
    [&[0], &CLAIMED_LENGTH.to_be_bytes()[..], b"\x0a"].concat()
}

/// Starts a call over a socket and sends these WebSocket bytes.
async fn call_over_socket(address: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut socket = open_socket(address).await;
    let length = u8::try_from(REQUEST_HEADERS.len()).expect("short header block");
    let frame_head = [0x82, 0x80 | length, 0, 0, 0, 0];
    let bytes = [&frame_head, REQUEST_HEADERS.as_bytes(), bytes].concat();
    socket.write_all(&bytes).await.expect("written");
    // The handshake is followed by the response headers: the call has started.
    let response = read_response(&mut socket, 1).await;
    assert!(response.starts_with(b"HTTP/1.1 101 "));
    socket
}

async fn call_over_http1(address: SocketAddr) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.expect("connected");
    let request = format!(
        "POST {BIDI_HELLO} HTTP/1.1\r\nhost: {address}\r\ncontent-type: {WEB}\r\n\
         content-length: {}\r\n\r\n",
        CLAIMED_LENGTH + 5
    );
    let bytes = [request.as_bytes(), &truncated_message()].concat();
    socket.write_all(&bytes).await.expect("written");
    let response = read_response(&mut socket, 0).await;
    assert!(response.starts_with(b"HTTP/1.1 200 "));
    socket
}

#[tokio::test]
async fn a_claimed_length_allocates_no_memory() {
    const CLIENTS: usize = 100;
    // A truncated gRPC message in a complete WebSocket message, and a truncated WebSocket message.
    let truncated_grpc = [&[0x82, 0x87, 0, 0, 0, 0, 0][..], &truncated_message()].concat();
    let length = u64::from(CLAIMED_LENGTH).to_be_bytes();
    let truncated_websocket = [&[0x82, 0xff], &length[..], &[0; 5], &truncated_message()].concat();
    for bytes in [Some(&truncated_grpc), Some(&truncated_websocket), None] {
        let server = MeasuredServer::start(&[]).await;
        let mut open = Vec::with_capacity(CLIENTS);
        for _ in 0..CLIENTS {
            open.push(match bytes {
                Some(bytes) => call_over_socket(server.address(), bytes).await,
                None => call_over_http1(server.address()).await,
            });
        }
        server.assert_serves_others().await;
        server.assert_growth_below(CLIENTS * 128 * KIBIBYTE);
    }
}
