//! Frames and messages.

use super::*;

pub(super) fn frames() -> Vec<Case> {
    let ada = hello("Ada");
    let bad_utf8 = frame(0, 4, b"\x0a\x02\xff\xfe");
    let cases: Vec<(&str, Vec<u8>, Expected)> = vec![
        ("no message", Vec::new(), UNIMPLEMENTED),
        (
            "two messages of a unary call",
            [&ada[..], &ada].concat(),
            UNIMPLEMENTED,
        ),
        ("a truncated prefix", ada[..3].to_vec(), INVALID_ARGUMENT),
        // tonic does not distinguish this from no message.
        (
            "a prefix without its message",
            ada[..5].to_vec(),
            UNIMPLEMENTED,
        ),
        ("a truncated message", ada[..7].to_vec(), INVALID_ARGUMENT),
        (
            "a length beyond the end of the body",
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
            "a compressed message without grpc-encoding",
            frame(1, 5, b"\x0a\x03Ada"),
            INTERNAL,
        ),
        ("invalid UTF-8", bad_utf8, INVALID_ARGUMENT),
        (
            "a truncated field",
            frame(0, 2, b"\x0a\x09"),
            INVALID_ARGUMENT,
        ),
        (
            "an unknown wire type",
            frame(0, 2, b"\x0f\x00"),
            INVALID_ARGUMENT,
        ),
        (
            "a varint that is too long",
            frame(0, 11, &[0xff; 11]),
            INVALID_ARGUMENT,
        ),
        (
            "a name with the wrong wire type",
            frame(0, 2, b"\x08\x01"),
            INVALID_ARGUMENT,
        ),
        (
            "an additional unknown field",
            frame(0, 8, b"\x0a\x03Ada\x98\x06\x01"),
            OK,
        ),
        (
            "a repeated name, of which the last counts",
            frame(0, 10, b"\x0a\x03Ada\x0a\x03Bob"),
            OK,
        ),
    ];
    let mut requests = Vec::new();
    for (description, body, expected) in cases {
        requests.push(case(
            description,
            Http2,
            HELLO,
            NATIVE,
            body.clone(),
            expected,
        ));
        requests.push(case(description, Http1, HELLO, WEB, body, expected));
    }
    requests.push(case(
        "invalid base64",
        Http1,
        HELLO,
        TEXT,
        b"!!!!".to_vec(),
        INVALID_ARGUMENT,
    ));
    requests
}
