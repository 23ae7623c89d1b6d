//! What is no call: content types, methods, frames.

use super::*;

pub(super) fn content_types() -> Vec<Row> {
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

pub(super) fn frames() -> Vec<Row> {
    let ada = hello("Ada");
    let bad_utf8 = frame(0, 4, b"\x0a\x02\xff\xfe");
    let cases: Vec<(&str, Vec<u8>, Expected)> = vec![
        ("no message at all", Vec::new(), UNIMPLEMENTED),
        (
            "two messages where one is taken",
            [&ada[..], &ada].concat(),
            UNIMPLEMENTED,
        ),
        ("half a prefix", ada[..3].to_vec(), INVALID_ARGUMENT),
        // tonic does not tell it from no message at all.
        (
            "a prefix without its message",
            ada[..5].to_vec(),
            UNIMPLEMENTED,
        ),
        ("a message cut short", ada[..7].to_vec(), INVALID_ARGUMENT),
        (
            "a length that lies: too long",
            frame(0, 100, b"\x0a\x03Ada"),
            INVALID_ARGUMENT,
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
        (
            "unknown flags",
            frame(0x7f, 5, b"\x0a\x03Ada"),
            INVALID_ARGUMENT,
        ),
        (
            "compressed, without saying how",
            frame(1, 5, b"\x0a\x03Ada"),
            INTERNAL,
        ),
        ("bytes that are no UTF-8", bad_utf8, INVALID_ARGUMENT),
        (
            "a field cut short",
            frame(0, 2, b"\x0a\x09"),
            INVALID_ARGUMENT,
        ),
        (
            "a wire type that there is not",
            frame(0, 2, b"\x0f\x00"),
            INVALID_ARGUMENT,
        ),
        (
            "a varint that never ends",
            frame(0, 11, &[0xff; 11]),
            INVALID_ARGUMENT,
        ),
        (
            "a number where the name is",
            frame(0, 2, b"\x08\x01"),
            INVALID_ARGUMENT,
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
        INVALID_ARGUMENT,
    ));
    rows
}
