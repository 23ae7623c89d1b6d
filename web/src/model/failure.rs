//! What can become of a call that did not give what was asked for.

/// Why a call failed. «The server said no» and «it never got there» are told apart, because what
/// a person can do about them differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server answered, and the answer was no.
    Refused(Refusal),
    /// No answer: no network, or no server.
    Unreachable,
    /// Something answered, but not in gRPC.
    NotGrpc {
        /// The answer's HTTP status.
        http: u16,
        /// What gRPC makes of it (`http-grpc-status-mapping.md`).
        code: Code,
    },
    /// The answer is not what gRPC looks like.
    Malformed,
    /// No answer within the time that the page, or the person, gives it.
    TooLate,
    /// The answer broke off before its end.
    CutShort,
}

/// A server's no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The sort of no.
    pub code: Code,
    /// Whether the same call may fare better later: the channel's rules say, which are gRPC's.
    pub may_pass: bool,
    /// What the server said about it.
    pub message: String,
    /// The fields that it found fault with.
    pub fields: Vec<Fault>,
    /// The number under which the server's log has this call, where the fault is the server's.
    pub request: Option<String>,
}

/// A field and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field's name in the request.
    pub field: String,
    /// What is wrong with it, in the server's words.
    pub description: String,
}

/// gRPC's statuses with their numbers, but for `OK`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "gRPC's own names, documented there")]
pub enum Code {
    Cancelled = 1,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    AlreadyExists = 6,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Aborted = 10,
    OutOfRange = 11,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    DataLoss = 15,
    Unauthenticated = 16,
}

impl Failure {
    /// Whether the same call may well succeed once the server can be reached again.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable | Self::NotGrpc { .. } | Self::TooLate | Self::CutShort => true,
            Self::Malformed => false,
            Self::Refused(refusal) => refusal.may_pass,
        }
    }

    /// Whether the server said that it has no such thing.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.code == Code::NotFound)
    }

    /// What the server finds wrong with a field, where that is why it refused. Where it says more
    /// than one thing, the first: a form with one field shows no more.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        let Self::Refused(refusal) = self else {
            return None;
        };
        let fault = refusal.fields.first()?;
        Some(&fault.description)
    }
}
