//! Lists that are looked up and sorted in memory, and when scanning an index is better.

use std::ops::ControlFlow;

use frontdesk_directory::ListRange;
use frontdesk_search::{RoaringBitmap, SortedIds, TableScan, sort_entries};
use rusqlite::Connection;

use super::{context::SearchContext, list_criteria::ListCriteria, list_scan::look_up};
use crate::sqlite::order_scan::{ScanPosition, scan};

/// Looks up and sorts these users.
pub(super) fn sort_users(
    context: &SearchContext<'_>,
    criteria: &ListCriteria,
    ids: &RoaringBitmap,
    range: &ListRange,
) -> rusqlite::Result<SortedIds> {
    // One transaction: starting one costs as much as looking up a user.
    let transaction = context.db.unchecked_transaction()?;
    let mut entries = Vec::new();
    for id in ids {
        if let Some(stored) = look_up(context, criteria, id)? {
            entries.push((criteria.sort_key(&stored), id));
        }
    }
    transaction.commit()?;
    let descending = criteria
        .order_by
        .is_some_and(|order_by| order_by.descending);
    Ok(sort_entries(entries, descending, range))
}

/// Whether `wanted` users that pass the filter of a scan are among the first `probed` entries.
pub(super) fn are_within(
    db: &Connection,
    table_scan: &TableScan,
    from: &ScanPosition,
    wanted: u64,
    probed: usize,
) -> rusqlite::Result<bool> {
    let mut missing = wanted;
    scan(db, table_scan.order_by, from, probed, |entry| {
        missing = missing.saturating_sub(table_scan.filter.contains(entry.id()).into());
        if missing == 0 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    Ok(missing == 0)
}
