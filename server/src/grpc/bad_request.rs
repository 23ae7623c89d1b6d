use std::fmt::Display;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt as _};

/// The invalid fields of a request: `INVALID_ARGUMENT` with `google.rpc.BadRequest`.
#[derive(Debug, Default)]
pub(crate) struct BadRequest(Vec<FieldViolation>);

impl BadRequest {
    /// The status for a single invalid field.
    pub(crate) fn field(field: impl Into<String>, reason: impl Display) -> Status {
        let mut bad = Self::default();
        bad.add(field, reason);
        bad.into_status()
    }

    pub(crate) fn add(&mut self, field: impl Into<String>, reason: impl Display) {
        self.0.push(FieldViolation::new(field, reason.to_string()));
    }

    /// Returns the value of a valid field, and adds an invalid one.
    pub(crate) fn check<T, E: Display>(
        &mut self,
        field: impl Into<String>,
        parsed: Result<T, E>,
    ) -> Option<T> {
        parsed.map_err(|reason| self.add(field, reason)).ok()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_status(self) -> Status {
        let lines = self
            .0
            .iter()
            .map(|it| format!("{}: {}", it.field, it.description));
        let message = lines.collect::<Vec<_>>().join("; ");
        let details = ErrorDetails::with_bad_request(self.0);
        Status::with_error_details(Code::InvalidArgument, message, details)
    }
}
