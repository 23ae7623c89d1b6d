//! What is counted about the users, kept in the transaction that changes them.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

/// How many ids a block has.
const BLOCK: i64 = 1_024;

/// What one piece of work does to the counts. Nothing is counted until [`Tally::write`].
#[derive(Debug, Default)]
pub(super) struct Tally {
    blocks: BTreeMap<i64, i64>,
    changes: i64,
    last: i64,
}

impl Tally {
    /// The user `id` has come.
    pub(super) fn added(&mut self, id: i64) {
        *self.blocks.entry(id / BLOCK).or_default() += 1;
        self.changes += 1;
        self.last = self.last.max(id);
    }

    /// `users` users have left `block`.
    fn removed(&mut self, block: i64, users: i64) {
        *self.blocks.entry(block).or_default() -= users;
        self.changes += users;
    }

    /// Counts all users that are marked as samples as gone; to be called before they are.
    pub(super) fn samples_removed(db: &Connection) -> rusqlite::Result<Self> {
        let mut tally = Self::default();
        let mut samples = db.prepare_cached(
            "SELECT id / ?1, count(*) FROM users WHERE sample = 1 GROUP BY id / ?1",
        )?;
        let mut rows = samples.query([BLOCK])?;
        while let Some(row) = rows.next()? {
            tally.removed(row.get(0)?, row.get(1)?);
        }
        Ok(tally)
    }

    /// Writes the counts. Every change is a revision of its own.
    pub(super) fn write(self, db: &Connection) -> rusqlite::Result<()> {
        if self.changes == 0 {
            return Ok(());
        }
        // A block is never counted as empty: it is removed instead.
        let mut grow =
            db.prepare_cached("UPDATE blocks SET users = users + ?2 WHERE block = ?1")?;
        let mut new = db.prepare_cached("INSERT INTO blocks (block, users) VALUES (?1, ?2)")?;
        let mut empty = db.prepare_cached("DELETE FROM blocks WHERE block = ?1 AND users = -?2")?;
        for (block, users) in &self.blocks {
            if *users < 0 && empty.execute(params![block, users])? == 1 {
                continue;
            }
            if *users != 0 && grow.execute(params![block, users])? == 0 {
                new.execute(params![block, users])?;
            }
        }
        let users: i64 = self.blocks.values().sum();
        db.prepare_cached(
            "UPDATE directory SET total = total + ?1, revision = revision + ?2, \
             last_id = max(last_id, ?3)",
        )?
        .execute(params![users, self.changes, self.last])?;
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
