//! What clients are told alike, whichever room says it: `net` and `services` both end calls, and
//! neither may know the other.

use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::request_id::RequestId;

/// When a call that was too much may come again.
const BUSY_RETRY: Duration = Duration::from_millis(500);
/// When there may be room again that somebody has to make, or time to pass.
const FULL_RETRY: Duration = Duration::from_secs(30);
/// When a client that was told «going down» may find us again.
const RESTART_RETRY: Duration = Duration::from_secs(2);

/// `RESOURCE_EXHAUSTED`, and when to try again.
pub(crate) fn busy(message: impl Into<String>) -> Status {
    later(Code::ResourceExhausted, message, BUSY_RETRY)
}

/// `RESOURCE_EXHAUSTED` where there is no room to write, and when to try again.
pub(crate) fn full(message: impl Into<String>) -> Status {
    later(Code::ResourceExhausted, message, FULL_RETRY)
}

/// `UNAVAILABLE`, and when to try again.
pub(crate) fn going_down(message: impl Into<String>) -> Status {
    later(Code::Unavailable, message, RESTART_RETRY)
}

fn later(code: Code, message: impl Into<String>, retry: Duration) -> Status {
    let details = ErrorDetails::with_retry_info(Some(retry));
    Status::with_error_details(code, message, details)
}

/// `INTERNAL`: a fixed text and the request's id. What broke is for the log, which has the id too.
pub(crate) fn internal(id: Option<RequestId>) -> Status {
    let id = id.map(|id| id.to_string()).unwrap_or_default();
    Status::with_error_details(
        Code::Internal,
        "something broke on our side; the request's id finds it in our log",
        ErrorDetails::with_request_info(id, ""),
    )
}
