//! Paths and metadata.

use super::*;

pub(super) fn paths() -> Vec<Case> {
    let mut cases = Vec::new();
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
        "/user.UserService/createUser",
    ] {
        cases.push(case(
            "an unknown method",
            Http2,
            path,
            NATIVE,
            hello("Ada"),
            UNIMPLEMENTED,
        ));
        cases.push(case(
            "an unknown method",
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
        let mut case = case("a path traversal", Http1, path, "", Vec::new(), Http(404));
        case.method = Method::GET;
        case.headers.clear();
        cases.push(case);
    }
    let mut upload = case(
        "an upload",
        Http1,
        "/index.html",
        "text/html",
        b"x".to_vec(),
        Http(405),
    );
    upload.method = Method::PUT;
    cases.push(upload);
    cases
}

pub(super) fn metadata() -> Vec<Case> {
    let mut cases = Vec::new();
    for timeout in ["", "5", "S", "5s", "-1S", "123456789S", "1e3m"] {
        let mut case = case(
            "an invalid grpc-timeout",
            Http2,
            HELLO,
            NATIVE,
            hello("Ada"),
            INVALID_ARGUMENT,
        );
        case.headers.push(("grpc-timeout", timeout.into()));
        cases.push(case);
    }
    let mut compressed = case(
        "an unsupported compression",
        Http2,
        HELLO,
        NATIVE,
        hello("Ada"),
        UNIMPLEMENTED,
    );
    compressed.headers.push(("grpc-encoding", "snappy".into()));
    cases.push(compressed);
    cases
}
