use tonic::Code;

/// RFC 6455, section 7.4.1.
const NORMAL_CLOSURE: u16 = 1000;

/// How a socket was closed.
pub(super) struct CloseEvent {
    /// RFC 6455, section 7.4.1; 1006 if there was no close frame.
    pub(super) code: u16,
    pub(super) reason: String,
}

impl CloseEvent {
    /// An orderly close.
    pub(super) fn normal() -> Self {
        Self {
            code: NORMAL_CLOSURE,
            reason: String::new(),
        }
    }

    pub(super) fn is_normal(&self) -> bool {
        self.code == NORMAL_CLOSURE
    }

    /// The code of a call that has no status yet.
    pub(super) fn status_code(&self) -> Code {
        match self.code {
            // Protocol error, unsupported data, invalid data, missing extension, internal error.
            1002 | 1003 | 1007 | 1010 | 1011 => Code::Internal,
            // Policy violation.
            1008 => Code::PermissionDenied,
            // Message too big.
            1009 => Code::ResourceExhausted,
            // Going away, no close frame, restart, overload, or a normal close that came too early.
            _ => Code::Unavailable,
        }
    }
}
