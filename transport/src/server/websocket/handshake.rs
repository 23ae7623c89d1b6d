//! WebSocket handshakes over HTTP/1.1 (RFC 6455, section 4.2.1) and HTTP/2 (RFC 8441, section 5).
//!
//! tungstenite's own handshake reads the request from a raw stream; here hyper has parsed it already.

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
    super::{origins::AllowedOrigins, rejection::reject},
    registry::LimitReached,
};
use crate::grpc_websockets::SUBPROTOCOL;

const VERSION: HeaderValue = HeaderValue::from_static("13");
/// Seconds after which a client may retry when a limit was reached.
const RETRY_SECONDS: HeaderValue = HeaderValue::from_static("5");

/// Whether the request opens a WebSocket with the subprotocol `grpc-websockets`.
#[must_use]
pub fn is_handshake<B>(request: &Request<B>) -> bool {
    is_websocket_handshake(request)
        && list_contains(request.headers(), &SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL)
}

/// Whether the request opens a WebSocket, with whatever subprotocol.
pub(super) fn is_websocket_handshake<B>(request: &Request<B>) -> bool {
    if request.method() == Method::CONNECT {
        let protocol = request.extensions().get::<hyper::ext::Protocol>();
        return protocol.is_some_and(|protocol| protocol.as_str() == "websocket");
    }
    request.method() == Method::GET
        && request.version() == Version::HTTP_11
        && list_contains(request.headers(), &UPGRADE, "websocket")
}

/// Whether a comma-separated header contains `item`.
fn list_contains(headers: &HeaderMap, name: &HeaderName, item: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|found| found.trim().eq_ignore_ascii_case(item))
}

/// The response that opens the socket.
///
/// # Errors
///
/// The HTTP response that rejects it. Browsers hide it from pages and show it in their developer
/// tools.
pub(super) fn accept(
    parts: &Parts,
    origins: &AllowedOrigins,
) -> Result<Response<Body>, Box<Response<Body>>> {
    let headers = &parts.headers;
    // CORS does not apply to WebSockets: browsers open them to any server and only send the origin.
    // If there are several, all must be allowed.
    let mut request_origins = headers.get_all(ORIGIN).iter();
    if request_origins.any(|origin| !origins.allows(origin, parts)) {
        return Err(Box::new(reject(
            StatusCode::FORBIDDEN,
            "pages of this origin may not open WebSockets here",
        )));
    }
    if headers.get(SEC_WEBSOCKET_VERSION) != Some(&VERSION) {
        return Err(Box::new(reject_version(parts.version)));
    }
    if !list_contains(headers, &SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL) {
        return Err(Box::new(reject(
            StatusCode::BAD_REQUEST,
            "gRPC methods are called over WebSockets with the subprotocol grpc-websockets",
        )));
    }
    let mut response = Response::new(Body::empty());
    let subprotocol = HeaderValue::from_static(SUBPROTOCOL);
    response
        .headers_mut()
        .insert(SEC_WEBSOCKET_PROTOCOL, subprotocol);
    if parts.method == Method::CONNECT {
        return Ok(response);
    }
    let accept = headers
        .get(SEC_WEBSOCKET_KEY)
        .filter(|key| is_valid_key(key) && list_contains(headers, &CONNECTION, "upgrade"))
        .and_then(|key| HeaderValue::try_from(derive_accept_key(key.as_bytes())).ok());
    let Some(accept) = accept else {
        return Err(Box::new(reject(
            StatusCode::BAD_REQUEST,
            "a WebSocket handshake requires `connection: upgrade` and a key of 16 bytes",
        )));
    };
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    insert_upgrade(headers);
    Ok(response)
}

fn insert_upgrade(headers: &mut HeaderMap) {
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
}

/// Whether this is 16 bytes in base64: 22 digits and two padding characters.
fn is_valid_key(key: &HeaderValue) -> bool {
    let Some(digits) = key.as_bytes().strip_suffix(b"==") else {
        return false;
    };
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    digits.len() == 22 && digits.iter().all(is_digit)
}

fn reject_version(version: Version) -> Response<Body> {
    let mut response = reject(
        StatusCode::UPGRADE_REQUIRED,
        "only version 13 of the WebSocket protocol is supported",
    );
    let headers = response.headers_mut();
    headers.insert(SEC_WEBSOCKET_VERSION, VERSION);
    // Required by RFC 9110, section 15.5.22; HTTP/2 has no such headers.
    if version == Version::HTTP_11 {
        insert_upgrade(headers);
    }
    response
}

/// The response to a handshake with a body, which would be mistaken for WebSocket frames.
pub(super) fn reject_body() -> Response<Body> {
    reject(
        StatusCode::BAD_REQUEST,
        "a WebSocket handshake must not have a body",
    )
}

pub(super) fn reject_limit(limit: LimitReached) -> Response<Body> {
    let (status, reason) = match limit {
        LimitReached::Server => (
            StatusCode::SERVICE_UNAVAILABLE,
            "too many WebSockets are open; try again later",
        ),
        LimitReached::Client => (
            StatusCode::TOO_MANY_REQUESTS,
            "too many WebSockets are open from your address; close one first",
        ),
    };
    reject_for_now(status, reason)
}

pub(super) fn reject_shutdown() -> Response<Body> {
    reject_for_now(
        StatusCode::SERVICE_UNAVAILABLE,
        "the server is shutting down",
    )
}

fn reject_for_now(status: StatusCode, reason: &'static str) -> Response<Body> {
    let mut response = reject(status, reason);
    response.headers_mut().insert(RETRY_AFTER, RETRY_SECONDS);
    response
}
