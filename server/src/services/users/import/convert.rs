//! Conversion between the domain types of an import and protobuf messages.

use std::fmt::Display;

use frontdesk::user::{
    self, ImportBatchResult, ImportStarted, ImportUsersResponse, RejectedRow,
    import_users_response::Kind,
};
use frontdesk_directory::{
    BatchResult, Email, IdempotencyKey, ImportCounts, ImportProgress, ImportRow, Name, NewUser,
    OnExisting, RowError, RowErrorReason, RowField, StartImport,
};

/// The longest part of a rejected value that is returned, in characters.
const MAX_VALUE_CHARS: usize = 300;

/// # Errors
///
/// The first invalid field, and why it is invalid.
pub(super) fn start(start: &user::StartImport) -> Result<StartImport, (&'static str, String)> {
    let id = IdempotencyKey::parse(&start.import_id)
        .map_err(|error| ("start.import_id", error.to_string()))?
        .ok_or_else(|| ("start.import_id", "is required, such as a UUID".to_owned()))?;
    let on_existing = match user::OnExisting::try_from(start.on_existing) {
        Ok(user::OnExisting::Unspecified) => OnExisting::Reject,
        Ok(user::OnExisting::Skip) => OnExisting::Skip,
        Ok(user::OnExisting::Update) => OnExisting::Update,
        Err(_) => {
            let reason = "must be a value of OnExisting".to_owned();
            return Err(("start.on_existing", reason));
        }
    };
    Ok(StartImport {
        id,
        on_existing,
        validate_only: start.validate_only,
    })
}

pub(super) fn started(progress: ImportProgress) -> ImportUsersResponse {
    let kind = Kind::Started(ImportStarted {
        last_sequence: progress.last_sequence.cast_signed(),
        counts: Some(counts(progress.counts)),
    });
    ImportUsersResponse { kind: Some(kind) }
}

pub(super) fn row(row: user::ImportRow) -> ImportRow {
    let user::ImportRow { line, name, email } = row;
    let user = match (Name::parse(&name), Email::parse(&email)) {
        (Ok(name), Ok(email)) => Ok(NewUser { name, email }),
        (Err(error), _) => Err(row_error(RowField::Name, name, error)),
        (_, Err(error)) => Err(row_error(RowField::Email, email, error)),
    };
    ImportRow { line, user }
}

/// The value may be as long as a request, and is stored for a day: only its beginning is retained.
fn row_error(field: RowField, mut value: String, error: impl Display) -> RowError {
    if let Some((end, _)) = value.char_indices().nth(MAX_VALUE_CHARS) {
        value.truncate(end);
        // It waits to be written, with a thousand others.
        value.shrink_to_fit();
    }
    RowError {
        field,
        value,
        reason: RowErrorReason::Invalid(error.to_string()),
    }
}

pub(super) fn batch_result(result: BatchResult) -> ImportUsersResponse {
    let rejected = result
        .rejected
        .into_iter()
        .map(|(line, error)| RejectedRow {
            line,
            field: error.field.as_str().to_owned(),
            value: error.value,
            reason: error.reason.to_string(),
        });
    let kind = Kind::Batch(ImportBatchResult {
        sequence: result.sequence.cast_signed(),
        counts: Some(counts(result.counts)),
        rejected_rows: rejected.collect(),
        revision: result.revision.0.cast_signed(),
    });
    ImportUsersResponse { kind: Some(kind) }
}

fn counts(counts: ImportCounts) -> user::ImportCounts {
    user::ImportCounts {
        created: counts.created.cast_signed(),
        updated: counts.updated.cast_signed(),
        unchanged: counts.unchanged.cast_signed(),
        rejected: counts.rejected.cast_signed(),
    }
}
