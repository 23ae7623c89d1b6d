//! What an error of `SQLite` means.

use std::path::Path;

use frontdesk_directory::Error;
use rusqlite::{ErrorCode, ffi};

use crate::error::{Damage, OpenError, StoreError, StoreErrorKind};

impl StoreError {
    pub(super) fn of(error: &rusqlite::Error) -> Self {
        let kind = match error.sqlite_error_code() {
            _ if is_full(error) => StoreErrorKind::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreErrorKind::Damaged,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreErrorKind::NotWritable,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreErrorKind::Locked,
            Some(ErrorCode::SystemIoFailure) => StoreErrorKind::Io,
            _ => StoreErrorKind::Other,
        };
        Self {
            kind,
            message: error.to_string(),
        }
    }

    pub(super) fn other(message: String) -> Self {
        let kind = StoreErrorKind::Other;
        Self { kind, message }
    }
}

/// Whether the disk is full, or the database has reached its size limit.
pub(super) fn is_full(error: &rusqlite::Error) -> bool {
    // SQLite reports a full disk with another code when the WAL's index has to grow.
    let index = |error: &ffi::Error| error.extended_code == ffi::SQLITE_IOERR_SHMSIZE;
    error.sqlite_error_code() == Some(ErrorCode::DiskFull)
        || error.sqlite_error().is_some_and(index)
}

/// A failed read, for the port.
pub(super) fn read_error(error: &rusqlite::Error) -> Error {
    Error::Internal(Box::new(StoreError::of(error)))
}

/// A failed write, for the port. By reference: one failed commit is the response to many requests.
pub(super) fn write_error(error: &rusqlite::Error) -> Error {
    if is_full(error) {
        Error::StorageFull
    } else {
        read_error(error)
    }
}

/// A database that cannot be opened or read.
pub(super) fn open_error(path: &Path, error: &rusqlite::Error) -> OpenError {
    let path = path.to_owned();
    let source = StoreError::of(error);
    let is_input = matches!(error, rusqlite::Error::SqlInputError { .. });
    if source.kind == StoreErrorKind::Damaged || is_input {
        let damage = Damage::Sqlite(source);
        OpenError::Damaged { path, damage }
    } else {
        OpenError::Database { path, source }
    }
}

/// The table `users` has fewer rows than were counted.
pub(super) fn missing_users(count: i64) -> rusqlite::Error {
    corrupt(format!("{count} users are missing from the table"))
}

/// The change log has a gap.
pub(super) fn missing_revision(revision: u64) -> rusqlite::Error {
    corrupt(format!(
        "revision {revision} is missing from the change log"
    ))
}

fn corrupt(message: String) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_CORRUPT), Some(message))
}
