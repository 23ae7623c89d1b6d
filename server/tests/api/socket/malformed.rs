//! Sessions that are none: each is ended with the code that says why, and the server is as well as
//! before.

use frontdesk::greeter::{HelloReply, HelloRequest};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::helpers::{BLOCK, IN_TIME, Server, Socket, message};

const FIN: u8 = 0x80;
const CONTINUES: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;

/// A frame as a client sends it: masked, here by nothing.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match u16::try_from(payload.len()) {
        Ok(short @ 0..126) => frame.push(0x80 | u8::try_from(short).expect("short")),
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

fn block() -> Vec<u8> {
    binary(BLOCK.as_bytes())
}

/// What is said after the block.
fn after_the_block(frames: &[Vec<u8>]) -> Vec<u8> {
    [block(), frames.concat()].concat()
}

/// Sends these bytes over a socket; the code that it is closed with.
async fn closed_with(desk: &Server, path: &str, bytes: &[u8]) -> Option<u16> {
    let mut socket = TcpStream::connect(desk.address).await.expect("the server");
    let head = format!(
        "GET {path} HTTP/1.1\r\nhost: desk\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         sec-websocket-protocol: grpc-websockets\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.expect("sent");
    socket.write_all(bytes).await.expect("sent");
    let mut answer = Vec::new();
    loop {
        let read = timeout(IN_TIME, socket.read_buf(&mut answer)).await;
        let read = read.expect("it is closed in time").unwrap_or_default();
        if let Some(code) = goodbye(&answer) {
            return Some(code);
        }
        if read == 0 {
            return None;
        }
    }
}

/// The code in the goodbye, once that is there.
fn goodbye(answer: &[u8]) -> Option<u16> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let mut frames = &answer[end + 4..];
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

/// A call that ends when it is closed, and one that goes on for ever.
const TALK: &str = "/greeter.Greeter/BidiHello";
const WATCH: &str = "/grpc.health.v1.Health/Watch";

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn each_has_its_code_and_leaves_the_server_as_well_as_before() {
    let desk = Server::open_with(|settings| settings.max_request_bytes = 100_000).await;
    let ada = message(&HelloRequest { name: "Ada".into() });
    let said = |bytes: &[u8]| binary(&[&[0], bytes].concat());
    let ended = || binary(&[1]);
    let large = vec![b'x'; 17 * 1024];
    let cases: Vec<(&str, Vec<u8>, u16)> = vec![
        (
            "text for a block",
            frame(FIN | TEXT, BLOCK.as_bytes()),
            1002,
        ),
        ("an empty block", binary(b""), 1002),
        ("a block without a colon", binary(b"content-type"), 1002),
        (
            "a block with a name that is none",
            binary(b"a b: c\r\n"),
            1002,
        ),
        ("a block with a NUL", binary(b"a: \0\r\n"), 1002),
        ("a block that is too large", binary(&large), 1009),
        (
            "a block of fragments that are too large together",
            [
                frame(BINARY, &large[..9_000]),
                frame(FIN | CONTINUES, &large[..9_000]),
            ]
            .concat(),
            1009,
        ),
        ("a second block", after_the_block(&[block()]), 1002),
        (
            "text",
            after_the_block(&[frame(FIN | TEXT, b"\0hello")]),
            1002,
        ),
        (
            "text that is none",
            after_the_block(&[frame(FIN | TEXT, b"\xff")]),
            1002,
        ),
        ("an empty message", after_the_block(&[binary(b"")]), 1002),
        (
            "another first byte",
            after_the_block(&[binary(b"\x02")]),
            1002,
        ),
        (
            "the answers' first byte",
            after_the_block(&[binary(b"\x80\0\0\0\0")]),
            1002,
        ),
        (
            "an end with more in it",
            after_the_block(&[binary(b"\x01\0")]),
            1002,
        ),
        (
            "a message that is too large",
            after_the_block(&[said(&vec![0; 100_006])]),
            1009,
        ),
        (
            "a message that only says that it is too large",
            after_the_block(&[[&[FIN | BINARY, 0x80 | 0x7f, 0x7f][..], &[0; 11]].concat()]),
            1009,
        ),
        (
            "fragments that are too large together",
            after_the_block(&[
                frame(BINARY, &[0; 60_000]),
                frame(FIN | CONTINUES, &[0; 60_000]),
            ]),
            1009,
        ),
        (
            "no mask",
            after_the_block(&[vec![FIN | BINARY, 1, 1]]),
            1002,
        ),
        (
            "a reserved bit",
            after_the_block(&[frame(0xc0 | BINARY, b"\0")]),
            1002,
        ),
        (
            "an unknown kind",
            after_the_block(&[frame(FIN | 3, b"\0")]),
            1002,
        ),
        (
            "an unknown control",
            after_the_block(&[frame(FIN | 0xb, b"")]),
            1002,
        ),
        (
            "a ping that is too large",
            after_the_block(&[frame(FIN | PING, &[0; 126])]),
            1002,
        ),
        (
            "a ping in fragments",
            after_the_block(&[frame(PING, b"")]),
            1002,
        ),
        (
            "a fragment of nothing",
            after_the_block(&[frame(FIN | CONTINUES, b"\0")]),
            1002,
        ),
        (
            "a message within another",
            after_the_block(&[frame(BINARY, b"\0"), binary(b"\0")]),
            1002,
        ),
        (
            "a goodbye with half a code",
            after_the_block(&[frame(FIN | CLOSE, b"\x03")]),
            1002,
        ),
        // And those that are well, to be sure of the table.
        (
            "a goodbye",
            after_the_block(&[frame(FIN | CLOSE, &1000_u16.to_be_bytes())]),
            1000,
        ),
        (
            "a whole call",
            after_the_block(&[said(&ada), ended()]),
            1000,
        ),
        (
            "a whole call in fragments, with a ping in between",
            [
                frame(BINARY, &BLOCK.as_bytes()[..9]),
                frame(FIN | PING, b"well?"),
                frame(FIN | CONTINUES, &BLOCK.as_bytes()[9..]),
                frame(BINARY, &[]),
                frame(FIN | CONTINUES, &[&[0], &ada[..]].concat()),
                ended(),
            ]
            .concat(),
            1000,
        ),
    ];
    for (name, bytes, code) in &cases {
        let closed = closed_with(&desk, TALK, bytes).await;
        assert_eq!(closed, Some(*code), "{name}");
    }
    for (name, more) in [("bytes", said(b"")), ("a second end", ended())] {
        let bytes = after_the_block(&[said(&[0; 5]), ended(), more]);
        let closed = closed_with(&desk, WATCH, &bytes).await;
        assert_eq!(closed, Some(1002), "{name} after the end");
    }

    let mut socket = Socket::call(desk.address, "/greeter.Greeter/SayHello").await;
    socket.send(&HelloRequest { name: "Ada".into() }).await;
    socket.end().await;
    let heard = socket.rest().await;
    assert_eq!(heard.decoded::<HelloReply>()[0].message, "Hello, Ada!");
}

#[tokio::test]
async fn too_large_is_said_in_the_trailers_too_and_how_large_it_may_be() {
    let desk = Server::open_with(|settings| settings.max_request_bytes = 1_000).await;
    // Larger than what a message may be, as WebSocket has it and as gRPC has it.
    let name = "x".repeat(2_000);
    for (path, requests, code) in [
        ("/greeter.Greeter/SayHello", 1, 1009),
        ("/greeter.Greeter/BidiHello", 1, 1009),
    ] {
        let mut socket = Socket::call(desk.address, path).await;
        for _ in 0..requests {
            socket.send(&HelloRequest { name: name.clone() }).await;
        }
        let heard = socket.rest().await;
        assert_eq!((heard.status(), heard.closed), (Some(8), Some(code)));
        assert!(heard.trailer("grpc-message").contains("100"), "{heard:?}");
    }
    for path in ["/greeter.Greeter/SayHello", "/greeter.Greeter/BidiHello"] {
        let mut socket = Socket::call(desk.address, path).await;
        for part in message(&HelloRequest { name: name.clone() }).chunks(500) {
            socket.bytes(part).await;
        }
        let heard = socket.rest().await;
        assert_eq!((heard.status(), heard.closed), (Some(8), Some(1000)));
        assert!(heard.trailer("grpc-message").contains("1000"), "{heard:?}");
    }
}
