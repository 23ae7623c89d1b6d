//! What keeps a directory from answering.

use std::{error::Error as StdError, fmt};

use super::Revision;

/// What keeps a directory from answering, whatever it was asked.
#[derive(Debug)]
pub enum Error {
    /// More was asked at once than it takes on; nothing was done: try again a little later.
    Busy,
    /// It is going down; what was to be changed may have been.
    ShuttingDown,
    /// The caller's deadline had passed before the command was executed; nothing was done.
    DeadlineExceeded,
    /// There is no room for it on the disk; nothing was done.
    Full,
    /// The record does not reach back to what was asked for: this is the oldest revision on it.
    TooFarBack {
        /// The oldest revision on record.
        oldest: Revision,
    },
    /// It has never got as far as what was asked for: it was put back to an older state.
    NotThatFar {
        /// How far it is.
        newest: Revision,
        /// The oldest revision on record.
        oldest: Revision,
    },
    /// Something broke. The source is for the log, never for who asked.
    Internal(Box<dyn StdError + Send + Sync>),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("too much is asked of the directory at once"),
            Self::ShuttingDown => f.write_str("the directory is going down"),
            Self::DeadlineExceeded => {
                f.write_str("the deadline passed before the command was executed")
            }
            Self::Full => f.write_str("there is no room left for the directory to grow"),
            Self::TooFarBack { oldest } => write!(
                f,
                "the oldest change on record is {oldest}: list again, and watch from that list's revision"
            ),
            Self::NotThatFar { newest, .. } => write!(
                f,
                "the newest change is {newest}: list again, and watch from that list's revision"
            ),
            Self::Internal(_) => f.write_str("the directory is broken"),
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
