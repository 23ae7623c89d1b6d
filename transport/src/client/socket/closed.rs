use tonic::Code;

/// How a socket was closed.
pub(super) struct Closed {
    /// RFC 6455, section 7.4.1; 1006 where no close frame came.
    pub(super) code: u16,
    pub(super) reason: String,
}

impl Closed {
    /// What it means for a call that has no status yet.
    pub(super) fn status(&self) -> Code {
        match self.code {
            // Breaking the protocol, data of another kind, an error of the server's.
            1002 | 1003 | 1007 | 1010 | 1011 => Code::Internal,
            1008 => Code::PermissionDenied,
            1009 => Code::ResourceExhausted,
            // Going away, no close frame, restarting, too busy; or closed before its end.
            _ => Code::Unavailable,
        }
    }
}
