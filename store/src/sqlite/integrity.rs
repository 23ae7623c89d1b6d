//! Whether a folder's directory is whole, looked at beside whoever has it open.

use std::path::Path;

use rusqlite::Connection;

use super::{FILE, metadata::Metadata, open};
use crate::failure::Failure;
use frontdesk_directory::Timestamp;

/// What a directory says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// How many users there are.
    pub users: u64,
    /// Its revision.
    pub revision: u64,
    /// When the last change was; none was before 1970.
    pub changed: Timestamp,
    /// How many bytes its users and changes take; what is free in the database does not count.
    pub bytes: u64,
}

/// Reads all of the folder's database, and what it says of itself.
///
/// # Errors
/// There is none, it can't be read, or it is not whole: says what to do.
pub fn about(data: &Path) -> Result<About, Failure> {
    let path = data.join(FILE);
    let db = open::visitor(&path)?;
    let broken = |error: &rusqlite::Error| open::refusal(&path, error);
    let verdict: String = db
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|error| broken(&error))?;
    if verdict != "ok" {
        return Err(Failure::broken(open::damage(&path, &verdict)));
    }
    let facts = Metadata::read(&db).map_err(|error| broken(&error))?;
    Ok(About {
        users: facts.total.unsigned_abs(),
        revision: facts.revision.unsigned_abs(),
        changed: facts.changed,
        bytes: bytes(&db).map_err(|error| broken(&error))?,
    })
}

fn bytes(db: &Connection) -> rusqlite::Result<u64> {
    let ask = |what| db.pragma_query_value(None, what, |row| row.get::<_, i64>(0));
    let pages = ask("page_count")? - ask("freelist_count")?;
    Ok((pages * ask("page_size")?).unsigned_abs())
}

/// The release of `SQLite` that is in this binary.
#[must_use]
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}
