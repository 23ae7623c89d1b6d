//! Content types and HTTP methods.

use super::*;

pub(super) fn content_types() -> Vec<Case> {
    let mut cases = Vec::new();
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
            let description = format!("content type {content_type:?}");
            cases.push(case(
                &description,
                version,
                HELLO,
                content_type,
                hello("Ada"),
                Http(415),
            ));
        }
    }
    cases.push(case(
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
        let mut case = case(
            "another method than POST",
            Http2,
            HELLO,
            content_type,
            Vec::new(),
            Http(405),
        );
        case.method = method;
        cases.push(case);
    }
    cases
}
