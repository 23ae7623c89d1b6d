//! The state of a call, from start to end.

use tonic::Code;

use super::{error::Error, error_text, format::tenths, wire_log::status_name};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CallState {
    /// No call was made yet.
    #[default]
    Idle,
    /// Started; no response headers yet.
    Connecting,
    /// The response has started.
    Open,
    Completed,
    /// Cancelled by the user.
    Cancelled,
    Failed(Error),
}

impl CallState {
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Connecting | Self::Open)
    }

    /// Whether the call failed and can be retried.
    pub fn is_retryable(&self) -> bool {
        self.error().is_some_and(Error::is_retryable)
    }

    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) => Some(error),
            _ => None,
        }
    }

    /// The state as text; once the call has ended, with its gRPC status and its duration
    /// (`duration`, in tenths of a millisecond).
    pub fn summary(&self, duration: u32) -> String {
        let (code, explanation) = match self {
            Self::Idle => return "No call yet.".to_owned(),
            Self::Connecting => return "In progress: no headers received yet.".to_owned(),
            Self::Open => return "In progress: receiving replies.".to_owned(),
            Self::Completed => (Code::Ok, "Call completed."),
            Self::Cancelled => (Code::Cancelled, "You cancelled the call."),
            Self::Failed(error) => (code(error), error_text::describe(error).title),
        };
        let mut summary = String::from("Status ");
        summary.push_str(&(code as u8).to_string());
        summary.push(' ');
        summary.push_str(status_name(code));
        summary.push_str(" after ");
        summary.push_str(&tenths(duration));
        summary.push_str("\u{a0}ms. ");
        summary.push_str(explanation);
        summary
    }
}

/// The gRPC status code of an error, also if the server did not send one.
fn code(error: &Error) -> Code {
    match error {
        Error::Status(status) => status.code,
        Error::DeadlineExceeded => Code::DeadlineExceeded,
        Error::NotGrpc { code, .. } => *code,
        Error::Malformed => Code::Internal,
        Error::Unreachable | Error::Interrupted => Code::Unavailable,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::error::ServerStatus, *};

    #[test]
    fn an_ended_call_is_summarized_with_its_status() {
        let rejected = Error::Status(ServerStatus {
            code: Code::InvalidArgument,
            is_retryable: false,
            message: String::new(),
            field_violations: Vec::new(),
            request_id: None,
        });
        let not_grpc = Error::NotGrpc {
            http_status: 404,
            code: Code::Unimplemented,
        };
        let failed = CallState::Failed;
        let cases = [
            (CallState::Completed, "Status 0 OK"),
            (CallState::Cancelled, "Status 1 CANCELLED"),
            (failed(rejected), "Status 3 INVALID_ARGUMENT"),
            (
                failed(Error::DeadlineExceeded),
                "Status 4 DEADLINE_EXCEEDED",
            ),
            (failed(Error::Interrupted), "Status 14 UNAVAILABLE"),
            (failed(not_grpc), "Status 12 UNIMPLEMENTED"),
            (failed(Error::Malformed), "Status 13 INTERNAL"),
        ];
        for (state, status) in cases {
            let summary = state.summary(12);
            let start = format!("{status} after 1.2\u{a0}ms. ");
            assert!(summary.starts_with(&start), "{summary}");
            assert!(
                summary.len() > start.len() && summary.ends_with('.'),
                "{summary}"
            );
            assert!(!state.is_active());
        }
    }

    #[test]
    fn an_active_call_has_no_status() {
        for state in [CallState::Connecting, CallState::Open] {
            assert!(state.is_active());
            assert!(state.summary(0).starts_with("In progress"));
        }
        assert!(!CallState::Idle.is_active());
    }
}
