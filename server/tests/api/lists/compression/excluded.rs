//! Responses that are never compressed.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use frontdesk::{
    greeter::HelloRequest,
    user::{ListUsersRequest, UserRequest},
};

use super::*;
use crate::helpers::{BOTH, Socket, Version, frame_message};

const ENCODINGS: &str = "gzip, deflate, br, zstd";
const TEXT: &str = "application/grpc-web-text+proto";
const NATIVE: &str = "application/grpc";

#[tokio::test]
async fn short_responses_are_not_compressed() {
    let server = start_server().await;
    let page = |page, page_size| {
        frame_message(&ListUsersRequest {
            page,
            page_size,
            ..ListUsersRequest::default()
        })
    };
    let ada = frame_message(&HelloRequest { name: "Ada".into() });
    for (path, request, status) in [
        ("/greeter.Greeter/SayHello", ada.clone(), 0),
        ("/greeter.Greeter/LotsOfReplies", ada, 0),
        (LIST, page(1, 50), 0),
        (LIST, page(9_999, 50), 0),
        (LIST, page(-1, 0), 3),
        (
            "/user.UserService/GetUser",
            frame_message(&UserRequest { id: 0 }),
            5,
        ),
    ] {
        for version in BOTH {
            let response = post((&server, version), path, WEB, ENCODINGS, request.clone()).await;
            assert_eq!(response.header("content-encoding"), "", "{path}");
            assert_eq!(response.header("vary"), "", "{path}");
            assert_eq!(response.grpc_status(), Some(status), "{path}");
        }
    }
}

#[tokio::test]
async fn grpc_web_text_native_grpc_and_sockets_are_not_compressed() {
    let server = start_server().await;
    let text = BASE64.encode(all_users()).into_bytes();
    for (version, content_type, request) in [
        (Version::Http1, TEXT, text.clone()),
        (Version::Http2, TEXT, text),
        (Version::Http2, NATIVE, all_users()),
    ] {
        let response = post((&server, version), LIST, content_type, ENCODINGS, request).await;
        assert_eq!(response.header("content-encoding"), "", "{content_type}");
        assert_eq!(response.header("vary"), "", "{content_type}");
        assert_eq!(response.header("x-total-count"), "1000");
    }
    let accept = format!("accept-encoding: {ENCODINGS}\r\n");
    let mut socket = Socket::start_call_with(server.address, LIST, &accept).await;
    socket.send_bytes(&all_users()).await;
    socket.finish().await;
    assert!(
        !socket
            .receive_headers()
            .await
            .contains_key("content-encoding")
    );
    let response = socket.response().await;
    assert_eq!(
        (response.messages.len(), response.status()),
        (1_000, Some(0))
    );
}
