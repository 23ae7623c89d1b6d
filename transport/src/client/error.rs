use std::fmt;

use tonic::{Code, Status};
use wasm_bindgen::JsValue;

use crate::{frames, status};

/// RFC 6455, section 7.1.5: the connection broke, or was never established.
const ABNORMAL_CLOSURE: u16 = 1006;

/// A failure of a call that the server did not report itself.
///
/// Stubs return it as a [`Status`] with the matching code, whose source is this error; use
/// [`Error::from_status`] to find it. A status without it comes from the server, or from tonic if
/// tonic could not decode a response.
#[derive(Debug)]
pub struct Error {
    reason: Reason,
    status: Status,
}

/// The kind of an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// There was no response: no network, no server, or the browser did not allow the call.
    /// `UNAVAILABLE`.
    Unreachable,
    /// The connection broke before the end of the response. `UNAVAILABLE` over `fetch`; over a
    /// `WebSocket` the code depends on the close code.
    ConnectionLost,
    /// The response ended without a status. `INTERNAL` over `fetch`, `UNAVAILABLE` over a
    /// `WebSocket`.
    MissingStatus,
    /// The response is not gRPC, or has no gRPC status; this is its HTTP status. The code is that of
    /// [`status::code_from_http`].
    NotGrpc(u16),
    /// The response has invalid frames, or the request could not be sent. `INTERNAL`, or the status
    /// that the request's own messages failed with.
    Malformed,
    /// The response should be a single message, but has none or several. `UNIMPLEMENTED`.
    Cardinality,
    /// More data arrived over a `WebSocket` than was read. `RESOURCE_EXHAUSTED`.
    BufferFull,
    /// The `grpc-timeout` has passed. `DEADLINE_EXCEEDED`.
    DeadlineExceeded,
}

impl Error {
    /// The error that `status` was created from; `None` if the server sent the status.
    #[must_use]
    pub fn from_status(status: &Status) -> Option<&Self> {
        std::error::Error::source(status)?.downcast_ref()
    }

    /// The kind of error.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.reason
    }

    fn new(reason: Reason, code: Code, message: impl Into<String>) -> Self {
        let status = Status::new(code, message);
        Self { reason, status }
    }

    pub(super) fn unreachable(error: &JsValue) -> Self {
        let message = with_cause("the server could not be reached", error);
        Self::new(Reason::Unreachable, Code::Unavailable, message)
    }

    pub(super) fn connection_lost(error: &JsValue, received: u64) -> Self {
        let message = with_cause("the connection was lost", error) + &after(received);
        Self::new(Reason::ConnectionLost, Code::Unavailable, message)
    }

    /// `received` is the number of bytes of the response, if it is known.
    pub(super) fn missing_status(code: Code, received: Option<u64>) -> Self {
        let after = received.map(after).unwrap_or_default();
        let message = String::from("the response ended without a status") + &after;
        Self::new(Reason::MissingStatus, code, message)
    }

    /// The socket was closed with this close code (RFC 6455, section 7.4).
    pub(super) fn socket_closed(code: Code, close_code: u16, reason: &str, received: u64) -> Self {
        // Browsers do not report why a socket could not be opened.
        if close_code == ABNORMAL_CLOSURE && received == 0 {
            let message = "the server could not be reached over a WebSocket";
            return Self::new(Reason::Unreachable, Code::Unavailable, message);
        }
        let mut message = String::from("the socket was closed with ") + &close_code.to_string();
        if !reason.is_empty() {
            message.extend([" (", reason, ")"]);
        }
        message.push_str(&after(received));
        Self::new(Reason::ConnectionLost, code, message)
    }

    pub(super) fn buffer_full(received: u64) -> Self {
        let message = String::from("the response was not read fast enough") + &after(received);
        Self::new(Reason::BufferFull, Code::ResourceExhausted, message)
    }

    pub(super) fn cardinality() -> Self {
        let message = "the response is not exactly one message";
        Self::new(Reason::Cardinality, Code::Unimplemented, message)
    }

    pub(super) fn missing_headers() -> Self {
        let message = "a message arrived before the headers";
        Self::new(Reason::Malformed, Code::Internal, message)
    }

    pub(super) fn not_grpc(http: u16) -> Self {
        let message = String::from("not a gRPC response: HTTP status ") + &http.to_string();
        Self::new(Reason::NotGrpc(http), status::code_from_http(http), message)
    }

    pub(super) fn invalid_frames(error: frames::Error) -> Self {
        Self::new(Reason::Malformed, Code::Internal, error.to_string())
    }

    /// The browser rejected the request before sending it.
    pub(super) fn invalid_request(error: &JsValue) -> Self {
        let message = with_cause("the request could not be sent", error);
        Self::new(Reason::Malformed, Code::Internal, message)
    }

    /// The request's own messages failed: their status becomes the status of the call.
    pub(super) fn request(status: Status) -> Self {
        Self {
            reason: Reason::Malformed,
            status,
        }
    }

    pub(super) fn deadline_exceeded() -> Self {
        let message = "the deadline of the call has passed";
        Self::new(Reason::DeadlineExceeded, Code::DeadlineExceeded, message)
    }
}

fn after(received: u64) -> String {
    String::from(", after ") + &received.to_string() + " bytes of the response"
}

/// Appends the browser's own message, which differs between browsers.
fn with_cause(message: &str, error: &JsValue) -> String {
    let error = js_sys::Object::from(error.clone()).to_string();
    [message, " (", &String::from(error), ")"].concat()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.status.message())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // tonic uses the first status among the sources as the status of the call.
        Some(&self.status)
    }
}
