//! Why a call to a directory failed.

use std::{error::Error as StdError, fmt};

use crate::Revision;

/// Why a call to a directory failed. A rejected command or import is not an error: see
/// [`Rejection`](crate::Rejection).
#[derive(Debug)]
pub enum Error {
    /// Too many calls are queued. Nothing was changed; the call can be retried shortly.
    Busy,
    /// The directory is shutting down. A command may or may not have been executed.
    ShuttingDown,
    /// The caller's deadline passed before the command was executed. Nothing was changed.
    DeadlineExceeded,
    /// The disk or the database is full. Nothing was changed; reads still work.
    StorageFull,
    /// The change log no longer contains the requested revision.
    RevisionTooOld {
        /// The oldest revision in the change log.
        oldest: Revision,
    },
    /// The directory has not reached the requested revision: it was restored from a backup.
    RevisionTooNew {
        /// The newest revision.
        newest: Revision,
        /// The oldest revision in the change log.
        oldest: Revision,
    },
    /// An internal error. The source is for the log, never for the caller.
    Internal(Box<dyn StdError + Send + Sync>),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("the directory is overloaded"),
            Self::ShuttingDown => f.write_str("the directory is shutting down"),
            Self::DeadlineExceeded => {
                f.write_str("the deadline passed before the command was executed")
            }
            Self::StorageFull => f.write_str("the directory's storage is full"),
            Self::RevisionTooOld { oldest } => write!(
                f,
                "the oldest change in the log has revision {oldest}: list the users again, then \
                 watch from the revision of that list"
            ),
            Self::RevisionTooNew { newest, .. } => write!(
                f,
                "the newest change has revision {newest}: list the users again, then watch from the \
                 revision of that list"
            ),
            Self::Internal(_) => f.write_str("internal directory error"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Internal(source) => Some(source.as_ref()),
            _ => None,
        }
    }
}
