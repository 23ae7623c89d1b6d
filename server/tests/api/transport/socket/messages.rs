//! Request messages, in whatever pieces they arrive.

use frontdesk::greeter::HelloReply;
use prost::Message as _;

use super::{BIDI_HELLO, LOTS_OF_GREETINGS, SAY_HELLO, hello, start_bidi_hello};
use crate::helpers::{Server, Socket, frame_message};

#[tokio::test]
async fn websocket_messages_need_not_match_grpc_messages() {
    let server = Server::start().await;
    let requests = ["Ada", "Grace", "Linus"].map(|name| frame_message(&hello(name)));
    let bytes = requests.concat();
    for size in [1, 2, 7, bytes.len()] {
        let mut socket = Socket::start_call(server.address, LOTS_OF_GREETINGS).await;
        for part in bytes.chunks(size) {
            socket.send_bytes(part).await;
        }
        // An empty piece is allowed.
        socket.send_bytes(&[]).await;
        socket.finish().await;
        let response = socket.response().await;
        let replies = response.decode::<HelloReply>();
        assert_eq!(replies[0].message, "Hello, Ada, Grace and Linus!", "{size}");
    }
}

#[tokio::test]
async fn a_malformed_request_is_invalid() {
    let server = Server::start().await;
    for method in ["SayHello", "LotsOfGreetings", "BidiHello"] {
        // Truncated; invalid protobuf; unknown flags.
        for bytes in [
            &b"\0\0\0\0\x09\x0a"[..],
            b"\0\0\0\0\x01\xff",
            b"\x07\0\0\0\0",
        ] {
            let path = format!("/greeter.Greeter/{method}");
            let mut socket = Socket::start_call(server.address, &path).await;
            socket.send_bytes(bytes).await;
            socket.finish().await;
            let response = socket.response().await;
            assert_eq!(
                response.status(),
                Some(3),
                "{method} {bytes:?}: {response:?}"
            );
            assert_eq!(response.close_code, Some(1000));
        }
    }
}

#[tokio::test]
async fn a_message_of_the_maximum_size_is_accepted() {
    const MAX_BYTES: usize = 100_000;
    let server = Server::start_with(|settings| settings.max_request_bytes = 100_000).await;
    // The name, and an unknown field: its tag, its length in three bytes, and padding.
    let ada = hello("Ada").encode_to_vec();
    let padding = MAX_BYTES - ada.len() - 4;
    let mut message = ada;
    message.push(15 << 3 | 2);
    prost::encode_length_delimiter(padding, &mut message).expect("space available");
    message.resize(MAX_BYTES, b'x');
    let length = u32::try_from(MAX_BYTES).expect("length").to_be_bytes();
    let framed = [&[0][..], &length, &message].concat();
    let mut socket = start_bidi_hello(&server).await;
    socket.send_bytes(&framed).await;
    assert_eq!(socket.receive::<HelloReply>().await.message, "Hello, Ada!");
}

#[tokio::test]
async fn a_message_over_the_limit_is_rejected_with_the_limit() {
    let server = Server::start_with(|settings| settings.max_request_bytes = 1_000).await;
    // Rejected as one WebSocket message, and as a gRPC message in several WebSocket messages.
    let name = "x".repeat(2_000);
    for path in [SAY_HELLO, BIDI_HELLO] {
        let mut socket = Socket::start_call(server.address, path).await;
        socket.send(&hello(&name)).await;
        let response = socket.response().await;
        assert_eq!(response.end(), (Some(8), Some(1009)));
        assert!(
            response.trailer("grpc-message").contains("100"),
            "{response:?}"
        );
    }
    for path in [SAY_HELLO, BIDI_HELLO] {
        let mut socket = Socket::start_call(server.address, path).await;
        for part in frame_message(&hello(&name)).chunks(500) {
            socket.send_bytes(part).await;
        }
        let response = socket.response().await;
        assert_eq!(response.end(), (Some(8), Some(1000)));
        assert!(
            response.trailer("grpc-message").contains("1000"),
            "{response:?}"
        );
    }
}
