//! From gRPC's statuses to the page's [`Failure`].

use frontdesk_transport::{
    client::{Error, Reason},
    retry,
};
use tonic::Status;
use tonic_types::StatusExt as _;

use crate::model::failure::{Code, Failure, Fault, Refusal};

/// What `status` means to the page. A status that carries the channel's error is not the
/// server's: no answer came, not all of it, or one that is not its own.
pub(super) fn from_status(status: &Status) -> Failure {
    match Error::from_status(status).map(Error::reason) {
        Some(Reason::MissingStatus | Reason::ConnectionLost | Reason::BufferFull) => {
            Failure::CutShort
        }
        Some(Reason::DeadlineExceeded) => Failure::TooLate,
        Some(Reason::NotGrpc(http)) => Failure::NotGrpc {
            http,
            code: code(status.code()),
        },
        Some(Reason::Malformed | Reason::Cardinality) => Failure::Malformed,
        Some(_) => Failure::Unreachable,
        None => Failure::Refused(refusal(status)),
    }
}

fn refusal(status: &Status) -> Refusal {
    let fields = status
        .get_details_bad_request()
        .map(|details| details.field_violations)
        .unwrap_or_default()
        .into_iter()
        .map(|violation| Fault {
            field: violation.field,
            description: violation.description,
        })
        .collect();
    Refusal {
        code: code(status.code()),
        may_pass: retry::is_retryable(status.code()),
        message: status.message().to_owned(),
        fields,
        request: status
            .get_details_request_info()
            .map(|details| details.request_id),
    }
}

fn code(code: tonic::Code) -> Code {
    match code {
        // An error with the status OK is none that anybody meant.
        tonic::Code::Ok | tonic::Code::Unknown => Code::Unknown,
        tonic::Code::Cancelled => Code::Cancelled,
        tonic::Code::InvalidArgument => Code::InvalidArgument,
        tonic::Code::DeadlineExceeded => Code::DeadlineExceeded,
        tonic::Code::NotFound => Code::NotFound,
        tonic::Code::AlreadyExists => Code::AlreadyExists,
        tonic::Code::PermissionDenied => Code::PermissionDenied,
        tonic::Code::ResourceExhausted => Code::ResourceExhausted,
        tonic::Code::FailedPrecondition => Code::FailedPrecondition,
        tonic::Code::Aborted => Code::Aborted,
        tonic::Code::OutOfRange => Code::OutOfRange,
        tonic::Code::Unimplemented => Code::Unimplemented,
        tonic::Code::Internal => Code::Internal,
        tonic::Code::Unavailable => Code::Unavailable,
        tonic::Code::DataLoss => Code::DataLoss,
        tonic::Code::Unauthenticated => Code::Unauthenticated,
    }
}
