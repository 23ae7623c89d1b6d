//! The number of users in each block of 1024 ids: finds a page by its number without reading the
//! pages before it.

use std::collections::BTreeMap;

use frontdesk_directory::UserId;
use rusqlite::{Connection, params};

const BLOCK: i64 = 1_024;

/// The differences that a transaction makes to the counts.
#[derive(Debug, Default)]
pub(super) struct BlockCounts(BTreeMap<i64, i64>);

impl BlockCounts {
    pub(super) fn add(&mut self, id: UserId) {
        *self.0.entry(i64::from(id.get()) / BLOCK).or_default() += 1;
    }

    pub(super) fn remove(&mut self, id: UserId) {
        *self.0.entry(i64::from(id.get()) / BLOCK).or_default() -= 1;
    }

    /// Writes the counts; returns by how much the total changes.
    pub(super) fn write(self, db: &Connection) -> rusqlite::Result<i64> {
        // A block without users has no row.
        let mut update =
            db.prepare_cached("UPDATE block_counts SET users = users + ?2 WHERE block = ?1")?;
        let mut insert =
            db.prepare_cached("INSERT INTO block_counts (block, users) VALUES (?1, ?2)")?;
        let mut delete =
            db.prepare_cached("DELETE FROM block_counts WHERE block = ?1 AND users = -?2")?;
        for (block, users) in &self.0 {
            if *users < 0 && delete.execute(params![block, users])? == 1 {
                continue;
            }
            if *users != 0 && update.execute(params![block, users])? == 0 {
                insert.execute(params![block, users])?;
            }
        }
        Ok(self.0.values().sum())
    }
}

/// Where the users after the first `offset` begin: after this id, skipping this number of users
/// (fewer than in a block). `None` if there are none.
pub(super) fn seek(db: &Connection, offset: u64) -> rusqlite::Result<Option<(i64, u32)>> {
    let mut left = offset;
    let mut blocks = db.prepare_cached("SELECT block, users FROM block_counts ORDER BY block")?;
    let mut rows = blocks.query([])?;
    while let Some(row) = rows.next()? {
        let (block, users): (i64, u32) = (row.get(0)?, row.get(1)?);
        match u32::try_from(left) {
            Ok(left) if left < users => return Ok(Some((block * BLOCK - 1, left))),
            _ => left -= u64::from(users),
        }
    }
    Ok(None)
}
