//! Bad input: what each request gets, and that the server is as well as before.

use frontdesk::{
    greeter::HelloRequest,
    user::{ListUsersRequest, UserRequest},
};
use http::Method;

use crate::helpers::{Desk, Version, Version::Http1, Version::Http2, Wire, message};

const NATIVE: &str = "application/grpc";
const WEB: &str = "application/grpc-web+proto";
const TEXT: &str = "application/grpc-web-text";
const HELLO: &str = "/greeter.Greeter/SayHello";
const GET: &str = "/user.UserService/GetUser";
const LIST: &str = "/user.UserService/ListUsers";

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
    message(&ListUsersRequest { page, page_size })
}

/// A frame of these bytes, whatever they are.
fn frame(flags: u8, length: u32, bytes: &[u8]) -> Vec<u8> {
    let mut frame = vec![flags];
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(bytes);
    frame
}

fn content_types() -> Vec<Row> {
    let mut rows = Vec::new();
    for content_type in [
        "",
        "application/json",
        "text/plain",
        "application/grpc+json",
        "application/grpc-web+json",
        "application/grpcx",
        "application/grpc-websockets",
        "application/x-protobuf",
        "multipart/form-data; boundary=x",
        "application/grpc-web-text+thrift",
    ] {
        for version in [Http1, Http2] {
            let what = format!("content type {content_type:?}");
            rows.push(row(
                &what,
                version,
                HELLO,
                content_type,
                hello("Ada"),
                Http(415),
            ));
        }
    }
    rows.push(row(
        "native gRPC over HTTP/1.1",
        Http1,
        HELLO,
        NATIVE,
        hello("Ada"),
        Http(505),
    ));
    for (method, content_type) in [
        (Method::GET, WEB),
        (Method::PUT, WEB),
        (Method::DELETE, NATIVE),
    ] {
        let mut row = row(
            "another method than POST",
            Http2,
            HELLO,
            content_type,
            Vec::new(),
            Http(405),
        );
        row.method = method;
        rows.push(row);
    }
    rows
}

fn frames() -> Vec<Row> {
    let ada = hello("Ada");
    let bad_utf8 = frame(0, 4, b"\x0a\x02\xff\xfe");
    let cases: Vec<(&str, Vec<u8>, Expected)> = vec![
        ("no message at all", Vec::new(), UNIMPLEMENTED),
        ("half a prefix", ada[..3].to_vec(), INTERNAL),
        // tonic does not tell it from no message at all.
        (
            "a prefix without its message",
            ada[..5].to_vec(),
            UNIMPLEMENTED,
        ),
        ("a message cut short", ada[..7].to_vec(), INTERNAL),
        (
            "a length that lies: too long",
            frame(0, 100, b"\x0a\x03Ada"),
            INTERNAL,
        ),
        (
            "a length of four gigabytes",
            frame(0, u32::MAX, b"\x0a\x03Ada"),
            RESOURCE_EXHAUSTED,
        ),
        (
            "a length one over the limit",
            frame(0, 1_048_577, b""),
            RESOURCE_EXHAUSTED,
        ),
        ("unknown flags", frame(0x7f, 5, b"\x0a\x03Ada"), INTERNAL),
        (
            "compressed, without saying how",
            frame(1, 5, b"\x0a\x03Ada"),
            INTERNAL,
        ),
        ("bytes that are no UTF-8", bad_utf8, INTERNAL),
        ("a field cut short", frame(0, 2, b"\x0a\x09"), INTERNAL),
        (
            "a wire type that there is not",
            frame(0, 2, b"\x0f\x00"),
            INTERNAL,
        ),
        (
            "a varint that never ends",
            frame(0, 11, &[0xff; 11]),
            INTERNAL,
        ),
        (
            "a number where the name is",
            frame(0, 2, b"\x08\x01"),
            INTERNAL,
        ),
        (
            "an unknown field beside the name",
            frame(0, 8, b"\x0a\x03Ada\x98\x06\x01"),
            OK,
        ),
        (
            "the name twice: the last counts",
            frame(0, 10, b"\x0a\x03Ada\x0a\x03Bob"),
            OK,
        ),
    ];
    let mut rows = Vec::new();
    for (what, body, expected) in cases {
        rows.push(row(what, Http2, HELLO, NATIVE, body.clone(), expected));
        rows.push(row(what, Http1, HELLO, WEB, body, expected));
    }
    rows.push(row(
        "text that is no base64",
        Http1,
        HELLO,
        TEXT,
        b"!!!!".to_vec(),
        INTERNAL,
    ));
    rows
}

