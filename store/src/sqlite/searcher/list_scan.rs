//! Reads a list in steps of bounded time.

use std::{mem, ops::ControlFlow};

use frontdesk_directory::{Cursor, OrderBy, User, UserId};
use frontdesk_search::{IdFilter, IdScan, remaining_matches};
use rusqlite::Connection;

use super::{context::SearchContext, exact::exact_matches, list_criteria::ListCriteria};
use crate::sqlite::{
    order_scan::{ScanPosition, scan},
    row::{StoredUser, Table, in_trash},
};

/// The number of users looked up, or index entries read, in one transaction.
const TRANSACTION: usize = 4_096;
/// The maximum number of such transactions in a step.
const TRANSACTIONS: usize = 8;

/// What is left of a list.
pub(in crate::sqlite) type Rest = Box<ListScan>;

/// What is left of a list.
#[derive(Debug)]
pub(in crate::sqlite) struct ListScan {
    pub(super) criteria: ListCriteria,
    pub(super) source: Source,
}

/// Where the users of a list come from, in its order.
#[derive(Debug)]
pub(super) enum Source {
    Ids(IdScan),
    Order(OrderScan),
}

/// A scan of the index of an order.
#[derive(Debug)]
pub(super) struct OrderScan {
    pub(super) order_by: OrderBy,
    pub(super) filter: IdFilter,
    pub(super) position: ScanPosition,
    /// The number of users that pass the filter and are still to be skipped.
    pub(super) skip: u64,
}

#[derive(Default)]
pub(super) struct Step {
    pub(super) found: Vec<StoredUser>,
    /// Whether this is the end of the list.
    pub(super) ended: bool,
}

impl Step {
    pub(super) fn into_users(self) -> Vec<User> {
        self.found.into_iter().map(|found| found.user).collect()
    }
}

impl ListScan {
    /// Reads up to `limit` further users. A step can find fewer, or none, before the end.
    pub(super) fn step(
        &mut self,
        context: &SearchContext<'_>,
        limit: usize,
    ) -> rusqlite::Result<Step> {
        let mut step = Step::default();
        for _ in 0..TRANSACTIONS {
            // In one transaction, an index and its table agree.
            let transaction = context.db.unchecked_transaction()?;
            let missing = limit - step.found.len();
            let (ids, ended) = match &mut self.source {
                Source::Ids(ids) => next_ids(ids, missing),
                Source::Order(order) => order.next_ids(context.db, missing)?,
            };
            for id in ids {
                step.found.extend(look_up(context, &self.criteria, id)?);
            }
            transaction.commit()?;
            step.ended = ended && !self.continue_after_best_matches(context)?;
            if step.ended || step.found.len() >= limit {
                break;
            }
        }
        Ok(step)
    }

    /// The position after a user of the list.
    pub(super) fn cursor_after(&self, stored: &StoredUser) -> Cursor {
        Cursor {
            key: self.criteria.sort_key(stored),
            id: stored.user.id,
        }
    }

    /// If only the best matches were known, finds the others. Returns `false` if all were known.
    ///
    /// The others are found in the current index: a slow reader that held the snapshot of its start
    /// would cost as much memory as all texts.
    fn continue_after_best_matches(
        &mut self,
        context: &SearchContext<'_>,
    ) -> rusqlite::Result<bool> {
        let Source::Ids(ids) = &mut self.source else {
            return Ok(false);
        };
        let (IdScan::BestMatches { known, .. }, Some(query)) = (&mut *ids, &self.criteria.query)
        else {
            return Ok(false);
        };
        let Ok(snapshot) = context.index.snapshot() else {
            return Ok(false);
        };
        let exact = exact_matches(context.db, query)?;
        *ids = remaining_matches(query, &exact, &mem::take(known), &snapshot);
        Ok(true)
    }
}

/// The next ids, and whether these are the last ones.
fn next_ids(ids: &mut IdScan, limit: usize) -> (Vec<u32>, bool) {
    let limit = limit.min(TRANSACTION);
    let next: Vec<u32> = ids.by_ref().take(limit).collect();
    let ended = next.len() < limit;
    (next, ended)
}

impl OrderScan {
    /// The next ids that pass the filter, and whether these are the last ones.
    fn next_ids(&mut self, db: &Connection, limit: usize) -> rusqlite::Result<(Vec<u32>, bool)> {
        let entries = match self.filter {
            IdFilter::All => limit.min(TRANSACTION),
            _ => TRANSACTION,
        };
        let mut ids = Vec::with_capacity(limit.min(entries));
        let mut read = 0;
        scan(
            db,
            self.order_by,
            &self.position.clone(),
            entries,
            |entry| {
                if ids.len() == limit {
                    return ControlFlow::Break(());
                }
                read += 1;
                if self.filter.contains(entry.id()) {
                    if self.skip == 0 {
                        ids.push(entry.id());
                    } else {
                        self.skip -= 1;
                    }
                }
                self.position = entry;
                ControlFlow::Continue(())
            },
        )?;
        let ended = read < entries && ids.len() < limit;
        Ok((ids, ended))
    }
}

/// The user with this id, if the list still contains it.
pub(super) fn look_up(
    context: &SearchContext<'_>,
    criteria: &ListCriteria,
    id: u32,
) -> rusqlite::Result<Option<StoredUser>> {
    let Some(id) = i32::try_from(id).ok().and_then(UserId::new) else {
        return Ok(None);
    };
    let stored = StoredUser::read(context.db, criteria.table(), id)?;
    let stored = stored.filter(|stored| criteria.contains(stored, context.trash_retention));
    Ok(stored.map(|stored| match criteria.table() {
        Table::Users => stored,
        Table::Trash => StoredUser {
            user: in_trash(stored.user, context.trash_retention),
            ..stored
        },
    }))
}
