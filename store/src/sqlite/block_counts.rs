//! What is counted about the users, kept in the transaction that changes them.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use frontdesk_directory::UserId;

/// How many ids a block has.
const BLOCK: i64 = 1_024;

/// What a transaction does to the counts. Nothing is counted until [`BlockCounts::write`].
#[derive(Debug, Default)]
pub(super) struct BlockCounts(BTreeMap<i64, i64>);

impl BlockCounts {
    /// The user has come.
    pub(super) fn added(&mut self, id: UserId) {
        *self.0.entry(i64::from(id.get()) / BLOCK).or_default() += 1;
    }

    /// The user has gone.
    pub(super) fn removed(&mut self, id: UserId) {
        *self.0.entry(i64::from(id.get()) / BLOCK).or_default() -= 1;
    }

    /// Writes the counts.
    pub(super) fn write(self, db: &Connection) -> rusqlite::Result<()> {
        // A block is never counted as empty: it is removed instead.
        let mut grow =
            db.prepare_cached("UPDATE blocks SET users = users + ?2 WHERE block = ?1")?;
        let mut new = db.prepare_cached("INSERT INTO blocks (block, users) VALUES (?1, ?2)")?;
        let mut empty = db.prepare_cached("DELETE FROM blocks WHERE block = ?1 AND users = -?2")?;
        for (block, users) in &self.0 {
            if *users < 0 && empty.execute(params![block, users])? == 1 {
                continue;
            }
            if *users != 0 && grow.execute(params![block, users])? == 0 {
                new.execute(params![block, users])?;
            }
        }
        let users: i64 = self.0.values().sum();
        if users != 0 {
            db.prepare_cached("UPDATE directory SET total = total + ?1")?
                .execute([users])?;
        }
        Ok(())
    }
}

/// Where the users after the first `skip` begin: an id to start behind, and how many of those
/// behind it still have to be skipped (fewer than a block has). `None` where there are none.
pub(super) fn seek(db: &Connection, skip: u64) -> rusqlite::Result<Option<(i64, u32)>> {
    let mut left = skip;
    let mut blocks = db.prepare_cached("SELECT block, users FROM blocks ORDER BY block")?;
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
