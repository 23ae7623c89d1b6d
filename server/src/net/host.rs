//! Whom a request is for.

use bytes::Bytes;
use http::{Request, Response, StatusCode, Version, header::HOST};
use http_body_util::Full;

use super::page::text;

/// The refusal of a request that does not say whom it is for, or says it twice: RFC 9112, section
/// 3.2, wants one `Host` in HTTP/1.1. What two servers on the way understand differently is how
/// requests are smuggled.
#[must_use]
pub fn refuse<B>(request: &Request<B>) -> Option<Response<Full<Bytes>>> {
    let hosts = request.headers().get_all(HOST).iter().count();
    let refused = request.version() == Version::HTTP_11 && hosts != 1;
    refused.then(|| text(StatusCode::BAD_REQUEST, "HTTP/1.1 wants one Host\n"))
}
