//! How a socket ends.

use tonic::{Code, Status};
use tungstenite::protocol::frame::coding::CloseCode;

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The trailers have been said.
    Answered(Code),
    /// What came is not this protocol.
    Violation(&'static str),
    /// A message, or the header block, has more bytes than so many.
    TooLarge(usize),
    /// The header block did not come in time.
    NoHeaders,
    /// Nothing came for long, not even an answer to a ping.
    Silent,
    /// What was said was not taken for too long.
    NotTaken,
    /// The server goes down, and there is no call yet.
    GoingAway,
    /// The server is down, and the call has not ended by itself.
    CutOff,
    /// The peer has closed the socket, by WebSocket's rules or without.
    Gone,
}

impl End {
    /// The status that the call has for whoever writes it down.
    pub(super) fn code(self) -> Code {
        match self {
            Self::Answered(code) => code,
            Self::Violation(_) => Code::InvalidArgument,
            Self::TooLarge(_) => Code::ResourceExhausted,
            Self::NotTaken => Code::DeadlineExceeded,
            Self::NoHeaders | Self::Silent | Self::GoingAway | Self::CutOff => Code::Unavailable,
            Self::Gone => Code::Cancelled,
        }
    }

    /// What a peer is told of a call that has not got as far as its trailers; `farewell` where it is
    /// cut off.
    pub(super) fn status(self, farewell: &Status) -> Option<Status> {
        match self {
            Self::TooLarge(limit) => Some(Status::resource_exhausted(format!(
                "the message is larger than the {limit} bytes that this server takes"
            ))),
            // Who wakes from a sleep finds this, and may come again.
            Self::NoHeaders => Some(Status::unavailable("no header block came in time")),
            Self::Silent => Some(Status::unavailable("nothing came in time, not even a pong")),
            Self::CutOff => Some(farewell.clone()),
            _ => None,
        }
    }

    /// How the socket is closed; `None` where nobody would hear it.
    pub(super) fn close(self) -> Option<(CloseCode, &'static str)> {
        match self {
            Self::Answered(_) => Some((CloseCode::Normal, "")),
            Self::Violation(why) => Some((CloseCode::Protocol, why)),
            Self::TooLarge(_) => Some((CloseCode::Size, "the message is too large")),
            Self::NoHeaders => Some((CloseCode::Policy, "no header block came")),
            Self::Silent => Some((CloseCode::Policy, "no answer to a ping")),
            Self::GoingAway | Self::CutOff => Some((CloseCode::Away, "the server goes down")),
            Self::NotTaken | Self::Gone => None,
        }
    }
}
