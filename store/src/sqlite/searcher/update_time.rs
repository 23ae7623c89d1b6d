//! The filter by update time.

use std::ops::ControlFlow;

use frontdesk_directory::{OrderBy, SortField, Timestamp};
use frontdesk_search::RoaringBitmap;
use rusqlite::{Connection, OptionalExtension as _};

use crate::sqlite::{
    metadata::Metadata,
    order_scan::{ScanPosition, scan},
};

const ASCENDING: OrderBy = OrderBy {
    field: SortField::UpdateTime,
    descending: false,
};
/// The number of index entries that are read in one transaction.
const STEP: usize = 8_192;

/// The users outside of the trash that were changed at this time or later; `None` if the caller
/// stopped waiting.
pub(super) fn updated_since(
    db: &Connection,
    time: Timestamp,
    is_cancelled: &impl Fn() -> bool,
) -> rusqlite::Result<Option<RoaringBitmap>> {
    let first = first_revision_since(db, time)?;
    let mut position = ScanPosition::before(SortField::UpdateTime, &first.to_be_bytes(), 0);
    let mut ids = RoaringBitmap::new();
    loop {
        let mut read = 0;
        scan(db, ASCENDING, &position.clone(), STEP, |entry| {
            read += 1;
            ids.insert(entry.id());
            position = entry;
            ControlFlow::Continue(())
        })?;
        if read < STEP {
            return Ok(Some(ids));
        }
        if is_cancelled() {
            return Ok(None);
        }
    }
}

/// The revision from which on all users were changed at this time or later. A binary search: update
/// times never decrease with the revision.
fn first_revision_since(db: &Connection, time: Timestamp) -> rusqlite::Result<i64> {
    let mut next = db.prepare_cached(
        "SELECT update_time FROM users WHERE revision >= ?1 ORDER BY revision LIMIT 1",
    )?;
    let (mut low, mut high) = (0, Metadata::read(db)?.revision + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let found = next.query_row([middle], |row| row.get(0)).optional()?;
        if found.is_none_or(|found: i64| found >= time.0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}
