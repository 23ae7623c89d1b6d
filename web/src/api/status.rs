//! Converts gRPC statuses to the page's [`Error`].

use frontdesk_transport::{
    client::{self, Reason},
    retry,
};
use tonic::Status;
use tonic_types::StatusExt as _;

use crate::state::error::{Error, FieldViolation, ServerStatus};

/// A status with the channel's error as its source was not sent by the server.
pub(super) fn to_error(status: &Status) -> Error {
    match client::Error::from_status(status).map(client::Error::reason) {
        Some(Reason::MissingStatus | Reason::ConnectionLost | Reason::BufferFull) => {
            Error::Interrupted
        }
        Some(Reason::DeadlineExceeded) => Error::DeadlineExceeded,
        Some(Reason::NotGrpc(http_status)) => Error::NotGrpc {
            http_status,
            code: status.code(),
        },
        Some(Reason::Malformed | Reason::Cardinality) => Error::Malformed,
        Some(_) => Error::Unreachable,
        None => Error::Status(server_status(status)),
    }
}

fn server_status(status: &Status) -> ServerStatus {
    let field_violations = status
        .get_details_bad_request()
        .map(|details| details.field_violations)
        .unwrap_or_default()
        .into_iter()
        .map(|violation| FieldViolation {
            field: violation.field,
            description: violation.description,
        })
        .collect();
    ServerStatus {
        code: status.code(),
        is_retryable: retry::is_retryable(status.code()),
        message: status.message().to_owned(),
        field_violations,
        request_id: status
            .get_details_request_info()
            .map(|details| details.request_id),
    }
}
