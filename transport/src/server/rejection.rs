//! HTTP responses to requests that are not valid gRPC calls.

use http::{
    HeaderValue, Response, StatusCode,
    header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
};
use tonic::body::Body;

/// A plain-text response with this status.
pub(super) fn reject(status: StatusCode, reason: &'static str) -> Response<Body> {
    let body = http_body_util::Full::from(format!("{reason}\n"));
    let mut response = Response::new(Body::new(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// The response to a request that
/// [`AllowedOrigins::is_dns_rebinding`](super::AllowedOrigins::is_dns_rebinding) detects.
pub(super) fn reject_unknown_host() -> Response<Body> {
    reject(
        StatusCode::FORBIDDEN,
        "the server is not configured for this host name: add the page's origin to the allowed origins, or use the server's IP address",
    )
}
