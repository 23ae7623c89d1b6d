//! What keeps a directory from answering.

use std::{error::Error as StdError, fmt};

/// What keeps a directory from answering, whatever it was asked.
#[derive(Debug)]
pub enum Error {
    /// More was asked at once than it takes on; nothing was done: try again a little later.
    Busy,
    /// It is going down; nothing was done.
    ShuttingDown,
    /// There is no room for it on the disk; nothing was done.
    Full,
    /// Something broke. The source is for the log, never for who asked.
    Internal(Box<dyn StdError + Send + Sync>),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Busy => "too much is asked of the directory at once",
            Self::ShuttingDown => "the directory is going down",
            Self::Full => "there is no room left for the directory to grow",
            Self::Internal(_) => "the directory is broken",
        })
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Busy | Self::ShuttingDown | Self::Full => None,
            Self::Internal(source) => Some(source.as_ref()),
        }
    }
}
