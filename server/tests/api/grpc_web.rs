//! gRPC-Web as bytes: frames and trailers, binary and text, HTTP/1.1 and HTTP/2.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use bytes::Bytes;
use frontdesk::{
    greeter::HelloRequest,
    user::{ListUsersRequest, UserRequest, UserResponse},
};
use prost::Message as _;

use crate::helpers::{Frame, Server, Version, Wire, frames, message};

const BOTH: [Version; 2] = [Version::Http1, Version::Http2];
const BINARY: &str = "application/grpc-web+proto";
const TEXT: &str = "application/grpc-web-text+proto";

fn ada() -> Vec<u8> {
    message(&HelloRequest { name: "Ada".into() })
}

/// `Hello, Ada!` and a good end, to the byte.
const HELLO_ADA: &[u8] =
    b"\x00\x00\x00\x00\x0d\x0a\x0bHello, Ada!\x80\x00\x00\x00\x0fgrpc-status:0\r\n";

#[tokio::test]
async fn a_unary_answer_is_one_message_and_one_frame_of_trailers() {
    let desk = Server::open().await;
    for version in BOTH {
        let wire = Wire {
            address: desk.address,
            version,
        };
        let answer = wire.post("/greeter.Greeter/SayHello", BINARY, ada()).await;
        assert_eq!(answer.status, 200, "{version:?}");
        assert_eq!(answer.header("content-type"), BINARY);
        assert_eq!(answer.body, HELLO_ADA);
        assert!(answer.trailers.is_empty(), "trailers are in the body");
    }
}

#[tokio::test]
async fn text_is_the_same_in_base64() {
    let desk = Server::open().await;
    for version in BOTH {
        let wire = Wire {
            address: desk.address,
            version,
        };
        let body = BASE64.encode(ada()).into_bytes();
        let answer = wire.post("/greeter.Greeter/SayHello", TEXT, body).await;
        assert_eq!(answer.header("content-type"), TEXT, "{version:?}");
        assert_eq!(decode_text(&answer.body), HELLO_ADA);
    }
}

/// Base64 whose parts are each padded to their own end (PROTOCOL-WEB.md).
fn decode_text(body: &[u8]) -> Vec<u8> {
    body.chunks(4)
        .flat_map(|four| BASE64.decode(four).expect("base64"))
        .collect()
}

#[tokio::test]
async fn a_content_type_may_have_parameters_and_capitals() {
    let desk = Server::open().await;
    let wire = Wire {
        address: desk.address,
        version: Version::Http1,
    };
    let content_type = "Application/gRPC-Web; charset=utf-8";
    let answer = wire
        .post("/greeter.Greeter/SayHello", content_type, ada())
        .await;
    assert_eq!(answer.body, HELLO_ADA);
}

#[tokio::test]
async fn a_list_is_its_messages_and_then_its_trailers() {
    let desk = Server::open().await;
    for version in BOTH {
        let wire = Wire {
            address: desk.address,
            version,
        };
        let request = message(&ListUsersRequest {
            page: 1,
            page_size: 3,
            ..ListUsersRequest::default()
        });
        let answer = wire
            .post("/user.UserService/ListUsers", BINARY, request)
            .await;
        assert_eq!(answer.header("x-total-count"), "1000", "{version:?}");
        assert!(answer.header("x-revision").parse::<u64>().is_ok());

        let mut frames = frames(&answer.body);
        assert_eq!(
            frames.pop(),
            Some(Frame::Trailers("grpc-status:0\r\n".into()))
        );
        let ids: Vec<i32> = frames.iter().map(|frame| user(frame).id).collect();
        assert_eq!(ids, [1, 2, 3]);
        assert_eq!(user(&frames[0]).name, "John Doe");
    }
}

fn user(frame: &Frame) -> UserResponse {
    match frame {
        Frame::Message(bytes) => UserResponse::decode(bytes.clone()).expect("a user"),
        Frame::Trailers(text) => panic!("trailers in the middle: {text}"),
    }
}

#[tokio::test]
async fn an_error_stands_in_the_headers_with_its_details() {
    let desk = Server::open().await;
    for version in BOTH {
        let wire = Wire {
            address: desk.address,
            version,
        };
        let request = message(&UserRequest { id: 1_000_000 });
        let answer = wire
            .post("/user.UserService/GetUser", BINARY, request)
            .await;
        assert_eq!(answer.status, 200, "gRPC's errors are no errors of HTTP");
        assert_eq!(answer.header("grpc-status"), "5");
        assert_eq!(
            answer.header("grpc-message"),
            "user%201000000%20not%20found"
        );
        assert!(!answer.header("grpc-status-details-bin").is_empty());
        assert!(answer.body.is_empty());
    }
}

#[tokio::test]
async fn every_path_is_served_without_a_package_too() {
    let desk = Server::open().await;
    let wire = Wire {
        address: desk.address,
        version: Version::Http1,
    };
    let answer = wire.post("/Greeter/SayHello", BINARY, ada()).await;
    let first = frames(&answer.body).into_iter().next();
    assert_eq!(
        first,
        Some(Frame::Message(Bytes::from_static(b"\x0a\x0aHello, Ada")))
    );
    for (path, request) in [
        ("/Greeter/LotsOfReplies", ada()),
        ("/UserService/GetUser", message(&UserRequest { id: 1 })),
        (
            "/UserService/ListUsers",
            message(&ListUsersRequest::default()),
        ),
    ] {
        let answer = wire.post(path, BINARY, request).await;
        assert_eq!(answer.grpc_status(), Some(0), "{path}");
    }
}

#[tokio::test]
async fn a_native_call_has_its_trailers_behind_the_body() {
    let desk = Server::open().await;
    let wire = Wire {
        address: desk.address,
        version: Version::Http2,
    };
    let answer = wire
        .post("/greeter.Greeter/SayHello", "application/grpc", ada())
        .await;
    assert_eq!(answer.body, &HELLO_ADA[..18]);
    assert_eq!(
        answer
            .trailers
            .get("grpc-status")
            .map(http::HeaderValue::as_bytes),
        Some(&b"0"[..])
    );
}
