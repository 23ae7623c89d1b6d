//! Statuses of tonic that differ from the gRPC specification or describe tonic's internals, and what
//! replaces them.
//!
//! tonic offers no hook for its own errors, so they are recognized by code and message.

use http::{HeaderMap, HeaderValue};

use crate::status::GRPC_STATUS;

struct Fixup {
    code: &'static str,
    message_prefix: &'static str,
    fixed_code: &'static str,
    /// Replaces tonic's message. Must not contain a percent sign: `grpc-message` is percent-encoded.
    fixed_message: Option<&'static str>,
}

const OK: &[u8] = b"0";
const INVALID_ARGUMENT: &str = "3";
const RESOURCE_EXHAUSTED: &str = "8";
const OUT_OF_RANGE: &str = "11";
const UNIMPLEMENTED: &str = "12";
const INTERNAL: &str = "13";

/// tonic creates most of these before the handler runs, so they arrive as trailers-only responses
/// with the status in the headers. If the request is a stream, the handler may pass them on, and
/// they may arrive in the trailers.
const FIXUPS: &[Fixup] = &[
    // A message above the size limit (grpc/doc/statuscodes.md). The message states the limit. There
    // is no `RetryInfo`, because the same message would not be smaller the next time.
    Fixup {
        code: OUT_OF_RANGE,
        message_prefix: "Error, decoded message length too large",
        fixed_code: RESOURCE_EXHAUSTED,
        fixed_message: None,
    },
    // A unary call without a message (grpc/doc/statuscodes.md, "cardinality violation").
    Fixup {
        code: INTERNAL,
        message_prefix: "Missing request message",
        fixed_code: UNIMPLEMENTED,
        fixed_message: None,
    },
    // A malformed request is the client's fault. Other gRPC libraries report `INTERNAL`; here that
    // code is reserved for faults of the server, which alert operators.
    Fixup::malformed_request(
        "failed to decode Protobuf message",
        "the request is not a protobuf message of the type that the method expects",
    ),
    Fixup::malformed_request(
        "Unexpected EOF decoding stream",
        "the request ends in the middle of a message",
    ),
    Fixup::malformed_request(
        "protocol error: received message with invalid compression flag",
        "the request has a message whose compression flag is neither 0 nor 1",
    ),
    // The specification requires `INTERNAL` (grpc/doc/compression.md).
    Fixup {
        code: INTERNAL,
        message_prefix: "protocol error: received message with compressed-flag but no grpc-encoding",
        fixed_code: INTERNAL,
        fixed_message: Some("the request has a compressed message but no grpc-encoding"),
    },
    Fixup::malformed_request("tonic-web: ", "the request is not valid gRPC-Web"),
];

impl Fixup {
    const fn malformed_request(message_prefix: &'static str, fixed_message: &'static str) -> Self {
        Self {
            code: INTERNAL,
            message_prefix,
            fixed_code: INVALID_ARGUMENT,
            fixed_message: Some(fixed_message),
        }
    }
}

/// Fixes the status in headers or trailers, if there is one. A handler's own status is left alone:
/// its message begins differently, or it has details, which tonic's own statuses never have.
pub(super) fn fix_status(headers: &mut HeaderMap) {
    let Some(status) = headers.get(GRPC_STATUS) else {
        return;
    };
    // The common case does no further lookups.
    if status.as_bytes() == OK || headers.contains_key("grpc-status-details-bin") {
        return;
    }
    let message = headers
        .get("grpc-message")
        .map_or(&b""[..], HeaderValue::as_bytes);
    let fixup = FIXUPS.iter().find(|fixup| {
        status.as_bytes() == fixup.code.as_bytes()
            && starts_with_decoded(message, fixup.message_prefix.as_bytes())
    });
    if let Some(fixup) = fixup {
        headers.insert(GRPC_STATUS, HeaderValue::from_static(fixup.fixed_code));
        if let Some(message) = fixup.fixed_message {
            headers.insert("grpc-message", HeaderValue::from_static(message));
        }
    }
}

/// Compares without decoding: of the bytes in the prefixes, only spaces and commas may be
/// percent-encoded.
fn starts_with_decoded(mut message: &[u8], prefix: &[u8]) -> bool {
    prefix.iter().all(|&expected| {
        let (byte, rest) = match message {
            [b'%', b'2', b'0', rest @ ..] => (b' ', rest),
            [b'%', b'2', b'C' | b'c', rest @ ..] => (b',', rest),
            [byte, rest @ ..] => (*byte, rest),
            [] => return false,
        };
        message = rest;
        byte == expected
    })
}

#[cfg(test)]
mod tests {
    use tonic::{Code, Status};

    use super::*;

    fn fixed(status: &Status) -> Option<Status> {
        let mut headers = HeaderMap::new();
        status.add_header(&mut headers).expect("headers");
        fix_status(&mut headers);
        Status::from_header_map(&headers)
    }

    #[test]
    fn an_oversized_message_is_resource_exhausted() {
        let status = fixed(&Status::out_of_range(
            "Error, decoded message length too large: found 9 bytes, the limit is: 4 bytes",
        ));
        assert_eq!(status.map(|s| s.code()), Some(Code::ResourceExhausted));
    }

    #[test]
    fn a_malformed_request_is_an_invalid_argument_and_internals_are_hidden() {
        for message in [
            "failed to decode Protobuf message: HelloRequest.name: buffer underflow",
            "Unexpected EOF decoding stream.",
            "protocol error: received message with invalid compression flag: 9 (valid flags are 0 and 1), while sending request",
            "tonic-web: Invalid symbol 33, offset 0.",
        ] {
            let status = fixed(&Status::internal(message)).expect("a status");
            assert_eq!(status.code(), Code::InvalidArgument, "{message}");
            assert!(status.message().starts_with("the request"), "{status}");
        }
    }

    #[test]
    fn compression_without_an_encoding_is_internal() {
        let status = fixed(&Status::internal(
            "protocol error: received message with compressed-flag but no grpc-encoding was specified",
        ))
        .expect("a status");
        assert_eq!(status.code(), Code::Internal);
        assert!(status.message().starts_with("the request"), "{status}");
    }

    #[test]
    fn a_handlers_own_status_is_not_changed() {
        let details = bytes::Bytes::from_static(b"details");
        for status in [
            Status::out_of_range("page 7"),
            Status::internal("failed"),
            Status::with_details(Code::Internal, "failed to decode Protobuf message", details),
            Status::ok(""),
        ] {
            let unchanged = fixed(&status).expect("a status");
            assert_eq!(unchanged.code(), status.code());
            assert_eq!(unchanged.message(), status.message());
        }
    }
}
