//! Lists of the users in the trash.

use frontdesk_directory::ListRange;
use frontdesk_search::{SortedIds, sort_entries};
use rusqlite::{Connection, params};

use super::{context::SearchContext, list_criteria::ListCriteria};
use crate::sqlite::row::{StoredUser, columns};

/// The number of users that are read in one transaction.
const STEP: u32 = 4_096;

/// Reads and sorts the users in the trash that a list contains: the trash is not indexed because it
/// is usually small. `None` if the caller stopped waiting.
pub(super) fn read_trash(
    context: &SearchContext<'_>,
    criteria: &ListCriteria,
    range: &ListRange,
    is_cancelled: &impl Fn() -> bool,
) -> rusqlite::Result<Option<SortedIds>> {
    let mut entries = Vec::new();
    let mut last_id = 0;
    loop {
        let users = read_after(context.db, last_id)?;
        let is_end = users.len() < STEP as usize;
        last_id = users.last().map_or(last_id, |stored| stored.user.id.get());
        for stored in users {
            if criteria.contains(&stored, context.trash_retention) {
                let id = stored.user.id.get().unsigned_abs();
                entries.push((criteria.sort_key(&stored), id));
            }
        }
        if is_end {
            break;
        }
        if is_cancelled() {
            return Ok(None);
        }
    }
    let descending = criteria
        .order_by
        .is_some_and(|order_by| order_by.descending);
    Ok(Some(sort_entries(entries, descending, range)))
}

fn read_after(db: &Connection, id: i32) -> rusqlite::Result<Vec<StoredUser>> {
    let mut next = db.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        ", name_key, email_key FROM trash WHERE id > ?1 ORDER BY id LIMIT ?2"
    ))?;
    next.query_map(params![id, STEP], StoredUser::from_row)?
        .collect()
}
