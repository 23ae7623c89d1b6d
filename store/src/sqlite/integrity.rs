//! Checks a whole database, also while another process has it open.

use std::path::Path;

use frontdesk_directory::Timestamp;
use rusqlite::Connection;

use super::{FILE, error::open_error, metadata::Metadata, open};
use crate::error::{Damage, OpenError};

/// What an intact database contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatabaseInfo {
    /// The number of users.
    pub users: u64,
    /// The revision of the last change.
    pub revision: u64,
    /// The time of the last change; 1970 if there was none.
    pub last_change: Timestamp,
    /// The number of bytes in use, without free pages.
    pub bytes: u64,
}

/// Reads the whole database in the folder.
///
/// # Errors
/// There is none, it cannot be read, or it is damaged.
pub fn check_integrity(folder: &Path) -> Result<DatabaseInfo, OpenError> {
    let path = folder.join(FILE);
    let db = open::inspected_reader(&path)?;
    let check = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
    let finding: String = check.map_err(|error| open_error(&path, &error))?;
    if finding != "ok" {
        let damage = Damage::Integrity(finding);
        return Err(OpenError::Damaged { path, damage });
    }
    let read = || Ok((Metadata::read(&db)?, used_bytes(&db)?));
    let (metadata, bytes) = read().map_err(|error| open_error(&path, &error))?;
    Ok(DatabaseInfo {
        users: metadata.total.unsigned_abs(),
        revision: metadata.revision.unsigned_abs(),
        last_change: metadata.update_time,
        bytes,
    })
}

fn used_bytes(db: &Connection) -> rusqlite::Result<u64> {
    let pragma = |name| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let pages = pragma("page_count")? - pragma("freelist_count")?;
    Ok((pages * pragma("page_size")?).unsigned_abs())
}

/// The version of `SQLite` in this binary.
#[must_use]
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}
