//! What a status of HTTP means in gRPC, where the answer has none of gRPC's own
//! (grpc/doc/http-grpc-status-mapping.md).

use tonic::Code;

/// The code of a call that was answered in HTTP, with this status, and not in gRPC.
#[must_use]
pub fn code_of(http: u16) -> Code {
    match http {
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
    fn each_status_has_the_code_of_the_specification() {
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
            assert_eq!(code_of(http), code, "{http}");
        }
    }

    #[test]
    fn all_others_are_unknown_and_a_good_one_is_no_good_call() {
        for http in [0, 200, 204, 302, 405, 415, 500, 501, 505] {
            assert_eq!(code_of(http), Code::Unknown, "{http}");
        }
    }
}
