//! What `SQLite`'s errors mean to who keeps a directory.

use std::fmt;

use rusqlite::{ErrorCode, ffi};

use frontdesk_directory::Error;

/// An error of `SQLite` in words for the log, with what to do about it where that is known.
#[derive(Debug)]
struct Broken(String);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Broken {}

/// The directory's error for an error of `SQLite` when something was to be written. SortField reference:
/// one failed commit answers many.
pub(super) fn failed(error: &rusqlite::Error) -> Error {
    if is_full(error) {
        Error::StorageFull
    } else {
        internal(error)
    }
}

/// Whether there was no room on the disk, or in what the database may take of it.
pub(super) fn is_full(error: &rusqlite::Error) -> bool {
    // No room for the WAL's index: other than for the WAL and the database, this is its own error.
    let index = |error: &ffi::Error| error.extended_code == ffi::SQLITE_IOERR_SHMSIZE;
    error.sqlite_error_code() == Some(ErrorCode::DiskFull)
        || error.sqlite_error().is_some_and(index)
}

/// The directory's error for an error of `SQLite`.
pub(super) fn internal(error: &rusqlite::Error) -> Error {
    Error::Internal(Box::new(Broken(explain(error))))
}

/// Says in words what an error of `SQLite` means.
pub(super) fn explain(error: &rusqlite::Error) -> String {
    let advice = match error.sqlite_error_code() {
        _ if is_full(error) => {
            "the disk is full, or the database as large as --max-database-mib allows"
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            "the database is damaged; stop Frontdesk, move the whole folder away, and put a backup \
             into a new one"
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => "the database can't be written",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program holds the database"
        }
        Some(ErrorCode::SystemIoFailure) => "the disk can't be read or written",
        _ => "the database failed",
    };
    format!("{advice} (SQLite: {error})")
}

/// The error of a table that has so many users fewer than were counted.
pub(super) fn short(left: i64) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(
        ffi::Error::new(ffi::SQLITE_CORRUPT),
        Some(format!("the table of users ends {left} early")),
    )
}

/// The error of a record that has no such change, though it should.
pub(super) fn gap(revision: i64) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(
        ffi::Error::new(ffi::SQLITE_CORRUPT),
        Some(format!("the record of changes has no revision {revision}")),
    )
}

/// Whether the file itself is at fault: damaged, or no database at all.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
    )
}
