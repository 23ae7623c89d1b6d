//! Starts a list: planned by `frontdesk_search`, then read up to the end of its page or of its first
//! batch.

use frontdesk_directory::{Cursor, Error, ListQuery, ListRange};
use frontdesk_search::{
    FIRST_BATCH, IdFilter, IdScan, ListRequest, Plan, Snapshot, SortedIds, Start, TableScan, plan,
};

use super::{
    context::SearchContext,
    exact::exact_matches,
    list_criteria::ListCriteria,
    list_scan::{ListScan, OrderScan, Rest, Source, Step},
    sorting::{are_within, sort_users},
    trash::read_trash,
    update_time::updated_since,
};
use crate::sqlite::{
    block_counts,
    error::read_error,
    list::{ListBatch, ListStart},
    order_scan::{ScanPosition, nth_entry},
    row::StoredUser,
};

/// The number of users on a list, and where they come from.
type CountedSource = (u64, Source);

/// Starts a list. A page is read completely. `is_cancelled` returns whether the caller has stopped
/// waiting.
pub(super) fn start_list(
    context: &SearchContext<'_>,
    list: &ListQuery,
    is_cancelled: &impl Fn() -> bool,
) -> Result<ListStart<Rest>, Error> {
    // Read before any row: every later change has a revision after that of the list.
    let snapshot = context.index.snapshot()?;
    let revision = snapshot.revision();
    let criteria = ListCriteria::new(list);
    let failed = |error: rusqlite::Error| read_error(&error);
    let range = complete_cursor(context, &list.range, &criteria).map_err(failed)?;
    let sourced = source(context, &snapshot, &criteria, &range, is_cancelled);
    drop(snapshot);
    let (total, source) = sourced.map_err(failed)?.ok_or(Error::ShuttingDown)?;
    let mut scan = ListScan { criteria, source };
    let (step, next) = match &range {
        ListRange::All => (scan.step(context, FIRST_BATCH).map_err(failed)?, None),
        ListRange::Page(page) => {
            read_page(context, &mut scan, page.size(), is_cancelled).map_err(failed)?
        }
        ListRange::After(_, size) => {
            read_page(context, &mut scan, *size, is_cancelled).map_err(failed)?
        }
    };
    Ok(ListStart {
        total,
        revision,
        next: next.map(|last| scan.cursor_after(&last)),
        batch: ListBatch {
            rest: (!step.ended).then(|| Box::new(scan)),
            users: step.into_users(),
        },
    })
}

/// Completes the key of a cursor that a caller cut, see [`Cursor::MAX_KEY_BYTES`]. If the user no
/// longer exists or now has another key, the list continues after the cut key.
fn complete_cursor(
    context: &SearchContext<'_>,
    range: &ListRange,
    criteria: &ListCriteria,
) -> rusqlite::Result<ListRange> {
    const MIN_CUT: usize = Cursor::MAX_KEY_BYTES - 3;
    let mut range = range.clone();
    if let ListRange::After(cursor, _) = &mut range
        && cursor.key.len() >= MIN_CUT
        && let Some(stored) = StoredUser::read(context.db, criteria.table(), cursor.id)?
    {
        let key = criteria.sort_key(&stored);
        if key.starts_with(&cursor.key) {
            cursor.key = key;
        }
    }
    Ok(range)
}

/// Plans a list and finds the source of its users; `None` if the caller stopped waiting.
fn source(
    context: &SearchContext<'_>,
    snapshot: &Snapshot,
    criteria: &ListCriteria,
    range: &ListRange,
    is_cancelled: &impl Fn() -> bool,
) -> rusqlite::Result<Option<CountedSource>> {
    let filter = &criteria.filter;
    if filter.deleted {
        let trash = read_trash(context, criteria, range, is_cancelled)?;
        return Ok(trash.map(sorted));
    }
    let updated = match filter.min_update_time {
        None => None,
        Some(time) => match updated_since(context.db, time, is_cancelled)? {
            None => return Ok(None),
            updated => updated,
        },
    };
    let exact = match &criteria.query {
        Some(query) => exact_matches(context.db, query)?,
        None => Vec::new(),
    };
    let request = ListRequest {
        query: criteria.query.as_ref(),
        exact: &exact,
        order_by: criteria.order_by,
        filter: IdFilter::new(filter.sample_filter, snapshot.samples(), updated),
        range,
    };
    Ok(Some(match plan(request, snapshot) {
        Plan::LookUp { total, ids } => (total, Source::Ids(ids)),
        Plan::Sort(ids) => sorted(sort_users(context, criteria, &ids, range)?),
        Plan::Scan(scan) => order_scan(context, scan)?,
        Plan::ScanOrSort {
            scan,
            ids,
            wanted,
            probed,
        } => {
            let position = scan_position(context, &scan)?;
            if let Some(position) = position
                && are_within(context.db, &scan, &position, wanted, probed)?
            {
                order_scan(context, scan)?
            } else {
                sorted(sort_users(context, criteria, &ids, range)?)
            }
        }
    }))
}

fn sorted(sorted: SortedIds) -> CountedSource {
    (sorted.total, Source::Ids(sorted.ids))
}

fn order_scan(context: &SearchContext<'_>, scan: TableScan) -> rusqlite::Result<CountedSource> {
    let source = match scan_position(context, &scan)? {
        None => Source::Ids(IdScan::empty()),
        Some(position) => Source::Order(OrderScan {
            order_by: scan.order_by,
            position,
            skip: match scan.start {
                Start::First { skip } => skip,
                _ => 0,
            },
            filter: scan.filter,
        }),
    };
    Ok((scan.total, source))
}

/// The position at which a scan starts; `None` if the entry that it starts with no longer
/// exists.
fn scan_position(
    context: &SearchContext<'_>,
    scan: &TableScan,
) -> rusqlite::Result<Option<ScanPosition>> {
    let field = scan.order_by.field;
    let (from, skip) = match &scan.start {
        Start::First { .. } => return Ok(Some(ScanPosition::first(scan.order_by))),
        Start::After(cursor) => return Ok(Some(ScanPosition::after(field, cursor))),
        Start::Entry { key, id, skip } => (ScanPosition::before(field, key, *id), *skip),
        Start::NthId(before) => match block_counts::seek(context.db, *before)? {
            Some((after, skip)) => (ScanPosition::after_id(after), skip),
            None => return Ok(None),
        },
    };
    let entry = nth_entry(context.db, field, &from, skip)?;
    Ok(entry.map(|entry| entry.including(scan.order_by)))
}

/// Reads a page, and its last user if there are more users after it.
fn read_page(
    context: &SearchContext<'_>,
    scan: &mut ListScan,
    size: u32,
    is_cancelled: &impl Fn() -> bool,
) -> rusqlite::Result<(Step, Option<StoredUser>)> {
    let size = size as usize;
    let mut page = Step::default();
    while !page.ended && page.found.len() <= size && !is_cancelled() {
        // One more than the page has, to detect whether it is the last one.
        let step = scan.step(context, size + 1 - page.found.len())?;
        page.found.extend(step.found);
        page.ended = step.ended;
    }
    page.ended = true;
    if page.found.len() <= size {
        return Ok((page, None));
    }
    page.found.truncate(size);
    let last = page.found.last().cloned();
    Ok((page, last))
}
