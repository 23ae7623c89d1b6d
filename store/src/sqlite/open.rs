//! Opening the database: inspected first, and changed only if it is ours and intact.

use std::{fs::File, path::Path, sync::Arc};

use rusqlite::{Connection, OpenFlags};

use super::{
    connect::{connect, connect_read_only},
    error::open_error,
    initialize::initialize,
    inspect::{State, inspect},
    schema,
};
use crate::error::{OpenError, StoreError};

/// Older versions can corrupt a WAL database.
const MIN_SQLITE: (i32, &str) = (3_051_003, "3.51.3");
/// Page cache of the writer. The operating system caches the file's pages, too: with sixteen times as
/// much, an import of a million users was no faster.
const WRITER_CACHE_KIB: i32 = 4 * 1_024;
/// Page cache of the writer while it reads whole tables once.
const SCAN_CACHE_KIB: i32 = 2 * 1_024;
/// Page cache of all readers together.
const READERS_CACHE_KIB: usize = 16 * 1_024;
/// A commit that makes the WAL longer than this many pages (of 4 KiB) copies it back into the
/// database, as far as the checkpointer has not.
const CHECKPOINT_PAGES: i32 = 16_000;

/// Opens the database for its one writer: creates and initializes it if there is none, and migrates
/// an older schema. Then it may grow up to `max_bytes`.
pub(super) fn writer(path: &Path, max_bytes: Option<u64>) -> Result<Connection, OpenError> {
    let (required, name) = MIN_SQLITE;
    if rusqlite::version_number() < required {
        return Err(OpenError::SqliteTooOld {
            version: rusqlite::version(),
            required: name,
        });
    }
    let state = inspect(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let open = || {
        let db = connect(path, flags)?;
        let is_read_only = db.is_readonly("main")?;
        Ok((db, is_read_only))
    };
    let (mut db, is_read_only) = open().map_err(|error| open_error(path, &error))?;
    if is_read_only {
        let path = path.to_owned();
        return Err(OpenError::NotWritable { path });
    }
    configure_writer(&db).map_err(|error| open_error(path, &error))?;
    if state != State::Current {
        schema::migrate(&mut db).map_err(|error| OpenError::Migration {
            path: path.to_owned(),
            source: migration_error(&error),
        })?;
    }
    initialize(&db)
        .and_then(|()| max_bytes.map_or(Ok(()), |bytes| limit_size(&db, bytes)))
        .map_err(|error| open_error(path, &error))?;
    Ok(db)
}

fn migration_error(error: &rusqlite_migration::Error) -> StoreError {
    match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => StoreError::of(err),
        other => StoreError::other(other.to_string()),
    }
}

fn configure_writer(db: &Connection) -> rusqlite::Result<()> {
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)
}

/// Keeps the database from growing beyond this size, or beyond its current one. Freed pages are used
/// again.
fn limit_size(db: &Connection, bytes: u64) -> rusqlite::Result<()> {
    let page: i64 = db.pragma_query_value(None, "page_size", |row| row.get(0))?;
    let pages = i64::try_from(bytes).unwrap_or(i64::MAX) / page;
    let limit: i64 = db.pragma_update_and_check(None, "max_page_count", pages, |row| row.get(0))?;
    if limit > pages {
        tracing::warn!(
            bytes = limit * page,
            max_bytes = bytes,
            "the database is larger than its limit, and will not grow"
        );
    }
    Ok(())
}

/// Reads whole tables over the writer's connection without filling its cache.
pub(super) fn with_small_cache<T>(
    db: &Connection,
    read: impl FnOnce() -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    db.pragma_update(None, "cache_size", -SCAN_CACHE_KIB)?;
    let read = read();
    db.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    read
}

/// Opens the existing database as a file, to sync it.
pub(super) fn file(path: &Path) -> Result<Arc<File>, OpenError> {
    let file = File::open(path).map(Arc::new);
    file.map_err(|source| OpenError::NotReadable {
        path: path.to_owned(),
        source,
    })
}

/// Opens the existing database for the checkpointer.
pub(super) fn checkpointer(path: &Path) -> Result<Connection, OpenError> {
    let open = || {
        let db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        db.pragma_update(None, "synchronous", "FULL")?;
        Ok(db)
    };
    open().map_err(|error| open_error(path, &error))
}

/// Opens the existing database for one of `readers` readers.
pub(super) fn reader(path: &Path, readers: usize) -> Result<Connection, OpenError> {
    let open = || {
        let db = connect_read_only(path)?;
        let cache = i32::try_from(READERS_CACHE_KIB / readers.max(1)).unwrap_or(i32::MAX);
        db.pragma_update(None, "cache_size", -cache)?;
        Ok(db)
    };
    open().map_err(|error| open_error(path, &error))
}

/// Opens a database that another process may have open, for reading only.
pub(super) fn inspected_reader(path: &Path) -> Result<Connection, OpenError> {
    let path_buf = || path.to_owned();
    match inspect(path)? {
        State::Missing => Err(OpenError::NoDirectory {
            path: path_buf(),
            is_empty: path.exists(),
        }),
        State::Older => Err(OpenError::OlderSchema { path: path_buf() }),
        State::Current => reader(path, 1),
    }
}
