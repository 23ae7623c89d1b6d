//! Inspects a data directory without changing a byte of it.

use std::{
    fs::{self, File},
    io::{self, Read},
    ops::Range,
    path::{Path, PathBuf},
};

use rusqlite::Connection;

use super::{FILE, connect::connect_read_only, error::open_error, schema};
use crate::error::{Damage, OpenError};

/// The first bytes of every `SQLite` database.
const MAGIC: &[u8] = b"SQLite format 3\0";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// There is no database, or an empty file.
    Missing,
    /// Its schema has to be migrated.
    Older,
    Current,
}

/// Inspects the database at `path`.
pub(super) fn inspect(path: &Path) -> Result<State, OpenError> {
    if !has_magic(path)? || was_empty(path) {
        let log = sibling(path, "-wal");
        if !path.exists() && fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
            let path = path.to_owned();
            return Err(OpenError::DatabaseMissing { path, log });
        }
        return Ok(State::Missing);
    }
    let db = connect_read_only(path).map_err(|error| open_error(path, &error))?;
    let header = Header::read(&db).map_err(|error| open_error(path, &error))?;
    match header {
        // Killed before the first transaction of the first start.
        Header {
            application: 0,
            version: 0,
            tables: 0,
        } => Ok(State::Missing),
        Header { application, .. } if application != schema::APPLICATION_ID => {
            let path = path.to_owned();
            Err(OpenError::ForeignDatabase { path })
        }
        Header { version, .. } if version > schema::VERSION => Err(OpenError::NewerSchema {
            path: path.to_owned(),
            version,
            supported: schema::VERSION,
        }),
        Header { version, .. } if version < schema::VERSION => Ok(State::Older),
        _ => match is_consistent(&db) {
            Ok(true) => Ok(State::Current),
            Ok(false) => Err(OpenError::Damaged {
                path: path.to_owned(),
                damage: Damage::Counts,
            }),
            Err(error) => Err(open_error(path, &error)),
        },
    }
}

struct Header {
    application: i32,
    version: i32,
    tables: u32,
}

impl Header {
    fn read(db: &Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            application: db.pragma_query_value(None, "application_id", |row| row.get(0))?,
            version: db.pragma_query_value(None, "user_version", |row| row.get(0))?,
            tables: db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?,
        })
    }
}

/// Checks in a few milliseconds, whatever the size: the tables exist, can be read at both ends, and
/// agree on the number of users. `SQLite`'s own checks read the whole file.
fn is_consistent(db: &Connection) -> rusqlite::Result<bool> {
    let agree: Option<bool> = db.query_row(
        "SELECT (SELECT total FROM directory) = (SELECT coalesce(sum(users), 0) FROM block_counts) \
         AND (SELECT count(*) FROM (SELECT name, email, email_key, sample FROM users \
              WHERE id IN ((SELECT min(id) FROM users), (SELECT max(id) FROM users)))) >= 0",
        [],
        |row| row.get(0),
    )?;
    Ok(agree.unwrap_or(false))
}

/// A file that `SQLite` stores next to a database.
fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Whether the first start was killed while it switched an empty file to WAL, which writes the first
/// page: according to the journal, there were no pages before. A reader cannot roll that page back;
/// the writer does.
///
/// A file with more pages was not left by such a start, but is a backup that was restored since. The
/// journal would empty it, so it is not rolled back.
fn was_empty(path: &Path) -> bool {
    /// The first bytes of a journal that is to be rolled back, and where it has the number of pages.
    const JOURNAL: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
    const PAGES: Range<usize> = 16..20;
    const PAGE: u64 = 4_096;
    let mut header = [0; PAGES.end];
    let read =
        File::open(sibling(path, "-journal")).and_then(|mut file| file.read_exact(&mut header));
    read.is_ok()
        && header.starts_with(&JOURNAL)
        && header[PAGES] == [0; 4]
        && fs::metadata(path).is_ok_and(|file| file.len() <= PAGE)
}

/// The first bytes of a file, as many as [`MAGIC`] has.
fn first_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(MAGIC.len());
    let mut file = File::open(path)?.take(MAGIC.len() as u64);
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether there is a database; `false` for a missing or empty file.
fn has_magic(path: &Path) -> Result<bool, OpenError> {
    let path_buf = || path.to_owned();
    // Opening a pipe would block until it has a writer.
    if fs::metadata(path).is_ok_and(|file| !file.is_file()) {
        return Err(OpenError::NotAFile { path: path_buf() });
    }
    match first_bytes(path) {
        Ok(bytes) if bytes.is_empty() => Ok(false),
        Ok(bytes) if bytes == MAGIC => Ok(true),
        Ok(_) => Err(OpenError::Damaged {
            path: path_buf(),
            damage: Damage::Header,
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(OpenError::NotReadable {
            path: path_buf(),
            source,
        }),
    }
}

/// Whether the folder has a database, intact or not; an empty file is none.
#[must_use]
pub fn has_database(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join(FILE)).is_ok_and(|file| !file.is_file() || file.len() > 0)
}

/// Whether overwriting this file would destroy a directory: a database, or a file that belongs to
/// one.
///
/// # Errors
/// The file cannot be read.
pub fn is_database_file(file: &Path) -> io::Result<bool> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    // The lock and the WAL.
    let is_sibling = name.starts_with("frontdesk.") && file.with_file_name(FILE).exists();
    Ok(is_sibling || first_bytes(file)? == MAGIC)
}
