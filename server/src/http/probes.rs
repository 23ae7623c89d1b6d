//! `/healthz` and `/readyz`, for process supervisors and load balancers.

use bytes::Bytes;
use http::{Response, StatusCode};
use http_body_util::Full;

use super::plain_text::plain_text;

/// The response to a probe; `None` for any other path. `/healthz` succeeds while the process serves;
/// `/readyz` returns 503 during shutdown, so that a load balancer stops sending requests.
pub(super) fn respond(path: &str, is_shutting_down: bool) -> Option<Response<Full<Bytes>>> {
    match path {
        "/healthz" => Some(plain_text(StatusCode::OK, "ok\n")),
        "/readyz" if is_shutting_down => Some(plain_text(
            StatusCode::SERVICE_UNAVAILABLE,
            "shutting down\n",
        )),
        "/readyz" => Some(plain_text(StatusCode::OK, "ready\n")),
        _ => None,
    }
}
