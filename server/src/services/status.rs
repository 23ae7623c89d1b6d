//! The one mapping from what went wrong to what a client is told (the table of statuses in the
//! wire contract). What a stranger may not know stays in the log, with the request's id.

use tonic::{Code, Extensions, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::{
    directory::{Error, FieldViolation, NameError, UserId},
    request_id::RequestId,
    status,
};

/// `INVALID_ARGUMENT` with each field and why.
pub(super) fn bad_fields(violations: &[FieldViolation]) -> Status {
    let mut details = ErrorDetails::new();
    for violation in violations {
        details.add_bad_request_violation(violation.field, violation.why);
    }
    let message = violations
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ");
    Status::with_error_details(Code::InvalidArgument, message, details)
}

/// `INVALID_ARGUMENT` for a name that is none.
pub(super) fn bad_name(error: NameError) -> Status {
    Status::with_error_details(
        Code::InvalidArgument,
        error.to_string(),
        ErrorDetails::with_bad_request_violation("name", error.to_string()),
    )
}

/// `INVALID_ARGUMENT` for a name that is none, in the request with this number of a stream; the
/// first is 0.
pub(super) fn bad_name_in(number: usize, error: NameError) -> Status {
    Status::with_error_details(
        Code::InvalidArgument,
        format!("request {number}: {error}"),
        ErrorDetails::with_bad_request_violation(
            format!("requests[{number}].name"),
            error.to_string(),
        ),
    )
}

/// `INVALID_ARGUMENT` for too many requests in a stream, or too few.
pub(super) fn bad_number_of_requests(why: impl Into<String>) -> Status {
    let why = why.into();
    Status::with_error_details(
        Code::InvalidArgument,
        why.clone(),
        ErrorDetails::with_bad_request_violation("requests", why),
    )
}

/// `NOT_FOUND` with the resource that is not there.
pub(super) fn no_such_user(id: i32) -> Status {
    let message = match UserId::new(id) {
        Some(id) => format!("there is no user {id}"),
        None => format!("there is no user {id}: ids begin at 1"),
    };
    Status::with_error_details(
        Code::NotFound,
        message.clone(),
        ErrorDetails::with_resource_info("user.User", id.to_string(), "", message),
    )
}

/// What the directory says when it can't answer.
pub(super) fn directory(error: &Error, extensions: &Extensions) -> Status {
    match error {
        Error::Busy => status::busy(error.to_string()),
        Error::ShuttingDown => status::going_down(error.to_string()),
        Error::Internal(source) => {
            let id = extensions.get::<RequestId>().copied();
            tracing::error!(error = %source, "the directory is broken");
            status::internal(id)
        }
    }
}
