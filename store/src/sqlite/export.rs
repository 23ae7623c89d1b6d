//! Reading everybody out, beside whoever serves them.

use std::{fs, io, path::Path};

use rusqlite::{Connection, params};

use super::{
    FILE,
    error::{explain, short},
    open,
};
use crate::failure::Failure;

/// How many rows are read in one transaction: a long one would keep the WAL from shrinking.
const BATCH: u32 = 10_000;

/// Hands the name and email of everybody in the folder's directory to `take`, in the order of the
/// ids, until `take` fails. Whoever else has the directory open goes on undisturbed.
///
/// # Errors
/// There is no directory or it can't be read; within that, what `take` failed with.
pub fn export(
    data: &Path,
    mut take: impl FnMut(&str, &str) -> io::Result<()>,
) -> Result<io::Result<()>, Failure> {
    let path = data.join(FILE);
    let db = open::visitor(&path)?;
    everybody(&db, &mut take).map_err(|error| {
        let path = path.display();
        Failure::broken(format!("--data: {path}: {}", explain(&error)))
    })
}

fn everybody(
    db: &Connection,
    take: &mut impl FnMut(&str, &str) -> io::Result<()>,
) -> rusqlite::Result<io::Result<()>> {
    let counted = counted(db)?;
    let (mut after, mut read) = (0, 0);
    loop {
        match batch(db, &mut after, take)? {
            Ok(users) => {
                read += i64::from(users);
                if users < BATCH {
                    break;
                }
            }
            Err(error) => return Ok(Err(error)),
        }
    }
    // A damaged table may end early without a word of SQLite's. Where somebody has changed it since,
    // the count says nothing.
    let (total, _) = counted;
    if read < total && self::counted(db)? == counted {
        return Err(short(total - read));
    }
    Ok(Ok(()))
}

/// How many users there are, and at which revision.
fn counted(db: &Connection) -> rusqlite::Result<(i64, i64)> {
    db.query_row("SELECT total, revision FROM directory", [], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

/// Whether [`export`] finds a directory in the folder.
///
/// # Errors
/// There is none, or it can't be read.
pub fn check(data: &Path) -> Result<(), Failure> {
    open::visitor(&data.join(FILE)).map(drop)
}

/// Whether the folder has a directory in it, be it sound or not; an empty file is none.
#[must_use]
pub fn is_there(data: &Path) -> bool {
    fs::symlink_metadata(data.join(FILE)).is_ok_and(|file| !file.is_file() || file.len() > 0)
}

/// Whether a directory would be lost with this file: a database, or what lies beside one.
///
/// # Errors
/// The file can't be read.
pub fn is_a_directorys(file: &Path) -> io::Result<bool> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    // The lock and the WAL.
    let beside = name.starts_with("frontdesk.") && file.with_file_name(FILE).exists();
    Ok(beside || open::beginning(file)? == open::MAGIC)
}

fn batch(
    db: &Connection,
    after: &mut i64,
    take: &mut impl FnMut(&str, &str) -> io::Result<()>,
) -> rusqlite::Result<io::Result<u32>> {
    let mut next =
        db.prepare_cached("SELECT id, name, email FROM users WHERE id > ?1 ORDER BY id LIMIT ?2")?;
    let mut rows = next.query(params![*after, BATCH])?;
    let mut read = 0;
    while let Some(row) = rows.next()? {
        *after = row.get(0)?;
        if let Err(error) = take(row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?) {
            return Ok(Err(error));
        }
        read += 1;
    }
    Ok(Ok(read))
}
