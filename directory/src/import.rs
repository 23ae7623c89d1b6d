//! Imports: many users, sent in numbered batches, and the results.

use std::fmt;

use crate::{IdempotencyKey, NewUser, OnExisting, Revision, UserId};

/// Starts an import, or resumes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartImport {
    /// Identifies the import when it is resumed.
    pub id: IdempotencyKey,
    /// What to do with rows whose email address a user already has.
    pub on_existing: OnExisting,
    /// Computes the results without storing anything.
    pub validate_only: bool,
}

/// The progress of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportProgress {
    /// The sequence number of the last batch that was written; 0 if none was.
    pub last_sequence: u64,
    /// The totals of all batches up to that one.
    pub counts: ImportCounts,
}

/// The number of rows with each result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportCounts {
    /// Users that were created.
    pub created: u64,
    /// Existing users that were updated.
    pub updated: u64,
    /// Existing users that were left unchanged.
    pub unchanged: u64,
    /// Rows that were rejected.
    pub rejected: u64,
}

/// Rows that are written in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportBatch {
    /// 1 for the first batch, incremented by one for each further batch.
    pub sequence: u64,
    /// The rows in the order in which they are applied, at most [`ImportBatch::MAX_ROWS`].
    pub rows: Vec<ImportRow>,
}

impl ImportBatch {
    /// The maximum number of rows in a batch: bounds the time of a transaction. Services check it.
    pub const MAX_ROWS: usize = 1_000;
}

/// A row of an import: a user to create, or why the row is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRow {
    /// The row's position in the caller's data, for example a line number. Returned with a rejected
    /// row.
    pub line: i64,
    /// The user; or the first invalid field.
    pub user: Result<NewUser, RowError>,
}

/// Why a row was rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The field.
    pub field: RowField,
    /// The field's value; services may shorten it.
    pub value: String,
    /// What is wrong with the value.
    pub reason: RowErrorReason,
}

/// What is wrong with a field of a row. The `Display` text is written for users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowErrorReason {
    /// The value is invalid; the text describes why, as [`NameError`](crate::NameError) and
    /// [`EmailError`](crate::EmailError) do. A store that stores results as text returns every
    /// reason of an earlier result like this.
    Invalid(String),
    /// This user has the email address and another name.
    EmailTaken(UserId),
    /// The row would create a user, and every id has been assigned.
    IdsExhausted,
}

impl fmt::Display for RowErrorReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(description) => f.write_str(description),
            Self::EmailTaken(user) => {
                write!(f, "user {user} has this email address and another name")
            }
            Self::IdsExhausted => {
                f.write_str("every user id has been assigned: no user can be created")
            }
        }
    }
}

/// The fields of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowField {
    /// The name.
    Name,
    /// The email address.
    Email,
}

impl RowField {
    /// The field's name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
        }
    }
}

/// The result of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchResult {
    /// The batch's sequence number.
    pub sequence: u64,
    /// The number of rows with each result.
    pub counts: ImportCounts,
    /// The line of each rejected row and why it was rejected, in the order of the rows.
    pub rejected: Vec<(i64, RowError)>,
    /// The revision of the directory after the batch.
    pub revision: Revision,
}

/// Why an import, or a batch of it, was rejected. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportRejection {
    /// The import was started with another [`OnExisting`].
    OnExistingMismatch,
    /// The batch has neither the next sequence number, which is this one, nor that of a batch that
    /// was written before.
    UnexpectedSequence(u64),
    /// A batch with this sequence number was written before, with other rows.
    BatchMismatch,
}

impl fmt::Display for ImportRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnExistingMismatch => {
                f.write_str("differs from the value that the import was started with")
            }
            Self::UnexpectedSequence(next) => {
                write!(f, "must be {next}, the sequence of the next batch")
            }
            Self::BatchMismatch => f.write_str(
                "differ from the rows that were written with this import_id and sequence: use a new \
                 import_id for a different import",
            ),
        }
    }
}

impl std::error::Error for ImportRejection {}
