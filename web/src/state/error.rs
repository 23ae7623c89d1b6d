use tonic::Code;

/// Why a call failed. Separates error statuses from the server from failures to reach it, because
/// the user can react to them in different ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The server replied with an error status.
    Status(ServerStatus),
    /// No response: no network or no server.
    Unreachable,
    /// A response that is not gRPC, for example from a proxy.
    NotGrpc {
        http_status: u16,
        /// The equivalent gRPC code (`http-grpc-status-mapping.md`).
        code: Code,
    },
    /// The response is not valid gRPC.
    Malformed,
    /// No response within the deadline set by the page or the user.
    DeadlineExceeded,
    /// The connection was lost before the end of the response.
    Interrupted,
}

/// An error status from the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerStatus {
    pub code: Code,
    pub is_retryable: bool,
    pub message: String,
    pub field_violations: Vec<FieldViolation>,
    /// Identifies the call in the server's log; only set for internal errors.
    pub request_id: Option<String>,
}

/// A request field that the server rejected, with the server's description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldViolation {
    pub field: String,
    pub description: String,
}

impl Error {
    /// Whether the same call may succeed once the server can be reached again.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable
            | Self::NotGrpc { .. }
            | Self::DeadlineExceeded
            | Self::Interrupted => true,
            Self::Malformed => false,
            Self::Status(status) => status.is_retryable,
        }
    }

    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Status(status) if status.code == Code::NotFound)
    }

    /// The description of the first field violation: the forms have one field.
    pub fn field_violation(&self) -> Option<&str> {
        let Self::Status(status) = self else {
            return None;
        };
        let violation = status.field_violations.first()?;
        Some(&violation.description)
    }
}
