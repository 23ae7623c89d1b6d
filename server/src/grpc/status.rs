//! Statuses that both the layers and the services return.

use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

/// When a call that exceeded a limit may be retried.
const OVERLOADED_RETRY: Duration = Duration::from_millis(500);
/// When there may be disk space again, which an operator has to free.
const STORAGE_FULL_RETRY: Duration = Duration::from_secs(30);
/// When the server may be back after a restart.
const SHUTDOWN_RETRY: Duration = Duration::from_secs(2);

/// `RESOURCE_EXHAUSTED`: too many requests at once.
pub(crate) fn overloaded(message: impl Into<String>) -> Status {
    with_retry(Code::ResourceExhausted, message, OVERLOADED_RETRY)
}

/// `RESOURCE_EXHAUSTED`: no space to write.
pub(crate) fn storage_full(message: impl Into<String>) -> Status {
    with_retry(Code::ResourceExhausted, message, STORAGE_FULL_RETRY)
}

/// `UNAVAILABLE`.
pub(crate) fn shutting_down(message: impl Into<String>) -> Status {
    with_retry(Code::Unavailable, message, SHUTDOWN_RETRY)
}

fn with_retry(code: Code, message: impl Into<String>, delay: Duration) -> Status {
    let details = ErrorDetails::with_retry_info(Some(delay));
    Status::with_error_details(code, message, details)
}

/// `INTERNAL`: a fixed text and the request id. The cause is only logged, with the same id.
pub(crate) fn internal(request_id: Option<&str>) -> Status {
    let Some(id) = request_id else {
        return Status::internal("internal error; see the server's log");
    };
    Status::with_error_details(
        Code::Internal,
        format!("internal error (request id {id}); see the server's log"),
        ErrorDetails::with_request_info(id, ""),
    )
}
