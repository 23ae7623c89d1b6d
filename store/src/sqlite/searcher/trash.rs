//! Those in the bin.

use rusqlite::{Connection, params};

use super::{
    super::{
        row::{StoredUser, columns},
        search_index::number,
    },
    begin::{Beginning, Way},
    list_plan,
};

/// How many people in the bin are read in one transaction.
const BIN: u32 = 4_096;

impl<G: Fn() -> bool> Beginning<'_, G> {
    /// The bin is small as a rule: all of it is read.
    pub(super) fn in_bin(&self) -> rusqlite::Result<Option<Way>> {
        let mut entries = Vec::new();
        let mut after = 0;
        loop {
            let read = bin(self.desk.db, after)?;
            let more = read.len() == BIN as usize;
            after = read.last().map_or(after, |found| found.user.id.get());
            for found in read {
                if self.criteria.admit(&found, self.desk.trash_retention) {
                    let key = list_plan::key(self.sorting, self.criteria, &found);
                    entries.push((key, number(found.user.id)));
                }
            }
            if !more {
                return Ok(Some(self.listed(entries)));
            }
            if (self.gone)() {
                return Ok(None);
            }
        }
    }
}

/// The next who are in the bin, by id.
fn bin(db: &Connection, after: i32) -> rusqlite::Result<Vec<StoredUser>> {
    let mut next = db.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        ", name_key, email_key FROM trash WHERE id > ?1 ORDER BY id LIMIT ?2"
    ))?;
    next.query_map(params![after, BIN], StoredUser::from_row)?
        .collect()
}
