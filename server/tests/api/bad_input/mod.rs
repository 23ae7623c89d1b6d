//! Bad input: what each request gets, and that the server is as well as before.

mod calls;
mod fields;
mod paths;

use frontdesk::{
    greeter::HelloRequest,
    user::{ListChangesRequest, ListUsersRequest, UserRequest, WatchUsersRequest},
};
use http::Method;

use crate::helpers::{Server, Version, Version::Http1, Version::Http2, Wire, message};

const NATIVE: &str = "application/grpc";
const WEB: &str = "application/grpc-web+proto";
const TEXT: &str = "application/grpc-web-text";
const HELLO: &str = "/greeter.Greeter/SayHello";
const GET: &str = "/user.UserService/GetUser";
const LIST: &str = "/user.UserService/ListUsers";
const WATCH: &str = "/user.UserService/WatchUsers";
const CHANGES: &str = "/user.UserService/ListChanges";

/// What is expected: a status of HTTP, or one of gRPC inside of HTTP's 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Http(u16),
    Grpc(i32),
}
use Expected::{Grpc, Http};

const OK: Expected = Grpc(0);
const INVALID_ARGUMENT: Expected = Grpc(3);
const NOT_FOUND: Expected = Grpc(5);
const RESOURCE_EXHAUSTED: Expected = Grpc(8);
const OUT_OF_RANGE: Expected = Grpc(11);
const UNIMPLEMENTED: Expected = Grpc(12);
const INTERNAL: Expected = Grpc(13);

struct Row {
    what: String,
    version: Version,
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    expected: Expected,
}

fn row(
    what: &str,
    version: Version,
    path: &str,
    content_type: &str,
    body: Vec<u8>,
    expected: Expected,
) -> Row {
    Row {
        what: what.into(),
        version,
        method: Method::POST,
        path: path.into(),
        headers: vec![("content-type", content_type.into())],
        body,
        expected,
    }
}

fn hello(name: &str) -> Vec<u8> {
    message(&HelloRequest { name: name.into() })
}

fn list(page: i32, page_size: i32) -> Vec<u8> {
    message(&ListUsersRequest {
        page,
        page_size,
        ..ListUsersRequest::default()
    })
}

/// A frame of these bytes, whatever they are.
fn frame(flags: u8, length: u32, bytes: &[u8]) -> Vec<u8> {
    let mut frame = vec![flags];
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(bytes);
    frame
}

async fn is_well(desk: &Server) {
    let wire = Wire {
        address: desk.address,
        version: Http1,
    };
    let answer = wire.post(HELLO, WEB, hello("Ada")).await;
    assert_eq!(answer.grpc_status(), Some(0));
    assert_eq!(wire.get("/readyz", &[]).await.status, 200);
}

#[tokio::test]
async fn each_gets_its_status_and_the_server_is_as_well_as_before() {
    let desk = Server::open().await;
    let rows: Vec<Row> = [
        calls::content_types(),
        calls::frames(),
        fields::fields(),
        paths::paths(),
        paths::metadata(),
    ]
    .into_iter()
    .flatten()
    .collect();
    assert!(rows.len() >= 60, "{} rows", rows.len());

    let mut wrong = Vec::new();
    for row in rows {
        let wire = Wire {
            address: desk.address,
            version: row.version,
        };
        let headers: Vec<_> = row.headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let answer = wire.send(row.method, &row.path, &headers, row.body).await;
        let got = match answer.grpc_status() {
            Some(status) if answer.status == 200 => Grpc(status),
            _ => Http(answer.status.as_u16()),
        };
        if got != row.expected {
            wrong.push(format!(
                "{} ({:?} {}): {:?} expected, {got:?} came",
                row.what, row.version, row.path, row.expected
            ));
        }
        is_well(&desk).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
