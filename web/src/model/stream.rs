//! How far a stream is.

use super::{
    Failure,
    failure::Code,
    wire::{self, tenths},
    words,
};

/// How far a stream is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Nothing was asked for.
    #[default]
    Idle,
    /// It was asked for, and nothing has come yet.
    Connecting,
    /// It is there, and goes on.
    Live,
    /// All has come.
    Ended,
    /// The person wanted no more of it.
    Stopped,
    /// It failed.
    Failed(Failure),
}

impl State {
    /// Whether more is to come.
    #[must_use]
    pub fn is_underway(&self) -> bool {
        matches!(self, Self::Connecting | Self::Live)
    }

    /// Whether it failed, and may do better the next time.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.failure().is_some_and(Failure::may_pass)
    }

    /// Why it failed, where it did.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    /// The state in words; once it is over, with gRPC's status and how long it took: `ms`, in
    /// tenths.
    #[must_use]
    pub fn words(&self, ms: u32) -> String {
        let (code, said) = match self {
            Self::Idle => return "No call yet.".to_owned(),
            Self::Connecting => return "Under way; no headers have come back yet.".to_owned(),
            Self::Live => return "Under way; the desk is answering.".to_owned(),
            Self::Ended => (0, "All is answered."),
            Self::Stopped => (Code::Cancelled as u8, "You cancelled it."),
            Self::Failed(failure) => (status(failure), words::of(failure).title),
        };
        let mut words = String::from("Status ");
        words.push_str(&code.to_string());
        words.push(' ');
        words.push_str(wire::status_name(code));
        words.push_str(" after ");
        words.push_str(&tenths(ms));
        words.push_str("\u{a0}ms. ");
        words.push_str(said);
        words
    }
}

/// What a call that failed so ended with. Where the server did not say, gRPC has a status all the
/// same.
fn status(failure: &Failure) -> u8 {
    let code = match failure {
        Failure::Refused(refusal) => refusal.code,
        Failure::TooLate => Code::DeadlineExceeded,
        Failure::NotGrpc { code, .. } => *code,
        Failure::Malformed => Code::Internal,
        Failure::Unreachable | Failure::CutShort => Code::Unavailable,
    };
    code as u8
}

#[cfg(test)]
mod tests {
    use super::{super::failure::Refusal, *};

    #[test]
    fn an_end_is_told_with_its_status() {
        let refused = Failure::Refused(Refusal {
            code: Code::InvalidArgument,
            may_pass: false,
            message: String::new(),
            fields: Vec::new(),
            request: None,
        });
        let cases = [
            (State::Ended, "Status 0 OK after 1.2\u{a0}ms. "),
            (State::Stopped, "Status 1 CANCELLED after 1.2\u{a0}ms. "),
            (
                State::Failed(refused),
                "Status 3 INVALID_ARGUMENT after 1.2\u{a0}ms. ",
            ),
            (
                State::Failed(Failure::TooLate),
                "Status 4 DEADLINE_EXCEEDED after 1.2\u{a0}ms. ",
            ),
            (
                State::Failed(Failure::CutShort),
                "Status 14 UNAVAILABLE after 1.2\u{a0}ms. ",
            ),
            (
                State::Failed(Failure::NotGrpc {
                    http: 404,
                    code: Code::Unimplemented,
                }),
                "Status 12 UNIMPLEMENTED after 1.2\u{a0}ms. ",
            ),
            (
                State::Failed(Failure::Malformed),
                "Status 13 INTERNAL after 1.2\u{a0}ms. ",
            ),
        ];
        for (state, words) in cases {
            let said = state.words(12);
            assert!(said.starts_with(words), "{said}");
            assert!(said.len() > words.len() && said.ends_with('.'), "{said}");
            assert!(!state.is_underway());
        }
    }

    #[test]
    fn what_goes_on_has_no_status() {
        for state in [State::Connecting, State::Live] {
            assert!(state.is_underway());
            assert!(state.words(0).starts_with("Under way"));
        }
        assert!(!State::Idle.is_underway());
    }
}
