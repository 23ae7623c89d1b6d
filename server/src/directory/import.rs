//! Many people come in batches, and what becomes of them.

use std::{fmt, future::Future, pin::Pin};

use super::{EditId, Error, NewUser, OnExisting, Revision, UserId};

/// An import that somebody begins, or goes on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BeginImport {
    /// By which it is known when it goes on.
    pub id: EditId,
    /// What happens to people who are there already.
    pub on_existing: OnExisting,
    /// Whether only the answers are wanted: nothing is kept.
    pub dry_run: bool,
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
    pub changed: u64,
    /// Users who were there, and stayed as they were.
    pub unchanged: u64,
    /// Rows that could not be taken.
    pub refused: u64,
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
    pub person: Result<NewUser, BadField>,
}

/// A field of a row that can't be taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadField {
    /// Which one.
    pub field: RowField,
    /// What it had.
    pub value: String,
    /// What is wrong with that.
    pub reason: String,
}

impl BadField {
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
pub struct ImportedBatch {
    /// Which one.
    pub sequence: u64,
    /// What has become of its rows.
    pub counts: ImportCounts,
    /// The rows that could not be taken, in order: each line, and why.
    pub refused: Vec<(i64, BadField)>,
    /// The directory's revision after it.
    pub revision: Revision,
}

/// Why an import, or a batch of it, is not taken: nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportRefused {
    /// The import was begun with another word on people who are there already.
    OtherOnExisting,
    /// The batch is neither the next one, which has this sequence, nor one that was taken.
    NotNext(u64),
    /// A batch was taken under this number that had other rows.
    OtherBatch,
}

impl fmt::Display for ImportRefused {
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

impl std::error::Error for ImportRefused {}

/// What comes of a batch, when it is on disk.
pub type Imported = Result<Result<ImportedBatch, ImportRefused>, Error>;

/// Resolves when a batch is on disk. It may be taken even where nobody waits for this any more.
pub type Importing = Pin<Box<dyn Future<Output = Imported> + Send>>;

/// An import that is under way.
pub trait Import: Send + 'static {
    /// Gives it the next batch, as soon as there is room for it; the batches are taken in the order
    /// in which they were given. One that was taken before is answered as it was then.
    fn take(&mut self, batch: ImportBatch)
    -> impl Future<Output = Result<Importing, Error>> + Send;
}
