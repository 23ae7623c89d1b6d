//! Reading everybody out, beside whoever serves them.

use std::{io, path::Path};

use rusqlite::{Connection, params};

use super::{FILE, error::explain, open};
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
    let mut after = 0;
    loop {
        match batch(&db, &mut after, &mut take) {
            Ok(Ok(BATCH)) => {}
            Ok(Ok(_)) => return Ok(Ok(())),
            Ok(Err(error)) => return Ok(Err(error)),
            Err(error) => {
                let path = path.display();
                return Err(Failure::broken(format!(
                    "--data: {path}: {}",
                    explain(&error)
                )));
            }
        }
    }
}

/// Whether [`export`] finds a directory in the folder.
///
/// # Errors
/// There is none, or it can't be read.
pub fn check(data: &Path) -> Result<(), Failure> {
    open::visitor(&data.join(FILE)).map(drop)
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
