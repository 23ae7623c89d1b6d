//! Invalid requests: each has its status, and the server keeps serving.

mod content_types;
mod fields;
mod frames;
mod paths;

use frontdesk::{
    greeter::HelloRequest,
    user::{ListChangesRequest, ListUsersRequest, UserRequest, WatchUsersRequest},
};
use http::Method;

use self::Expected::{Grpc, Http};
use crate::helpers::{
    Server,
    Version::{self, Http1, Http2},
    frame_message,
};

const NATIVE: &str = "application/grpc";
const WEB: &str = "application/grpc-web+proto";
const TEXT: &str = "application/grpc-web-text";
const HELLO: &str = "/greeter.Greeter/SayHello";
const GET: &str = "/user.UserService/GetUser";
const LIST: &str = "/user.UserService/ListUsers";
const WATCH: &str = "/user.UserService/WatchUsers";
const CHANGES: &str = "/user.UserService/ListChanges";

/// An HTTP status, or a gRPC status in a response with HTTP status 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Http(u16),
    Grpc(i32),
}

const OK: Expected = Grpc(0);
const INVALID_ARGUMENT: Expected = Grpc(3);
const NOT_FOUND: Expected = Grpc(5);
const RESOURCE_EXHAUSTED: Expected = Grpc(8);
const OUT_OF_RANGE: Expected = Grpc(11);
const UNIMPLEMENTED: Expected = Grpc(12);
const INTERNAL: Expected = Grpc(13);

struct Case {
    description: String,
    version: Version,
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    expected: Expected,
}

fn case(
    description: &str,
    version: Version,
    path: &str,
    content_type: &str,
    body: Vec<u8>,
    expected: Expected,
) -> Case {
    Case {
        description: description.into(),
        version,
        method: Method::POST,
        path: path.into(),
        headers: vec![("content-type", content_type.into())],
        body,
        expected,
    }
}

fn hello(name: &str) -> Vec<u8> {
    frame_message(&HelloRequest { name: name.into() })
}

fn list(page: i32, page_size: i32) -> Vec<u8> {
    frame_message(&ListUsersRequest {
        page,
        page_size,
        ..ListUsersRequest::default()
    })
}

/// A frame whose length need not match its payload.
fn frame(flags: u8, length: u32, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![flags];
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}

async fn assert_serves(server: &Server) {
    let client = server.http(Http1);
    let response = client.post(HELLO, WEB, hello("Ada")).await;
    assert_eq!(response.grpc_status(), Some(0));
    assert_eq!(client.get("/readyz", &[]).await.status, 200);
}

#[tokio::test]
async fn an_invalid_request_has_its_status_and_the_server_keeps_serving() {
    let server = Server::start().await;
    let cases: Vec<Case> = [
        content_types::content_types(),
        frames::frames(),
        fields::fields(),
        paths::paths(),
        paths::metadata(),
    ]
    .into_iter()
    .flatten()
    .collect();
    assert!(cases.len() >= 60, "{} cases", cases.len());

    let mut failures = Vec::new();
    for case in cases {
        let client = server.http(case.version);
        let headers: Vec<_> = case
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let response = client
            .send(case.method, &case.path, &headers, case.body)
            .await;
        let actual = match response.grpc_status() {
            Some(status) if response.status == 200 => Grpc(status),
            _ => Http(response.status.as_u16()),
        };
        if actual != case.expected {
            failures.push(format!(
                "{} ({:?} {}): expected {:?}, got {actual:?}",
                case.description, case.version, case.path, case.expected
            ));
        }
        assert_serves(&server).await;
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
