//! The wire log: headers, messages and trailers of a call.

use tonic::Code;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WireEntry {
    /// Whether the page sent it; otherwise the server did.
    pub is_outgoing: bool,
    pub kind: WireKind,
    pub bytes: u64,
    /// Time since the start of the call, in tenths of a millisecond.
    pub elapsed: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireKind {
    Headers,
    Message,
    EndOfRequest,
    Trailers,
}

impl WireKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Headers => "headers",
            Self::Message => "message",
            Self::EndOfRequest => "end of request",
            Self::Trailers => "trailers",
        }
    }
}

/// The name of a status code as the gRPC documentation writes it.
pub fn status_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_names_match_their_codes() {
        for code in (0..=16).map(Code::from_i32) {
            let name = status_name(code).replace('_', "").to_lowercase();
            assert_eq!(name, format!("{code:?}").to_lowercase());
        }
    }
}
