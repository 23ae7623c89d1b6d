//! gRPC status codes in header fields, and those of HTTP responses without one.

use http::{HeaderMap, HeaderName};
use tonic::Code;

/// `grpc-status`: in the trailers, or in the headers of a trailers-only response
/// (grpc/doc/PROTOCOL-HTTP2.md, "Responses").
pub const GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");

/// The status code among header fields or trailers; `None` without `grpc-status`. A value that is
/// not a status code is `UNKNOWN`.
#[must_use]
pub fn code(fields: &HeaderMap) -> Option<Code> {
    fields
        .get(GRPC_STATUS)
        .map(|status| Code::from_bytes(status.as_bytes()))
}

/// The status code of a call whose response has an HTTP status and no gRPC status
/// (grpc/doc/http-grpc-status-mapping.md).
#[must_use]
pub fn code_from_http(status: u16) -> Code {
    match status {
        400 => Code::Internal,
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::Unimplemented,
        429 | 502 | 503 | 504 => Code::Unavailable,
        _ => Code::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_statuses_map_to_the_codes_of_the_specification() {
        for (http, code) in [
            (400, Code::Internal),
            (401, Code::Unauthenticated),
            (403, Code::PermissionDenied),
            (404, Code::Unimplemented),
            (429, Code::Unavailable),
            (502, Code::Unavailable),
            (503, Code::Unavailable),
            (504, Code::Unavailable),
        ] {
            assert_eq!(code_from_http(http), code, "{http}");
        }
    }

    #[test]
    fn all_other_http_statuses_are_unknown_even_successful_ones() {
        for http in [0, 200, 204, 302, 405, 415, 500, 501, 505] {
            assert_eq!(code_from_http(http), Code::Unknown, "{http}");
        }
    }
}
