//! The one mapping from what went wrong to what a client is told (the table of statuses in the
//! wire contract). What a stranger may not know stays in the log, with the request's id.

use std::{collections::HashMap, fmt::Display};

use tonic::{Code, Extensions, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::{request_id::RequestId, status};
use frontdesk_directory::{Error, FieldViolation, NameError, Rejection, Revision, UserId};

/// Whose reasons those of [`about`] are.
const DOMAIN: &str = "frontdesk";

/// `INVALID_ARGUMENT` with each field and why.
pub(super) fn bad_fields(violations: &[FieldViolation]) -> Status {
    let mut details = ErrorDetails::new();
    for violation in violations {
        details.add_bad_request_violation(violation.field, &violation.description);
    }
    let message = violations
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ");
    Status::with_error_details(Code::InvalidArgument, message, details)
}

/// `INVALID_ARGUMENT` for one field.
pub(super) fn bad_field(field: &str, why: &str) -> Status {
    Status::with_error_details(
        Code::InvalidArgument,
        format!("{field}: {why}"),
        ErrorDetails::with_bad_request_violation(field, why),
    )
}

/// The fields of a request that can't be taken, as they are found.
#[derive(Debug, Default)]
pub(super) struct BadFields(Vec<(&'static str, String)>);

impl BadFields {
    /// What was read from a field; nothing, and a note of why, where it can't be.
    pub(super) fn check<T, E: Display>(
        &mut self,
        field: &'static str,
        read: Result<T, E>,
    ) -> Option<T> {
        read.map_err(|why| self.0.push((field, why.to_string())))
            .ok()
    }

    /// Whether all can be taken.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `INVALID_ARGUMENT` with each field and why.
    pub(super) fn status(self) -> Status {
        let words: Vec<_> = self
            .0
            .iter()
            .map(|(field, why)| format!("{field}: {why}"))
            .collect();
        let mut details = ErrorDetails::new();
        for (field, why) in self.0 {
            details.add_bad_request_violation(field, why);
        }
        Status::with_error_details(Code::InvalidArgument, words.join("; "), details)
    }
}

/// Why a change was refused.
pub(super) fn rejection(rejection: Rejection) -> Status {
    match rejection {
        Rejection::UserNotFound(id) => no_such_user(id.get()),
        Rejection::EmailTaken(id) => about(
            Code::AlreadyExists,
            format!("user {id} has this email"),
            ("EMAIL_TAKEN", "user_id", id.to_string()),
        ),
        Rejection::RevisionMismatch(revision) => about(
            Code::Aborted,
            format!("they were changed since: read them again, their revision is {revision}"),
            ("CHANGED_SINCE", "current_revision", revision.to_string()),
        ),
        Rejection::IdempotencyKeyReused => {
            let mut bad = BadFields::default();
            bad.check::<(), _>("request_id", Err("is that of another request"));
            bad.status()
        }
        Rejection::IdsExhausted => about(
            Code::FailedPrecondition,
            "every id has been given".to_owned(),
            ("NO_MORE_IDS", "last_id", i32::MAX.to_string()),
        ),
    }
}

/// A status with `google.rpc.ErrorInfo`: the reason, and a word for programs.
fn about(code: Code, message: String, (reason, key, value): (&str, &str, String)) -> Status {
    let metadata = HashMap::from([(key.to_owned(), value)]);
    let details = ErrorDetails::with_error_info(reason, DOMAIN, metadata);
    Status::with_error_details(code, message, details)
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
    not_there(id, message)
}

/// `NOT_FOUND` with the user who is not in the trash, whoever is in the directory.
pub(super) fn not_in_trash(id: i32) -> Status {
    not_there(id, format!("user {id} is not in the trash"))
}

fn not_there(id: i32, message: String) -> Status {
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
        Error::StorageFull => status::full(error.to_string()),
        Error::ShuttingDown => status::going_down(error.to_string()),
        Error::RevisionTooOld { oldest } => out_of_range(error, "TOO_FAR_BACK", *oldest),
        Error::RevisionTooNew { oldest, .. } => out_of_range(error, "NOT_THAT_FAR", *oldest),
        Error::Internal(source) => {
            let id = extensions.get::<RequestId>().copied();
            tracing::error!(error = %source, "the directory is broken");
            status::internal(id)
        }
    }
}

/// `OUT_OF_RANGE` with the oldest revision on record: who watched lists again.
fn out_of_range(error: &Error, reason: &str, oldest: Revision) -> Status {
    about(
        Code::OutOfRange,
        error.to_string(),
        (reason, "oldest_revision", oldest.to_string()),
    )
}
