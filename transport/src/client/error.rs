use std::fmt;

use tonic::Status;
use tonic_web_wasm_client::Error as ClientError;

/// Why a call came to nothing without the server having said so.
///
/// tonic hands it on as the source of the [`Status`] that a stub returns; a status without one
/// is the server's own. A deadline that passed is a status in itself.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// `fetch` failed, before the answer or within it: no network, no server, not allowed.
    Unreachable(ClientError),
    /// Something answered, but not in gRPC-Web.
    NotGrpc(ClientError),
    /// The answer ended without its status.
    CutShort,
    /// The call's `grpc-timeout` has passed.
    DeadlineExceeded(Status),
}

impl Error {
    pub(super) fn late() -> Self {
        Self::DeadlineExceeded(Status::deadline_exceeded(
            "no answer within the time that the call was given",
        ))
    }
}

impl From<ClientError> for Error {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::JsError(_) => Self::Unreachable(error),
            ClientError::MalformedResponse => Self::CutShort,
            ClientError::TonicStatusError(status) => Self::DeadlineExceeded(status),
            _ => Self::NotGrpc(error),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable(_) => "the server could not be reached",
            Self::NotGrpc(_) => "the answer is not gRPC",
            Self::CutShort => "the answer ended without its status",
            Self::DeadlineExceeded(_) => "the deadline has passed",
        })
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreachable(error) | Self::NotGrpc(error) => Some(error),
            // tonic looks for a status among the sources and makes it the call's.
            Self::DeadlineExceeded(status) => Some(status),
            Self::CutShort => None,
        }
    }
}
