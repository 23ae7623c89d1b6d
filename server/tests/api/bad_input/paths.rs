//! Paths that lead nowhere, and metadata that can't be read.

use super::*;

pub(super) fn paths() -> Vec<Row> {
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
        "/user.UserService/createUser",
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

pub(super) fn metadata() -> Vec<Row> {
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
