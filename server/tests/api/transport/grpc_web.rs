//! gRPC-Web byte by byte: binary and text, over HTTP/1.1 and HTTP/2.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use bytes::Bytes;
use frontdesk::{
    greeter::HelloRequest,
    user::{ListUsersRequest, UserRequest, UserResponse},
};

use crate::helpers::{BOTH, Frame, Server, Version, frame_message, messages, parse_frames};

const BINARY: &str = "application/grpc-web+proto";
const TEXT: &str = "application/grpc-web-text+proto";

fn hello_request() -> Vec<u8> {
    frame_message(&HelloRequest { name: "Ada".into() })
}

/// `Hello, Ada!` and the trailers.
const HELLO_ADA: &[u8] =
    b"\x00\x00\x00\x00\x0d\x0a\x0bHello, Ada!\x80\x00\x00\x00\x0fgrpc-status:0\r\n";

#[tokio::test]
async fn a_unary_response_is_a_message_and_a_trailers_frame() {
    let server = Server::start().await;
    for version in BOTH {
        let client = server.http(version);
        let response = client
            .post("/greeter.Greeter/SayHello", BINARY, hello_request())
            .await;
        assert_eq!(response.status, 200, "{version:?}");
        assert_eq!(response.header("content-type"), BINARY);
        assert_eq!(response.body, HELLO_ADA);
        assert!(response.trailers.is_empty(), "the trailers are in the body");
    }
}

#[tokio::test]
async fn the_text_format_is_the_binary_format_in_base64() {
    let server = Server::start().await;
    for version in BOTH {
        let client = server.http(version);
        let body = BASE64.encode(hello_request()).into_bytes();
        let response = client.post("/greeter.Greeter/SayHello", TEXT, body).await;
        assert_eq!(response.header("content-type"), TEXT, "{version:?}");
        assert_eq!(decode_text(&response.body), HELLO_ADA);
    }
}

/// Base64 with padding after each segment (PROTOCOL-WEB.md).
fn decode_text(body: &[u8]) -> Vec<u8> {
    body.chunks(4)
        .flat_map(|four| BASE64.decode(four).expect("base64"))
        .collect()
}

#[tokio::test]
async fn the_content_type_is_case_insensitive_and_may_have_parameters() {
    let server = Server::start().await;
    let client = server.http(Version::Http1);
    let content_type = "Application/gRPC-Web; charset=utf-8";
    let response = client
        .post("/greeter.Greeter/SayHello", content_type, hello_request())
        .await;
    assert_eq!(response.body, HELLO_ADA);
}

#[tokio::test]
async fn a_stream_is_its_messages_and_a_trailers_frame() {
    let server = Server::start().await;
    for version in BOTH {
        let client = server.http(version);
        let request = frame_message(&ListUsersRequest {
            page: 1,
            page_size: 3,
            ..ListUsersRequest::default()
        });
        let response = client
            .post("/user.UserService/ListUsers", BINARY, request)
            .await;
        assert_eq!(response.header("x-total-count"), "1000", "{version:?}");
        assert!(response.header("x-revision").parse::<u64>().is_ok());

        let mut frames = parse_frames(&response.body);
        assert_eq!(
            frames.pop(),
            Some(Frame::Trailers("grpc-status:0\r\n".into()))
        );
        let users = messages::<UserResponse>(&frames);
        let ids: Vec<_> = users.iter().map(|user| user.id).collect();
        assert_eq!(ids, [1, 2, 3]);
        assert_eq!(users[0].name, "John Doe");
    }
}

#[tokio::test]
async fn an_error_without_messages_is_sent_in_the_headers() {
    let server = Server::start().await;
    for version in BOTH {
        let client = server.http(version);
        let request = frame_message(&UserRequest { id: 1_000_000 });
        let response = client
            .post("/user.UserService/GetUser", BINARY, request)
            .await;
        assert_eq!(response.status, 200, "gRPC errors are not HTTP errors");
        assert_eq!(response.header("grpc-status"), "5");
        let message = response.header("grpc-message");
        assert!(message.contains("user%201000000"), "{message}");
        assert!(!response.header("grpc-status-details-bin").is_empty());
        assert!(response.body.is_empty());
    }
}

#[tokio::test]
async fn unqualified_paths_are_served() {
    let server = Server::start().await;
    let client = server.http(Version::Http1);
    let response = client
        .post("/Greeter/SayHello", BINARY, hello_request())
        .await;
    let first = parse_frames(&response.body).into_iter().next();
    assert_eq!(
        first,
        Some(Frame::Message(Bytes::from_static(b"\x0a\x0aHello, Ada")))
    );
    for (path, request) in [
        ("/Greeter/LotsOfReplies", hello_request()),
        (
            "/UserService/GetUser",
            frame_message(&UserRequest { id: 1 }),
        ),
        (
            "/UserService/ListUsers",
            frame_message(&ListUsersRequest::default()),
        ),
    ] {
        let response = client.post(path, BINARY, request).await;
        assert_eq!(response.grpc_status(), Some(0), "{path}");
    }
}

#[tokio::test]
async fn native_grpc_sends_trailers_after_the_body() {
    let server = Server::start().await;
    let client = server.http(Version::Http2);
    let response = client
        .post(
            "/greeter.Greeter/SayHello",
            "application/grpc",
            hello_request(),
        )
        .await;
    assert_eq!(response.body, &HELLO_ADA[..18]);
    assert_eq!(
        response
            .trailers
            .get("grpc-status")
            .map(http::HeaderValue::as_bytes),
        Some(&b"0"[..])
    );
}
