//! The details of an error status.

use tonic::{Code, Status};
use tonic_types::{ErrorInfo, StatusExt as _};

/// The fields that `BadRequest` names, each with a reason.
pub(crate) fn invalid_fields(status: &Status) -> Vec<String> {
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    let details = status
        .get_details_bad_request()
        .expect("BadRequest details");
    let fields = details.field_violations.into_iter().map(|violation| {
        assert!(!violation.description.is_empty(), "{}", violation.field);
        violation.field
    });
    fields.collect()
}

pub(crate) fn error_info(status: &Status) -> ErrorInfo {
    status.get_details_error_info().expect("ErrorInfo details")
}
