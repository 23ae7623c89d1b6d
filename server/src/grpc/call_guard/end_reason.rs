use tonic::Status;

use crate::grpc::status;

/// Why a call is ended before its handler has finished.
#[derive(Debug, Clone, Copy)]
pub(super) enum EndReason {
    DeadlineExceeded,
    NotConsumed,
    ShuttingDown,
}

impl EndReason {
    pub(super) fn status(self) -> Status {
        match self {
            Self::DeadlineExceeded => {
                Status::deadline_exceeded("the deadline of the call has passed")
            }
            Self::NotConsumed => Status::deadline_exceeded("the response was not consumed in time"),
            Self::ShuttingDown => status::shutting_down("the server is shutting down"),
        }
    }
}
