//! `/healthz` and `/readyz`, for whoever keeps the process running.

use bytes::Bytes;
use http::{Response, StatusCode};
use http_body_util::Full;

use super::assets::text;

/// Answers where `path` is a probe. `/healthz`: the process answers. `/readyz`: it takes calls; 503
/// while it is going down, so that a load balancer stops sending.
#[must_use]
pub fn answer(path: &str, going_down: bool) -> Option<Response<Full<Bytes>>> {
    match path {
        "/healthz" => Some(text(StatusCode::OK, "ok\n")),
        "/readyz" if going_down => Some(text(StatusCode::SERVICE_UNAVAILABLE, "going down\n")),
        "/readyz" => Some(text(StatusCode::OK, "ready\n")),
        _ => None,
    }
}
