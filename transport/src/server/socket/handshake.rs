//! Whether a request asks for a socket, and may have one.

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Version,
    header::{
        CONNECTION, ORIGIN, RETRY_AFTER, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY,
        SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
    },
    request::Parts,
};
use tonic::body::Body;
use tungstenite::handshake::derive_accept_key;

use super::{
    super::{Origins, gate::refuse},
    sockets::Full,
};

/// The subprotocol, as improbable's client names it.
const SUBPROTOCOL: &str = "grpc-websockets";
const VERSION: HeaderValue = HeaderValue::from_static("13");
/// Seconds until a client that was one too many may try again.
const RETRY: HeaderValue = HeaderValue::from_static("5");

/// Whether this asks for a WebSocket that carries a call, by HTTP/1.1 (RFC 6455, section 4.2.1) or
/// HTTP/2 (RFC 8441, section 5).
#[must_use]
pub fn asks<B>(request: &Request<B>) -> bool {
    is_web_socket(request) && says(request.headers(), &SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL)
}

/// Whether this asks for a WebSocket, be it ours or not.
pub(super) fn is_web_socket<B>(request: &Request<B>) -> bool {
    if request.method() == Method::CONNECT {
        let protocol = request.extensions().get::<hyper::ext::Protocol>();
        return protocol.is_some_and(|protocol| protocol.as_str() == "websocket");
    }
    request.method() == Method::GET
        && request.version() == Version::HTTP_11
        && says(request.headers(), &UPGRADE, "websocket")
}

/// Whether a list in a header has this word.
fn says(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|one| one.trim().eq_ignore_ascii_case(word))
}

/// The answer that opens the socket, before anybody has counted it.
///
/// # Errors
///
/// The answer that refuses it, in words of HTTP: a browser shows a page nothing of it, a person
/// at the network tab sees it.
pub(super) fn shake(
    parts: &Parts,
    origins: &Origins,
) -> Result<Response<Body>, Box<Response<Body>>> {
    let headers = &parts.headers;
    // No CORS here: a browser opens WebSockets to everywhere, and only says who wants it.
    // A browser sends one; of several, all have to be allowed.
    let mut foreign = headers.get_all(ORIGIN).iter();
    if foreign.any(|origin| !origins.allow(origin, parts)) {
        return Err(Box::new(refuse(
            StatusCode::FORBIDDEN,
            "pages of this origin may not call here",
        )));
    }
    if headers.get(SEC_WEBSOCKET_VERSION) != Some(&VERSION) {
        return Err(Box::new(other_version(parts.version)));
    }
    if !says(headers, &SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL) {
        return Err(Box::new(refuse(
            StatusCode::BAD_REQUEST,
            "a gRPC method is called over a socket by the subprotocol grpc-websockets",
        )));
    }
    let mut answer = Response::new(Body::empty());
    answer.headers_mut().insert(
        SEC_WEBSOCKET_PROTOCOL,
        HeaderValue::from_static(SUBPROTOCOL),
    );
    if parts.method == Method::CONNECT {
        return Ok(answer);
    }
    let accept = headers
        .get(SEC_WEBSOCKET_KEY)
        .filter(|key| is_key(key) && says(headers, &CONNECTION, "upgrade"))
        .and_then(|key| HeaderValue::try_from(derive_accept_key(key.as_bytes())).ok());
    let Some(accept) = accept else {
        return Err(Box::new(refuse(
            StatusCode::BAD_REQUEST,
            "a socket is opened with `connection: upgrade` and a key of 16 bytes",
        )));
    };
    *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = answer.headers_mut();
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    Ok(answer)
}

/// Base64 of 16 bytes: 22 digits and two signs that fill up.
fn is_key(key: &HeaderValue) -> bool {
    let Some(digits) = key.as_bytes().strip_suffix(b"==") else {
        return false;
    };
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    digits.len() == 22 && digits.iter().all(is_digit)
}

fn other_version(version: Version) -> Response<Body> {
    let mut refusal = refuse(
        StatusCode::UPGRADE_REQUIRED,
        "a socket is opened by version 13 of the protocol",
    );
    let headers = refusal.headers_mut();
    headers.insert(SEC_WEBSOCKET_VERSION, VERSION);
    // RFC 9110, section 15.5.22; HTTP/2 has no such headers.
    if version == Version::HTTP_11 {
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    }
    refusal
}

/// The answer to an opening that brings a body.
pub(super) fn with_a_body() -> Response<Body> {
    refuse(
        StatusCode::BAD_REQUEST,
        "a socket is opened by a request without a body",
    )
}

/// The answer to one socket too many.
pub(super) fn full(full: Full) -> Response<Body> {
    let (status, why) = match full {
        Full::Server => (
            StatusCode::SERVICE_UNAVAILABLE,
            "as many sockets are open here as may be; try again in a moment",
        ),
        Full::Client => (
            StatusCode::TOO_MANY_REQUESTS,
            "as many sockets are open from your address as may be; close one first",
        ),
    };
    later(status, why)
}

/// The answer while the server goes down.
pub(super) fn going_down() -> Response<Body> {
    later(StatusCode::SERVICE_UNAVAILABLE, "the server is going down")
}

fn later(status: StatusCode, why: &'static str) -> Response<Body> {
    let mut refusal = refuse(status, why);
    refusal.headers_mut().insert(RETRY_AFTER, RETRY);
    refusal
}
