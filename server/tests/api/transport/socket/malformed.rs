//! Malformed sessions: each is closed with its code, and the server keeps serving.

use frontdesk::greeter::HelloReply;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use super::{BIDI_HELLO, SAY_HELLO, hello};
use crate::helpers::{REQUEST_HEADERS, Server, Socket, TIMEOUT, frame_message, handshake_bytes};

const FIN: u8 = 0x80;
const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;

/// A client frame, masked with zeros (RFC 6455, section 5.2).
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match u16::try_from(payload.len()) {
        Ok(short @ 0..126) => frame.push(0x80 | u8::try_from(short).expect("short payload")),
        Ok(longer) => {
            frame.push(0x80 | 0x7e);
            frame.extend_from_slice(&longer.to_be_bytes());
        }
        Err(_) => {
            frame.push(0x80 | 0x7f);
            frame.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    frame
}

fn binary(payload: &[u8]) -> Vec<u8> {
    frame(FIN | BINARY, payload)
}

fn headers() -> Vec<u8> {
    binary(REQUEST_HEADERS.as_bytes())
}

/// These frames after the header block.
fn after_headers(frames: &[Vec<u8>]) -> Vec<u8> {
    [headers(), frames.concat()].concat()
}

/// Sends these bytes over a socket; returns the close code.
async fn close_code(server: &Server, path: &str, bytes: &[u8]) -> Option<u16> {
    let mut socket = TcpStream::connect(server.address).await.expect("connected");
    let handshake = handshake_bytes(server.address, path);
    socket.write_all(&handshake).await.expect("written");
    socket.write_all(bytes).await.expect("written");
    let mut response = Vec::new();
    loop {
        let read = timeout(TIMEOUT, socket.read_buf(&mut response)).await;
        let read = read.expect("closed in time").unwrap_or_default();
        if let Some(code) = parse_close_code(&response) {
            return Some(code);
        }
        if read == 0 {
            return None;
        }
    }
}

/// The code of the close frame, once it has arrived.
fn parse_close_code(response: &[u8]) -> Option<u16> {
    let end = response.windows(4).position(|four| four == b"\r\n\r\n")?;
    let mut frames = &response[end + 4..];
    while let [first, length, rest @ ..] = frames {
        let (length, rest) = match length {
            126 => {
                let (length, rest) = rest.split_first_chunk()?;
                (usize::from(u16::from_be_bytes(*length)), rest)
            }
            length => (usize::from(*length), rest),
        };
        let (payload, rest) = rest.split_at_checked(length)?;
        if *first == FIN | CLOSE {
            return payload.first_chunk().map(|code| u16::from_be_bytes(*code));
        }
        frames = rest;
    }
    None
}

const WATCH: &str = "/grpc.health.v1.Health/Watch";

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one table")]
async fn a_malformed_session_has_its_close_code_and_the_server_keeps_serving() {
    let server = Server::start_with(|settings| settings.max_request_bytes = 100_000).await;
    let ada = frame_message(&hello("Ada"));
    let body = |bytes: &[u8]| binary(&[&[0], bytes].concat());
    let end = || binary(&[1]);
    let large = vec![b'x'; 17 * 1024];
    let cases: Vec<(&str, Vec<u8>, u16)> = vec![
        (
            "a text message as header block",
            frame(FIN | TEXT, REQUEST_HEADERS.as_bytes()),
            1002,
        ),
        ("an empty header block", binary(b""), 1002),
        (
            "a header line without a colon",
            binary(b"content-type"),
            1002,
        ),
        ("an invalid header name", binary(b"a b: c\r\n"), 1002),
        ("a header value with a NUL", binary(b"a: \0\r\n"), 1002),
        ("a header block over the limit", binary(&large), 1009),
        (
            "a fragmented header block over the limit",
            [
                frame(BINARY, &large[..9_000]),
                frame(FIN | CONTINUATION, &large[..9_000]),
            ]
            .concat(),
            1009,
        ),
        ("a second header block", after_headers(&[headers()]), 1002),
        (
            "a text message",
            after_headers(&[frame(FIN | TEXT, b"\0hello")]),
            1002,
        ),
        (
            "an invalid text message",
            after_headers(&[frame(FIN | TEXT, b"\xff")]),
            1002,
        ),
        ("an empty message", after_headers(&[binary(b"")]), 1002),
        (
            "an unknown first byte",
            after_headers(&[binary(b"\x02")]),
            1002,
        ),
        (
            "the first byte of response trailers",
            after_headers(&[binary(b"\x80\0\0\0\0")]),
            1002,
        ),
        (
            "an end with a payload",
            after_headers(&[binary(b"\x01\0")]),
            1002,
        ),
        (
            "a message over the limit",
            after_headers(&[body(&vec![0; 100_006])]),
            1009,
        ),
        (
            "a message with a claimed length over the limit",
            after_headers(&[[&[FIN | BINARY, 0x80 | 0x7f, 0x7f][..], &[0; 11]].concat()]),
            1009,
        ),
        (
            "a fragmented message over the limit",
            after_headers(&[
                frame(BINARY, &[0; 60_000]),
                frame(FIN | CONTINUATION, &[0; 60_000]),
            ]),
            1009,
        ),
        (
            "an unmasked frame",
            after_headers(&[vec![FIN | BINARY, 1, 1]]),
            1002,
        ),
        (
            "a reserved bit",
            after_headers(&[frame(0xc0 | BINARY, b"\0")]),
            1002,
        ),
        (
            "an unknown data opcode",
            after_headers(&[frame(FIN | 3, b"\0")]),
            1002,
        ),
        (
            "an unknown control opcode",
            after_headers(&[frame(FIN | 0xb, b"")]),
            1002,
        ),
        (
            "a ping over 125 bytes",
            after_headers(&[frame(FIN | PING, &[0; 126])]),
            1002,
        ),
        (
            "a fragmented ping",
            after_headers(&[frame(PING, b"")]),
            1002,
        ),
        (
            "a continuation without a start",
            after_headers(&[frame(FIN | CONTINUATION, b"\0")]),
            1002,
        ),
        (
            "a message inside of a fragmented one",
            after_headers(&[frame(BINARY, b"\0"), binary(b"\0")]),
            1002,
        ),
        (
            "a close frame with a truncated code",
            after_headers(&[frame(FIN | CLOSE, b"\x03")]),
            1002,
        ),
        // Valid sessions, to verify the method of this test.
        (
            "a close frame",
            after_headers(&[frame(FIN | CLOSE, &1000_u16.to_be_bytes())]),
            1000,
        ),
        ("a complete call", after_headers(&[body(&ada), end()]), 1000),
        (
            "a fragmented call with a ping in between",
            [
                frame(BINARY, &REQUEST_HEADERS.as_bytes()[..9]),
                frame(FIN | PING, b"ping"),
                frame(FIN | CONTINUATION, &REQUEST_HEADERS.as_bytes()[9..]),
                frame(BINARY, &[]),
                frame(FIN | CONTINUATION, &[&[0], &ada[..]].concat()),
                end(),
            ]
            .concat(),
            1000,
        ),
    ];
    for (name, bytes, code) in &cases {
        let actual = close_code(&server, BIDI_HELLO, bytes).await;
        assert_eq!(actual, Some(*code), "{name}");
    }
    for (name, more) in [("bytes", body(b"")), ("a second end", end())] {
        let bytes = after_headers(&[body(&[0; 5]), end(), more]);
        let actual = close_code(&server, WATCH, &bytes).await;
        assert_eq!(actual, Some(1002), "{name} after the end");
    }

    let mut socket = Socket::start_call(server.address, SAY_HELLO).await;
    socket.send(&hello("Ada")).await;
    socket.finish().await;
    let response = socket.response().await;
    assert_eq!(response.decode::<HelloReply>()[0].message, "Hello, Ada!");
}
