//! The native gRPC request of a call, from the handshake and the header block.

use http::{
    Extensions, HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, Version,
    header::{
        CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, DATE, EXPECT, HOST, ORIGIN,
        PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, REFERER, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
        VIA,
    },
};
use tonic::{Status, body::Body};

use super::request_body::RequestBody;
use crate::{dialect::Dialect, metadata::split_joined_binary};

/// What the call keeps of the request that opened the socket.
#[derive(Debug)]
pub(super) struct Handshake {
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) extensions: Extensions,
}

/// The `grpc-` names that a client may send (grpc/doc/PROTOCOL-HTTP2.md, "Requests"). All others are
/// reserved.
const GRPC_REQUEST_HEADERS: [&str; 5] = [
    "grpc-timeout",
    "grpc-encoding",
    "grpc-accept-encoding",
    "grpc-trace-bin",
    "grpc-tags-bin",
];

impl Handshake {
    /// Merges the header block into the headers of the handshake. The header block takes precedence,
    /// except for names that only the browser may set.
    ///
    /// # Errors
    ///
    /// `UNIMPLEMENTED` if the messages are not protobuf.
    pub(super) fn into_call(
        self,
        block: HeaderMap,
        body: RequestBody,
    ) -> Result<Request<Body>, Status> {
        let dialect = Dialect::from_headers(&block);
        if !matches!(dialect, Some(Dialect::Web | Dialect::Native)) {
            return Err(Status::unimplemented(
                "the content-type in the header block must be application/grpc-web+proto",
            ));
        }
        let mut headers = self.headers;
        remove_connection_headers(&mut headers);
        let mut current = None;
        for (name, value) in block {
            // `HeaderMap` yields the name only with the first of its values.
            let is_first = name.is_some();
            if is_first {
                current = name;
            }
            let Some(name) = &current else { continue };
            if is_connection_specific(name) || is_set_by_browser(name) {
                continue;
            }
            if is_first {
                headers.remove(name);
            }
            headers.append(name, value);
        }
        split_joined_binary(&mut headers);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        headers.insert(TE, HeaderValue::from_static("trailers"));

        let mut request = Request::new(Body::new(body));
        *request.method_mut() = Method::POST;
        *request.version_mut() = Version::HTTP_2;
        *request.uri_mut() = Uri::try_from(self.uri.path()).unwrap_or_default();
        *request.headers_mut() = headers;
        *request.extensions_mut() = self.extensions;
        Ok(request)
    }
}

fn remove_connection_headers(headers: &mut HeaderMap) {
    let names: Vec<_> = headers
        .keys()
        .filter(|name| is_connection_specific(name))
        .cloned()
        .collect();
    for name in names {
        headers.remove(name);
    }
}

/// Whether the header describes the HTTP connection, the length of a body or the WebSocket, or is a
/// `grpc-` name that clients may not send.
fn is_connection_specific(name: &HeaderName) -> bool {
    let is_listed = [
        CONNECTION,
        CONTENT_LENGTH,
        EXPECT,
        HOST,
        PROXY_AUTHENTICATE,
        PROXY_AUTHORIZATION,
        TE,
        TRAILER,
        TRANSFER_ENCODING,
        UPGRADE,
    ]
    .contains(name);
    let name = name.as_str();
    is_listed
        || matches!(name, "keep-alive" | "proxy-connection" | "http2-settings")
        || name.starts_with("sec-websocket-")
        || name.starts_with("grpc-") && !GRPC_REQUEST_HEADERS.contains(&name)
}

/// Whether pages cannot set the header with `fetch` (Fetch standard, "forbidden request-header").
/// Services rely on these being the browser's own.
fn is_set_by_browser(name: &HeaderName) -> bool {
    [COOKIE, DATE, ORIGIN, REFERER, VIA].contains(name)
        || name.as_str().starts_with("sec-")
        || name.as_str().starts_with("proxy-")
}

#[cfg(test)]
mod tests {
    use super::{super::request_body::request_channel, *};
    use crate::frames::header_block;

    fn call(http: &str, block: &str) -> Result<Request<Body>, Status> {
        let handshake = Handshake {
            uri: Uri::from_static("/greeter.Greeter/SayHello?x=y"),
            headers: header_block::parse(http.as_bytes()).expect("headers"),
            extensions: Extensions::new(),
        };
        let block = header_block::parse(block.as_bytes()).expect("a header block");
        handshake.into_call(block, request_channel().1)
    }

    fn values(http: &str, block: &str, name: &str) -> Vec<String> {
        let block = format!("content-type: application/grpc-web+proto\r\n{block}");
        call(http, &block)
            .expect("a call")
            .headers()
            .get_all(name)
            .iter()
            .map(|value| value.to_str().expect("text").to_owned())
            .collect()
    }

    #[test]
    fn a_call_is_native_grpc_to_the_path_of_the_handshake() {
        let call = call("", "content-type: application/grpc-web").expect("a call");
        assert_eq!(call.method(), Method::POST);
        assert_eq!(call.version(), Version::HTTP_2);
        assert_eq!(call.uri(), "/greeter.Greeter/SayHello");
        assert_eq!(call.headers()[CONTENT_TYPE], "application/grpc");
        assert_eq!(call.headers()[TE], "trailers");
    }

    #[test]
    fn repeated_values_are_all_kept_however_they_are_written() {
        assert_eq!(values("", "x: 1\r\ny: 3\r\nx: 2\r\n", "x"), ["1", "2"]);
        assert_eq!(values("", "x: 1, 2\r\n", "x"), ["1, 2"]);
        let binary = "x-bin: AQ, Ag\r\nx-bin: Aw\r\n";
        assert_eq!(values("", binary, "x-bin"), ["AQ", "Ag", "Aw"]);
    }

    #[test]
    fn connection_specific_headers_are_removed() {
        for line in [
            "connection: close",
            "upgrade: h2c",
            "host: elsewhere",
            "content-length: 3",
            "transfer-encoding: chunked",
            "keep-alive: 3",
            "sec-websocket-key: x",
            "grpc-status: 0",
            "grpc-message: x",
            "expect: 100-continue",
        ] {
            let name = line.split(':').next().expect("a name");
            for (http, block) in [(line, ""), ("", line)] {
                assert_eq!(values(http, block, name), [""; 0], "{line}");
            }
        }
        assert_eq!(values("te: gzip", "te: gzip", "te"), ["trailers"]);
        assert_eq!(values("", "grpc-timeout: 1S", "grpc-timeout"), ["1S"]);
    }

    #[test]
    fn the_header_block_takes_precedence_except_for_headers_of_the_browser() {
        assert_eq!(
            values("user-agent: a", "user-agent: b", "user-agent"),
            ["b"]
        );
        assert_eq!(values("user-agent: a", "", "user-agent"), ["a"]);
        for name in ["cookie", "origin", "sec-fetch-site"] {
            let (http, block) = (format!("{name}: a"), format!("{name}: b"));
            assert_eq!(values(&http, &block, name), ["a"], "{name}");
            assert_eq!(values("", &block, name), [""; 0], "{name}");
        }
    }

    #[test]
    fn messages_other_than_protobuf_are_rejected() {
        for block in [
            "",
            "content-type: application/grpc-web+json",
            "content-type: application/grpc-web-text",
        ] {
            let status = call("", block).expect_err(block);
            assert_eq!(status.code(), tonic::Code::Unimplemented);
        }
    }
}
