//! Where tonic's own statuses are not what clients should be told, put right in one place.

use http::{HeaderMap, HeaderValue};

/// What tonic says, and what is said instead.
struct Correction {
    code: &'static str,
    /// How its words begin.
    words: &'static str,
    right: &'static str,
    /// Other words where tonic's are for those who know its insides. No percent sign, as
    /// `grpc-message` is percent-encoded.
    better: Option<&'static str>,
}

const OK: &[u8] = b"0";
const INVALID_ARGUMENT: &str = "3";
const RESOURCE_EXHAUSTED: &str = "8";
const OUT_OF_RANGE: &str = "11";
const UNIMPLEMENTED: &str = "12";
const INTERNAL: &str = "13";

/// Tonic answers these before a handler has run, so they come as trailers-only, with the status in
/// the headers; or, where the request is a stream, a handler passes them on, and they may stand in
/// the trailers.
const CORRECTIONS: &[Correction] = &[
    // A message larger than the limit (grpc/doc/statuscodes.md). The words name the limit, and
    // there is no `RetryInfo`: the same message is no smaller the next time.
    Correction {
        code: OUT_OF_RANGE,
        words: "Error, decoded message length too large",
        right: RESOURCE_EXHAUSTED,
        better: None,
    },
    // A unary call without a message (the same document, «cardinality violation»).
    Correction {
        code: INTERNAL,
        words: "Missing request message",
        right: UNIMPLEMENTED,
        better: None,
    },
    // What can't be read is its sender's fault. gRPC's own libraries say `INTERNAL` all the same;
    // here that stands for a fault of the server's, which somebody is woken up for.
    Correction::unreadable(
        "failed to decode Protobuf message",
        "the request is no protobuf message of this method's type",
    ),
    Correction::unreadable(
        "Unexpected EOF decoding stream",
        "the request ends in the middle of a message",
    ),
    Correction::unreadable(
        "protocol error: received message with invalid compression flag",
        "the request's frame begins with neither 0 nor 1",
    ),
    // Here the specification leaves no choice (grpc/doc/compression.md).
    Correction {
        code: INTERNAL,
        words: "protocol error: received message with compressed-flag but no grpc-encoding",
        right: INTERNAL,
        better: Some("the request is compressed, and grpc-encoding does not say how"),
    },
    Correction::unreadable("tonic-web: ", "the request can't be read as gRPC-Web"),
];

impl Correction {
    const fn unreadable(words: &'static str, better: &'static str) -> Self {
        Self {
            code: INTERNAL,
            words,
            right: INVALID_ARGUMENT,
            better: Some(better),
        }
    }
}

/// Mends the status in headers or trailers, where there is one. Those of handlers stay as they
/// are: what they say begins otherwise, or has details, as nothing of tonic's own has.
pub(super) fn correct(headers: &mut HeaderMap) {
    let Some(status) = headers.get("grpc-status") else {
        return;
    };
    // Nearly all are: nothing more is looked up for them.
    if status.as_bytes() == OK {
        return;
    }
    if headers.contains_key("grpc-status-details-bin") {
        return;
    }
    let message = headers
        .get("grpc-message")
        .map_or(&b""[..], HeaderValue::as_bytes);
    let right = CORRECTIONS.iter().find(|correction| {
        status.as_bytes() == correction.code.as_bytes()
            && starts_with_decoded(message, correction.words.as_bytes())
    });
    if let Some(correction) = right {
        headers.insert("grpc-status", HeaderValue::from_static(correction.right));
        if let Some(better) = correction.better {
            headers.insert("grpc-message", HeaderValue::from_static(better));
        }
    }
}

/// `grpc-message` is percent-encoded: a space is `%20` or itself.
fn starts_with_decoded(mut message: &[u8], words: &[u8]) -> bool {
    words.iter().all(|&word| {
        let (byte, rest) = match message {
            [b'%', b'2', b'0', rest @ ..] => (b' ', rest),
            [b'%', b'2', b'C' | b'c', rest @ ..] => (b',', rest),
            [byte, rest @ ..] => (*byte, rest),
            [] => return false,
        };
        message = rest;
        byte == word
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic::{Code, Status};

    fn corrected(status: &Status) -> Option<Status> {
        let mut headers = HeaderMap::new();
        status.add_header(&mut headers).expect("headers");
        correct(&mut headers);
        Status::from_header_map(&headers)
    }

    #[test]
    fn a_message_too_large_is_resource_exhausted() {
        let status = corrected(&Status::out_of_range(
            "Error, decoded message length too large: found 9 bytes, the limit is: 4 bytes",
        ));
        assert_eq!(status.map(|s| s.code()), Some(Code::ResourceExhausted));
    }

    #[test]
    fn a_message_that_cannot_be_read_is_its_senders_fault_and_no_insides_are_shown() {
        for words in [
            "failed to decode Protobuf message: HelloRequest.name: buffer underflow",
            "Unexpected EOF decoding stream.",
            "protocol error: received message with invalid compression flag: 9 (valid flags are 0 and 1), while sending request",
            "tonic-web: Invalid symbol 33, offset 0.",
        ] {
            let status = corrected(&Status::internal(words)).expect("a status");
            assert_eq!(status.code(), Code::InvalidArgument, "{words}");
            assert!(status.message().starts_with("the request"), "{status}");
        }
    }

    #[test]
    fn compression_that_is_not_named_is_internal_as_the_specification_wants_it() {
        let status = corrected(&Status::internal(
            "protocol error: received message with compressed-flag but no grpc-encoding was specified",
        ))
        .expect("a status");
        assert_eq!(status.code(), Code::Internal);
        assert!(status.message().starts_with("the request"), "{status}");
    }

    #[test]
    fn what_a_handler_says_stays_as_it_is() {
        let details = bytes::Bytes::from_static(b"details");
        for status in [
            Status::out_of_range("page 7"),
            Status::internal("broken"),
            Status::with_details(Code::Internal, "failed to decode Protobuf message", details),
            Status::ok(""),
        ] {
            let same = corrected(&status).expect("a status");
            assert_eq!(same.code(), status.code());
            assert_eq!(same.message(), status.message());
        }
    }
}
