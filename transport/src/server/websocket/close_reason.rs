use tonic::{Code, Status};
use tungstenite::protocol::frame::coding::CloseCode;

use super::connection::ConnectionError;

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CloseReason {
    /// The trailers have been sent.
    Completed(Code),
    /// The client violated the protocol.
    Violation(&'static str),
    /// A message or the header block exceeds this many bytes.
    TooLarge(usize),
    /// The header block did not arrive in time.
    HeaderTimeout,
    /// The client did not reply to a ping.
    KeepaliveTimeout,
    /// The client did not accept data in time.
    SendTimeout,
    /// The server began to shut down before there was a call.
    ShuttingDown,
    /// The server shut down before the call ended.
    Aborted,
    /// The client closed the socket, or the connection broke.
    Disconnected,
}

impl From<ConnectionError> for CloseReason {
    fn from(error: ConnectionError) -> Self {
        match error {
            ConnectionError::TooLarge(limit) => Self::TooLarge(limit),
            ConnectionError::InvalidFrames => Self::Violation("invalid WebSocket frames"),
            ConnectionError::Closed => Self::Disconnected,
        }
    }
}

impl CloseReason {
    /// The status of the call for the access log.
    pub(super) fn code(self) -> Code {
        match self {
            Self::Completed(code) => code,
            Self::Violation(_) => Code::InvalidArgument,
            Self::TooLarge(_) => Code::ResourceExhausted,
            Self::SendTimeout => Code::DeadlineExceeded,
            Self::HeaderTimeout | Self::KeepaliveTimeout | Self::ShuttingDown | Self::Aborted => {
                Code::Unavailable
            }
            Self::Disconnected => Code::Cancelled,
        }
    }

    /// The status to send as trailers if the call has not sent its own; `shutdown_status` for calls
    /// that a shutdown aborts.
    pub(super) fn trailing_status(self, shutdown_status: &Status) -> Option<Status> {
        match self {
            Self::TooLarge(limit) => Some(Status::resource_exhausted(format!(
                "the message exceeds the limit of {limit} bytes"
            ))),
            // A device that wakes from sleep finds one of these, and may retry.
            Self::HeaderTimeout => Some(Status::unavailable("no header block arrived in time")),
            Self::KeepaliveTimeout => Some(Status::unavailable("no reply to a ping")),
            Self::Aborted => Some(shutdown_status.clone()),
            _ => None,
        }
    }

    /// The close frame; `None` if the client would not receive it.
    pub(super) fn close_frame(self) -> Option<(CloseCode, &'static str)> {
        match self {
            Self::Completed(_) => Some((CloseCode::Normal, "")),
            Self::Violation(reason) => Some((CloseCode::Protocol, reason)),
            Self::TooLarge(_) => Some((CloseCode::Size, "message too large")),
            Self::HeaderTimeout => Some((CloseCode::Policy, "no header block")),
            Self::KeepaliveTimeout => Some((CloseCode::Policy, "no reply to a ping")),
            Self::ShuttingDown | Self::Aborted => Some((CloseCode::Away, "server shutting down")),
            Self::SendTimeout | Self::Disconnected => None,
        }
    }
}
