use std::fmt;

use tonic::{Code, Status};
use wasm_bindgen::JsValue;

use crate::{frames, http_status};

/// RFC 6455, section 7.1.5: the connection broke, or never was.
const ABNORMAL: u16 = 1006;

/// Why a call came to nothing without the server having said so.
///
/// A stub returns it as a [`Status`] whose code says what became of the call, as every gRPC
/// library does, and whose source is this error: [`Error::of`] finds it there. A status without
/// one is the server's own, or tonic's where it can't read what the server said.
#[derive(Debug)]
pub struct Error {
    reason: Reason,
    status: Status,
}

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// No answer came: no network, no server, not allowed. `UNAVAILABLE`.
    Unreachable,
    /// The connection broke within the answer. `UNAVAILABLE`.
    Broken,
    /// The answer ended without its status. `INTERNAL`, or `UNAVAILABLE` where it came over a
    /// `WebSocket`.
    CutShort,
    /// Something answered, but not in gRPC, or without its status. The code that gRPC has for its
    /// HTTP status ([`http_status`]).
    NotGrpc(u16),
    /// The answer is no frames, or the request could not be made. `INTERNAL`, or what the
    /// request's own messages failed with.
    Malformed,
    /// The answer has no message, or more than one, though the method has it be one.
    /// `UNIMPLEMENTED`.
    NotSingle,
    /// More of the answer came in than was taken of it, and a `WebSocket` can't be told to wait.
    /// `RESOURCE_EXHAUSTED`.
    NotTaken,
    /// The call's `grpc-timeout` has passed. `DEADLINE_EXCEEDED`.
    DeadlineExceeded,
}

impl Error {
    /// What is behind `status`, where the server has not said it.
    #[must_use]
    pub fn of(status: &Status) -> Option<&Self> {
        std::error::Error::source(status)?.downcast_ref()
    }

    /// What went wrong.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.reason
    }

    fn new(reason: Reason, code: Code, message: impl Into<String>) -> Self {
        let status = Status::new(code, message);
        Self { reason, status }
    }

    pub(super) fn unreachable(error: &JsValue) -> Self {
        let message = text("the server could not be reached", error);
        Self::new(Reason::Unreachable, Code::Unavailable, message)
    }

    pub(super) fn broken(error: &JsValue, received: u64) -> Self {
        let message = text("the connection broke", error) + &after(received);
        Self::new(Reason::Broken, Code::Unavailable, message)
    }

    /// `received` is how many bytes came in, where that is known.
    pub(super) fn cut_short(code: Code, received: Option<u64>) -> Self {
        let after = received.map(after).unwrap_or_default();
        let message = String::from("the answer ended without its status") + &after;
        Self::new(Reason::CutShort, code, message)
    }

    /// A socket was closed within the call, with this close code (RFC 6455, section 7.4).
    pub(super) fn closed(code: Code, close: u16, reason: &str, received: u64) -> Self {
        // A browser says no more of a socket that it could not open.
        if close == ABNORMAL && received == 0 {
            let message = "the server could not be reached by WebSocket";
            return Self::new(Reason::Unreachable, Code::Unavailable, message);
        }
        let mut message = String::from("the socket was closed with ") + &close.to_string();
        if !reason.is_empty() {
            message.extend([" (", reason, ")"]);
        }
        message.push_str(&after(received));
        Self::new(Reason::Broken, code, message)
    }

    pub(super) fn not_taken(received: u64) -> Self {
        let mut message = String::from("more came in than was taken");
        message.push_str(&after(received));
        Self::new(Reason::NotTaken, Code::ResourceExhausted, message)
    }

    pub(super) fn not_single() -> Self {
        let message = "the answer is not one message";
        Self::new(Reason::NotSingle, Code::Unimplemented, message)
    }

    pub(super) fn out_of_order() -> Self {
        let message = "a message came before the headers";
        Self::new(Reason::Malformed, Code::Internal, message)
    }

    pub(super) fn not_grpc(status: u16) -> Self {
        let message = String::from("not a gRPC answer: HTTP status ") + &status.to_string();
        Self::new(
            Reason::NotGrpc(status),
            http_status::code_of(status),
            message,
        )
    }

    pub(super) fn malformed(error: frames::Error) -> Self {
        Self::new(Reason::Malformed, Code::Internal, error.to_string())
    }

    /// The browser does not take the request.
    pub(super) fn refused(error: &JsValue) -> Self {
        let message = text("the request could not be made", error);
        Self::new(Reason::Malformed, Code::Internal, message)
    }

    /// The request's own messages failed: their status is the call's.
    pub(super) fn request(status: Status) -> Self {
        Self {
            reason: Reason::Malformed,
            status,
        }
    }

    pub(super) fn late() -> Self {
        let message = "no answer within the time that the call was given";
        Self::new(Reason::DeadlineExceeded, Code::DeadlineExceeded, message)
    }
}

/// Says what was lost: without it, nobody knows how much of an answer is there.
fn after(received: u64) -> String {
    String::from(", after ") + &received.to_string() + " bytes of the answer"
}

/// What the browser says of it stands behind: it is not to be relied on.
fn text(what: &str, error: &JsValue) -> String {
    let error = js_sys::Object::from(error.clone()).to_string();
    [what, " (", &String::from(error), ")"].concat()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.status.message())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // tonic looks for a status among the sources and makes it the call's.
        Some(&self.status)
    }
}
