//! Many people come in batches, and what becomes of them.

use std::fmt;

use super::{IdempotencyKey, NewUser, OnExisting, Revision, UserId};

/// An import that somebody begins, or goes on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartImport {
    /// SortField which it is known when it goes on.
    pub id: IdempotencyKey,
    /// What happens to people who are there already.
    pub on_existing: OnExisting,
    /// Whether only the answers are wanted: nothing is kept.
    pub validate_only: bool,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportProgress {
    /// The sequence of the last batch that was taken; 0 where none was.
    pub last: u64,
    /// What has become of the rows of all batches up to that.
    pub counts: ImportCounts,
}

/// What has become of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportCounts {
    /// Users who were added.
    pub created: u64,
    /// Users who were there, and were changed.
    pub updated: u64,
    /// Users who were there, and stayed as they were.
    pub unchanged: u64,
    /// Rows that could not be taken.
    pub rejected: u64,
}

/// Rows that are taken together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportBatch {
    /// From 1, each one more than that of the batch before.
    pub sequence: u64,
    /// In the order in which they are taken.
    pub rows: Vec<ImportRow>,
}

/// A row: somebody, or why nobody is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRow {
    /// Where people find it.
    pub line: i64,
    /// Who is in it.
    pub person: Result<NewUser, RowError>,
}

/// A field of a row that can't be taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// Which one.
    pub field: RowField,
    /// What it had.
    pub value: String,
    /// What is wrong with that.
    pub reason: String,
}

impl RowError {
    /// Somebody of another name has the email.
    #[must_use]
    pub fn taken(email: String, by: UserId) -> Self {
        Self {
            field: RowField::Email,
            value: email,
            reason: format!("user {by} has this email and another name"),
        }
    }

    /// There is no id left for whoever is in the row.
    #[must_use]
    pub fn no_more_ids(email: String) -> Self {
        Self {
            field: RowField::Email,
            value: email,
            reason: "every id has been given: nobody new can be added".to_owned(),
        }
    }
}

/// The fields of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowField {
    /// What they are called.
    Name,
    /// Where their mail goes.
    Email,
}

impl RowField {
    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
        }
    }
}

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchResult {
    /// Which one.
    pub sequence: u64,
    /// What has become of its rows.
    pub counts: ImportCounts,
    /// The rows that could not be taken, in order: each line, and why.
    pub rejected: Vec<(i64, RowError)>,
    /// The directory's revision after it.
    pub revision: Revision,
}

/// Why an import, or a batch of it, is not taken: nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportRejection {
    /// The import was begun with another word on people who are there already.
    OtherOnExisting,
    /// The batch is neither the next one, which has this sequence, nor one that was taken.
    NotNext(u64),
    /// A batch was taken under this number that had other rows.
    OtherBatch,
}

impl fmt::Display for ImportRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherOnExisting => f.write_str("is not that with which this import was begun"),
            Self::NotNext(next) => write!(f, "must be {next}, that of the batch that comes next"),
            Self::OtherBatch => f.write_str(
                "are not those that were taken under this import_id and sequence: another import \
                 needs an import_id of its own",
            ),
        }
    }
}

impl std::error::Error for ImportRejection {}
