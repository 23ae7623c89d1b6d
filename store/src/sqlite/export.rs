//! Reads all users, also while another process has the directory open.

use std::{io, path::Path};

use rusqlite::{Connection, params};

use super::{
    FILE,
    error::{missing_users, open_error},
    metadata::Metadata,
    open,
};
use crate::error::OpenError;

/// The number of rows that are read in one transaction: a long one would keep the WAL from being
/// truncated.
const BATCH: u32 = 10_000;

/// Passes the name and email of every user to `write`, by id, until `write` fails.
///
/// # Errors
/// There is no directory, or it cannot be read; within that, the error of `write`.
pub fn export(
    folder: &Path,
    mut write: impl FnMut(&str, &str) -> io::Result<()>,
) -> Result<io::Result<()>, OpenError> {
    let path = folder.join(FILE);
    let db = open::inspected_reader(&path)?;
    read_all(&db, &mut write).map_err(|error| open_error(&path, &error))
}

/// Checks that [`export`] would find a directory in the folder.
///
/// # Errors
/// There is none, or it cannot be read.
pub fn check_readable(folder: &Path) -> Result<(), OpenError> {
    open::inspected_reader(&folder.join(FILE)).map(drop)
}

fn read_all(
    db: &Connection,
    write: &mut impl FnMut(&str, &str) -> io::Result<()>,
) -> rusqlite::Result<io::Result<()>> {
    let before = Metadata::read(db)?;
    let (mut after, mut read) = (0, 0);
    loop {
        match read_batch(db, &mut after, write)? {
            Ok(users) => {
                read += i64::from(users);
                if users < BATCH {
                    break;
                }
            }
            Err(error) => return Ok(Err(error)),
        }
    }
    // A damaged table may end early without an error from SQLite. If it was changed since, the count
    // proves nothing.
    if read < before.total && Metadata::read(db)? == before {
        return Err(missing_users(before.total - read));
    }
    Ok(Ok(()))
}

fn read_batch(
    db: &Connection,
    after: &mut i64,
    write: &mut impl FnMut(&str, &str) -> io::Result<()>,
) -> rusqlite::Result<io::Result<u32>> {
    let mut next =
        db.prepare_cached("SELECT id, name, email FROM users WHERE id > ?1 ORDER BY id LIMIT ?2")?;
    let mut rows = next.query(params![*after, BATCH])?;
    let mut read = 0;
    while let Some(row) = rows.next()? {
        *after = row.get(0)?;
        if let Err(error) = write(row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?) {
            return Ok(Err(error));
        }
        read += 1;
    }
    Ok(Ok(read))
}
