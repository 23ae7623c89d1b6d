//! The one mapping from domain errors to statuses; `proto/user.proto` documents them for clients.
//! Internal errors are logged; the client only receives the request id.

use std::collections::HashMap;

use frontdesk_directory::{Error, Rejection, RequestContext, Revision, UserId};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::grpc::{bad_request::BadRequest, status};

/// The domain of every `google.rpc.ErrorInfo`.
const ERROR_DOMAIN: &str = "frontdesk";

pub(super) fn rejection(rejection: Rejection) -> Status {
    match rejection {
        Rejection::UserNotFound(id) => user_not_found(id.get()),
        Rejection::EmailTaken(id) => with_error_info(
            Code::AlreadyExists,
            format!("user {id} has this email address"),
            ("EMAIL_TAKEN", "user_id", id.to_string()),
        ),
        Rejection::RevisionMismatch(revision) => with_error_info(
            Code::Aborted,
            format!("the user has changed since, to revision {revision}; read it again"),
            (
                "REVISION_MISMATCH",
                "current_revision",
                revision.to_string(),
            ),
        ),
        Rejection::IdempotencyKeyReused => {
            BadRequest::field("request_id", "was used for a different request")
        }
        Rejection::IdsExhausted => with_error_info(
            Code::FailedPrecondition,
            "every user id has been assigned".to_owned(),
            ("IDS_EXHAUSTED", "last_id", i32::MAX.to_string()),
        ),
    }
}

pub(super) fn user_not_found(id: i32) -> Status {
    let message = match UserId::new(id) {
        Some(id) => format!("user {id} not found"),
        None => format!("user {id} not found: ids start at 1"),
    };
    not_found(id, message)
}

/// The user may exist outside the trash.
pub(super) fn not_in_trash(id: UserId) -> Status {
    not_found(id.get(), format!("user {id} is not in the trash"))
}

fn not_found(id: i32, message: String) -> Status {
    let details = ErrorDetails::with_resource_info("user.User", id.to_string(), "", &message);
    Status::with_error_details(Code::NotFound, message, details)
}

pub(super) fn error(error: &Error, context: &RequestContext) -> Status {
    match error {
        Error::Busy => status::overloaded(error.to_string()),
        Error::DeadlineExceeded => Status::deadline_exceeded(error.to_string()),
        Error::StorageFull => status::storage_full(error.to_string()),
        Error::ShuttingDown => status::shutting_down(error.to_string()),
        Error::RevisionTooOld { oldest } => out_of_range(error, "REVISION_TOO_OLD", *oldest),
        Error::RevisionTooNew { oldest, .. } => out_of_range(error, "REVISION_TOO_NEW", *oldest),
        Error::Internal(source) => {
            tracing::error!(error = %source, "the directory failed");
            status::internal(context.request_id.as_deref())
        }
    }
}

fn out_of_range(error: &Error, reason: &str, oldest: Revision) -> Status {
    with_error_info(
        Code::OutOfRange,
        error.to_string(),
        (reason, "oldest_revision", oldest.to_string()),
    )
}

fn with_error_info(
    code: Code,
    message: String,
    (reason, key, value): (&str, &str, String),
) -> Status {
    let metadata = HashMap::from([(key.to_owned(), value)]);
    let details = ErrorDetails::with_error_info(reason, ERROR_DOMAIN, metadata);
    Status::with_error_details(code, message, details)
}