fn fields() -> Vec<Row> {
    let id = |id| message(&UserRequest { id });
    let mut rows = vec![
        row("id 0", Http2, GET, NATIVE, id(0), NOT_FOUND),
        row("an id below 0", Http1, GET, WEB, id(-1), NOT_FOUND),
        row(
            "the largest id",
            Http2,
            GET,
            NATIVE,
            id(i32::MAX),
            NOT_FOUND,
        ),
        row(
            "an id of 64 bits",
            Http2,
            GET,
            NATIVE,
            frame(0, 11, b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x00"),
            INTERNAL,
        ),
        row(
            "page -1",
            Http2,
            LIST,
            NATIVE,
            list(-1, 0),
            INVALID_ARGUMENT,
        ),
        row(
            "page_size -1",
            Http1,
            LIST,
            WEB,
            list(1, -1),
            INVALID_ARGUMENT,
        ),
        row(
            "page_size -1 with everybody",
            Http2,
            LIST,
            NATIVE,
            list(0, -1),
            INVALID_ARGUMENT,
        ),
        row(
            "the lowest page and size",
            Http2,
            LIST,
            NATIVE,
            list(i32::MIN, i32::MIN),
            INVALID_ARGUMENT,
        ),
        row(
            "page_size 2^31-1",
            Http2,
            LIST,
            NATIVE,
            list(1, i32::MAX),
            OK,
        ),
        row(
            "page 2^31-1",
            Http1,
            LIST,
            WEB,
            list(i32::MAX, i32::MAX),
            OK,
        ),
    ];
    rows.extend(names());
    rows
}

fn names() -> Vec<Row> {
    let mut rows = Vec::new();
    let bad = [
        ("an empty name", String::new()),
        ("a name of spaces", " \u{3000}\u{a0} ".into()),
        ("a name of 201 characters", "x".repeat(201)),
        ("a name of 201 wide characters", "名".repeat(201)),
        ("a name with a line break", "a\nb".into()),
        ("a name with a NUL", "a\0b".into()),
        ("a name with an escape", "a\u{1b}[31mb".into()),
        ("a name with DEL", "a\u{7f}b".into()),
        ("a name with a C1 control", "a\u{85}b".into()),
        ("a name of a megabyte less a little", "x".repeat(1_000_000)),
    ];
    for (what, name) in bad {
        for path in [HELLO, "/Greeter/SayHello", "/greeter.Greeter/LotsOfReplies"] {
            rows.push(row(
                what,
                Http2,
                path,
                NATIVE,
                hello(&name),
                INVALID_ARGUMENT,
            ));
        }
    }
    for (what, name) in [
        ("a name of 200 characters", "x".repeat(200)),
        ("a name of 200 wide characters", "名".repeat(200)),
        (
            "a name that looks like SQL",
            "Robert'); DROP TABLE users;--".into(),
        ),
        (
            "a name that looks like HTML",
            "<script>alert(1)</script>".into(),
        ),
        ("a name of marks", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢".into()),
    ] {
        rows.push(row(what, Http1, HELLO, WEB, hello(&name), OK));
    }
    rows
}

fn paths() -> Vec<Row> {
    let mut rows = Vec::new();
    for path in [
        "/greeter.Greeter/NoSuchMethod",
        "/greeter.Greeter/",
        "/greeter.Greeter/SayHello/",
        "/greeter.Greeter/sayhello",
        "/no.such.Service/SayHello",
        "/greeter.greeter/SayHello",
        "/SayHello",
        "/",
        "//SayHello",
        "/user.UserService/CreateUser",
    ] {
        rows.push(row(
            "no such method",
            Http2,
            path,
            NATIVE,
            hello("Ada"),
            UNIMPLEMENTED,
        ));
        rows.push(row(
            "no such method",
            Http1,
            path,
            WEB,
            hello("Ada"),
            UNIMPLEMENTED,
        ));
    }
    for path in [
        "/../Cargo.toml",
        "/..%2f..%2fCargo.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/index.html%00.js",
        "/assets/../../server.key",
        "/..\\..\\windows\\win.ini",
        "/.git/config.lock",
        "/frontdesk-data/frontdesk.db",
        "/index.html/x.js",
    ] {
        let mut row = row("a path trick", Http1, path, "", Vec::new(), Http(404));
        row.method = Method::GET;
        row.headers.clear();
        rows.push(row);
    }
    let mut upload = row(
        "a file that is sent",
        Http1,
        "/index.html",
        "text/html",
        b"x".to_vec(),
        Http(405),
    );
    upload.method = Method::PUT;
    rows.push(upload);
    rows
}

fn metadata() -> Vec<Row> {
    let mut rows = Vec::new();
    for timeout in ["", "5", "S", "5s", "-1S", "123456789S", "1e3m"] {
        let mut row = row(
            "a grpc-timeout that is none",
            Http2,
            HELLO,
            NATIVE,
            hello("Ada"),
            INVALID_ARGUMENT,
        );
        row.headers.push(("grpc-timeout", timeout.into()));
        rows.push(row);
    }
    let mut zipped = row(
        "a compression that is not offered",
        Http2,
        HELLO,
        NATIVE,
        hello("Ada"),
        UNIMPLEMENTED,
    );
    zipped.headers.push(("grpc-encoding", "snappy".into()));
    rows.push(zipped);
    rows
}

async fn is_well(desk: &Desk) {
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
    let desk = Desk::open().await;
    let rows: Vec<Row> = [content_types(), frames(), fields(), paths(), metadata()]
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
