//! Which users are let through, as sets of ids.

use std::ops::ControlFlow;

use frontdesk_search::IdSet;
use rusqlite::{Connection, OptionalExtension as _};

use super::super::{
    keys::{self, Mark},
    metadata::Metadata,
    search_index::IndexSnapshot,
};
use frontdesk_directory::{Filter, OrderBy, SampleFilter, SortField, Timestamp};

/// How many entries of an index are read in one transaction.
const STEP: usize = 8_192;

/// Who may be on a list.
#[derive(Clone, Debug)]
pub(super) enum IdFilter {
    All,
    Only(IdSet),
    AllBut(IdSet),
}

impl IdFilter {
    /// Who passes a filter; that they are in the bin is not seen to here. `None` where that is no
    /// longer wanted.
    pub(super) fn of(
        filter: &Filter,
        known: &IndexSnapshot,
        db: &Connection,
        gone: &impl Fn() -> bool,
    ) -> rusqlite::Result<Option<Self>> {
        let changed = match filter.min_update_time {
            None => None,
            Some(moment) => match changed_since(db, moment, gone)? {
                None => return Ok(None),
                changed => changed,
            },
        };
        let samples = || known.samples.clone();
        let samples = match filter.sample_filter {
            SampleFilter::Include => Self::All,
            SampleFilter::Only => Self::Only(samples()),
            SampleFilter::Exclude => Self::AllBut(samples()),
        };
        Ok(Some(match changed {
            None => samples,
            Some(mut changed) => {
                samples.narrow(&mut changed);
                Self::Only(changed)
            }
        }))
    }

    /// Leaves those of a set who may be on the list.
    pub(super) fn narrow(&self, set: &mut IdSet) {
        match self {
            Self::All => {}
            Self::Only(ids) => set.keep(ids),
            Self::AllBut(ids) => set.without(ids),
        }
    }

    pub(super) fn contains(&self, id: u32) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => ids.contains(id),
            Self::AllBut(ids) => !ids.contains(id),
        }
    }

    /// How many that are, of so many in all.
    pub(super) fn count(&self, total: u64) -> u64 {
        match self {
            Self::All => total,
            Self::Only(ids) => ids.len(),
            Self::AllBut(ids) => total.saturating_sub(ids.len()),
        }
    }
}

/// Who was changed then or later.
fn changed_since(
    db: &Connection,
    moment: Timestamp,
    gone: &impl Fn() -> bool,
) -> rusqlite::Result<Option<IdSet>> {
    const UPWARDS: OrderBy = OrderBy {
        field: SortField::UpdateTime,
        descending: false,
    };
    let first = first_since(db, moment)?;
    let mut from = Mark::before(SortField::UpdateTime, (&first.to_be_bytes(), 0));
    let mut ids = Vec::new();
    loop {
        let before = ids.len();
        keys::walk(db, UPWARDS, &from.clone(), STEP, |entry| {
            ids.push(entry.id());
            from = entry;
            ControlFlow::Continue(())
        })?;
        if ids.len() - before < STEP {
            return Ok(Some(ids.into_iter().collect()));
        }
        if gone() {
            return Ok(None);
        }
    }
}

/// The revision from which on all users were changed then or later: no change is older than the one
/// before it.
fn first_since(db: &Connection, moment: Timestamp) -> rusqlite::Result<i64> {
    let mut changed = db.prepare_cached(
        "SELECT update_time FROM users WHERE revision >= ?1 ORDER BY revision LIMIT 1",
    )?;
    let (mut low, mut high) = (0, Metadata::read(db)?.revision + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let at = changed.query_row([middle], |row| row.get(0)).optional()?;
        if at.is_none_or(|at: i64| at >= moment.0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}
