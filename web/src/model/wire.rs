//! What passes on the wire, as a person reads it.

/// Something has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// From the page to the server, and not back.
    pub sent: bool,
    /// What it is.
    pub kind: Kind,
    /// How much.
    pub bytes: u64,
    /// How long after the call began, in tenths of a millisecond.
    pub ms: u32,
}

/// What passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "gRPC's own names, documented there")]
pub enum Kind {
    Headers,
    Message,
    EndOfRequest,
    Trailers,
}

impl Kind {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Headers => "headers",
            Self::Message => "message",
            Self::EndOfRequest => "end of request",
            Self::Trailers => "trailers",
        }
    }
}

/// gRPC's statuses, by their numbers.
const STATUSES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// The name of a status; of a number that is none, as gRPC has it, `UNKNOWN`.
#[must_use]
pub fn status_name(code: u8) -> &'static str {
    STATUSES
        .get(usize::from(code))
        .copied()
        .unwrap_or("UNKNOWN")
}

/// `123` as `12.3`.
#[must_use]
pub fn tenths(number: u32) -> String {
    let mut text = super::number::grouped(u64::from(number / 10));
    text.push('.');
    text.push_str(&(number % 10).to_string());
    text
}

#[cfg(test)]
mod tests {
    use super::{super::failure::Code, *};

    #[test]
    fn statuses_have_the_names_of_their_numbers() {
        assert_eq!(status_name(0), "OK");
        assert_eq!(status_name(Code::Cancelled as u8), "CANCELLED");
        assert_eq!(
            status_name(Code::DeadlineExceeded as u8),
            "DEADLINE_EXCEEDED"
        );
        assert_eq!(status_name(Code::Unavailable as u8), "UNAVAILABLE");
        assert_eq!(status_name(Code::Unauthenticated as u8), "UNAUTHENTICATED");
        assert_eq!(status_name(17), "UNKNOWN");
    }

    #[test]
    fn tenths_are_set_apart() {
        assert_eq!(tenths(0), "0.0");
        assert_eq!(tenths(7), "0.7");
        assert_eq!(tenths(123), "12.3");
        assert_eq!(tenths(1_234_567), "123,456.7");
    }
}
