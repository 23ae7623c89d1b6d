//! Where tonic departs from the gRPC specification, put right in one place.

use http::{HeaderMap, HeaderValue};

/// What tonic says, how its words begin, and what the specification wants instead.
///
/// Tonic answers these before a handler has run, so they come as trailers-only: the status
/// stands in the headers, and no body has to be watched.
const CORRECTIONS: &[(&str, &str, &str)] = &[
    // OUT_OF_RANGE -> RESOURCE_EXHAUSTED: a message larger than the limit
    // (grpc/doc/statuscodes.md).
    ("11", "Error, decoded message length too large", "8"),
    // INTERNAL -> UNIMPLEMENTED: a unary call without a message (the same document, «cardinality
    // violation»).
    ("13", "Missing request message", "12"),
];

/// Mends the status of a trailers-only answer; does nothing to any other.
pub(super) fn correct(headers: &mut HeaderMap) {
    let Some(status) = headers.get("grpc-status") else {
        return;
    };
    let message = headers
        .get("grpc-message")
        .map_or(&b""[..], HeaderValue::as_bytes);
    let right = CORRECTIONS.iter().find(|(wrong, words, _)| {
        // `grpc-message` is percent-encoded: a space is `%20` or itself.
        status.as_bytes() == wrong.as_bytes() && starts_with_decoded(message, words.as_bytes())
    });
    if let Some((_, _, code)) = right {
        headers.insert("grpc-status", HeaderValue::from_static(code));
    }
}

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
    use tonic::Status;

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
        assert_eq!(
            status.map(|s| s.code()),
            Some(tonic::Code::ResourceExhausted)
        );
    }

    #[test]
    fn what_a_handler_says_stays_as_it_is() {
        for status in [
            Status::out_of_range("page 7"),
            Status::internal("broken"),
            Status::ok(""),
        ] {
            let code = status.code();
            assert_eq!(corrected(&status).map(|s| s.code()), Some(code));
        }
    }
}
