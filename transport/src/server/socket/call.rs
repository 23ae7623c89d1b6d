//! The call that a socket's header block asks for.

use http::{
    Extensions, HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, Version,
    header::{
        CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, DATE, EXPECT, HOST, ORIGIN,
        PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, REFERER, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
        VIA,
    },
};
use tonic::{Status, body::Body};

use super::{
    super::{Dialect, binary},
    inbox::RequestBody,
};

/// What is kept of the request that opened the socket.
#[derive(Debug)]
pub(super) struct Opening {
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) extensions: Extensions,
}

/// gRPC's own names that a client may say (PROTOCOL-HTTP2.md, «Requests»); the rest of `grpc-` is
/// reserved.
const GRPC: [&str; 5] = [
    "grpc-timeout",
    "grpc-encoding",
    "grpc-accept-encoding",
    "grpc-trace-bin",
    "grpc-tags-bin",
];

impl Opening {
    /// The call, as native gRPC: what the browser said of the page, and what the page says of the
    /// call. Where both say something the page is heard, but not on what browsers say themselves.
    ///
    /// # Errors
    ///
    /// Where the block asks for messages that are not protobuf.
    pub(super) fn call(self, block: HeaderMap, body: RequestBody) -> Result<Request<Body>, Status> {
        if !matches!(Dialect::of(&block), Some(Dialect::Web | Dialect::Native)) {
            return Err(Status::unimplemented(
                "the header block's content-type has to be application/grpc-web+proto",
            ));
        }
        let mut headers = self.headers;
        drop_names(&mut headers, is_for_the_connection);
        let mut before = None;
        for (name, value) in block {
            // A name that repeats comes as `None` after the first.
            let is_first = name.is_some();
            if is_first {
                before = name;
            }
            let Some(name) = &before else { continue };
            if is_for_the_connection(name) || is_the_browsers(name) {
                continue;
            }
            if is_first {
                headers.remove(name);
            }
            headers.append(name, value);
        }
        binary::take_apart(&mut headers);
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

fn drop_names(headers: &mut HeaderMap, is_unwanted: impl Fn(&HeaderName) -> bool) {
    let unwanted: Vec<_> = headers
        .keys()
        .filter(|name| is_unwanted(name))
        .cloned()
        .collect();
    for name in unwanted {
        headers.remove(name);
    }
}

/// Names that speak of one connection, of a body's length, or of the WebSocket; and those that
/// only gRPC itself says.
fn is_for_the_connection(name: &HeaderName) -> bool {
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
        || name.starts_with("grpc-") && !GRPC.contains(&name)
}

/// Names that no page may say by `fetch` (Fetch standard, «forbidden request-header»): a service
/// may rely on that they are the browser's.
fn is_the_browsers(name: &HeaderName) -> bool {
    [COOKIE, DATE, ORIGIN, REFERER, VIA].contains(name)
        || name.as_str().starts_with("sec-")
        || name.as_str().starts_with("proxy-")
}

#[cfg(test)]
mod tests {
    use super::{super::inbox::inbox, *};
    use crate::frames::block;

    fn call(http: &str, block: &str) -> Result<Request<Body>, Status> {
        let opening = Opening {
            uri: Uri::from_static("/greeter.Greeter/SayHello?x=y"),
            headers: block::parse(http.as_bytes()).expect("headers"),
            extensions: Extensions::new(),
        };
        opening.call(block::parse(block.as_bytes()).expect("a block"), inbox().1)
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
    fn a_call_is_native_grpc_to_the_path_that_was_opened() {
        let call = call("", "content-type: application/grpc-web").expect("a call");
        assert_eq!(call.method(), Method::POST);
        assert_eq!(call.version(), Version::HTTP_2);
        assert_eq!(call.uri(), "/greeter.Greeter/SayHello");
        assert_eq!(call.headers()[CONTENT_TYPE], "application/grpc");
        assert_eq!(call.headers()[TE], "trailers");
    }

    #[test]
    fn values_that_repeat_are_all_there_however_they_were_written() {
        assert_eq!(values("", "x: 1\r\ny: 3\r\nx: 2\r\n", "x"), ["1", "2"]);
        assert_eq!(values("", "x: 1, 2\r\n", "x"), ["1, 2"]);
        let binary = "x-bin: AQ, Ag\r\nx-bin: Aw\r\n";
        assert_eq!(values("", binary, "x-bin"), ["AQ", "Ag", "Aw"]);
    }

    #[test]
    fn what_speaks_of_the_connection_is_not_passed_on() {
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
    fn the_page_is_heard_before_the_browser_but_not_on_what_only_browsers_say() {
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
    fn other_messages_than_protobuf_are_not_taken() {
        for block in [
            "",
            "content-type: application/grpc-web+json",
            "content-type: application/grpc-web-text",
        ] {
            let refused = call("", block).expect_err(block);
            assert_eq!(refused.code(), tonic::Code::Unimplemented);
        }
    }
}
