//! The way through a list: what is left of it, and a step on it.

use std::{ops::ControlFlow, time::Duration, vec};

use frontdesk_search::IdSet;

use super::{
    super::{
        keys::{self, Mark},
        row::{StoredUser, Table, in_trash},
    },
    SearchContext, best,
    criteria::Criteria,
    id_filter::IdFilter,
};
use frontdesk_directory::{Cursor, OrderBy, SortField, User, UserId};

/// How many ids are looked up, or entries of an index looked at, in one transaction.
const STEP: usize = 4_096;
/// How many such transactions a step has.
const STRETCH: usize = 8;

/// What is left of a list.
#[derive(Debug)]
pub(in super::super) struct ListPlan {
    pub(super) criteria: Criteria,
    pub(super) sorting: Option<OrderBy>,
    pub(super) walk: Scan,
}

/// How the users of a list are come by, in its order.
#[derive(Debug)]
pub(super) enum Scan {
    /// They are known, all of them.
    Listed(vec::IntoIter<u32>),
    /// The best matches are known; who comes behind them is found when somebody wants them.
    Best {
        next: vec::IntoIter<u32>,
        all: Vec<u32>,
    },
    /// SortField how well they match.
    Ranked {
        ranks: Vec<IdSet>,
        rank: usize,
        from: u32,
    },
    /// SortField their ids.
    Ids {
        ids: IdSet,
        descending: bool,
        next: Option<u32>,
    },
    /// Along the index of an order.
    Keys {
        sorting: OrderBy,
        among: IdFilter,
        from: Mark,
        /// How many of them to pass over first.
        skip: u64,
    },
}

/// What a step has come by.
#[derive(Default)]
pub(super) struct Step {
    pub(super) found: Vec<StoredUser>,
    /// There is nobody behind these.
    pub(super) ended: bool,
}

impl Step {
    pub(super) fn users(self) -> Vec<User> {
        self.found.into_iter().map(|found| found.user).collect()
    }
}

impl ListPlan {
    /// At most so many users more, in a bounded time.
    pub(super) fn step(&mut self, desk: &SearchContext<'_>, most: usize) -> rusqlite::Result<Step> {
        let mut step = Step::default();
        for _ in 0..STRETCH {
            // What an index says is so in the table too.
            let reading = desk.db.unchecked_transaction()?;
            step.ended = match &mut self.walk {
                Scan::Keys { .. } => self.along_keys(desk, most, &mut step.found)?,
                _ => self.by_ids(desk, most, &mut step.found)?,
            };
            reading.commit()?;
            if step.ended && self.goes_on(desk)? {
                step.ended = false;
                continue;
            }
            if step.ended || step.found.len() >= most {
                break;
            }
        }
        Ok(step)
    }

    /// The place behind a user.
    pub(super) fn position(&self, found: &StoredUser) -> Cursor {
        Cursor {
            key: key(self.sorting, &self.criteria, found),
            id: found.user.id,
        }
    }

    /// Whether the best matches were all of them; if not, the others are found.
    fn goes_on(&mut self, desk: &SearchContext<'_>) -> rusqlite::Result<bool> {
        let (Scan::Best { all, .. }, Some(typed)) = (&self.walk, &self.criteria.typed) else {
            return Ok(false);
        };
        // In what is known by now: to keep what was known then would cost a slow reader's server
        // as much as everybody's texts. Who was there once does not come again.
        let Ok(known) = desk.index.snapshot() else {
            return Ok(false);
        };
        let mut ranks = best::ranks(typed, &known, desk.db)?;
        let had: IdSet = all.iter().copied().collect();
        for ids in &mut ranks {
            ids.without(&had);
        }
        self.walk = Scan::Ranked {
            ranks,
            rank: 0,
            from: 0,
        };
        Ok(true)
    }

    /// Looks up one after the other; whether there is nobody left.
    fn by_ids(
        &mut self,
        desk: &SearchContext<'_>,
        most: usize,
        into: &mut Vec<StoredUser>,
    ) -> rusqlite::Result<bool> {
        for _ in 0..STEP {
            if into.len() >= most {
                return Ok(false);
            }
            let Some(id) = self.walk.next_id() else {
                return Ok(true);
            };
            into.extend(look_up(desk, &self.criteria, id)?);
        }
        Ok(false)
    }

    fn along_keys(
        &mut self,
        desk: &SearchContext<'_>,
        most: usize,
        into: &mut Vec<StoredUser>,
    ) -> rusqlite::Result<bool> {
        let Scan::Keys {
            sorting,
            among,
            from,
            skip,
        } = &mut self.walk
        else {
            return Ok(true);
        };
        let wanted = most - into.len();
        // Where everybody is on the list there is nothing to look for.
        let entries = match among {
            IdFilter::All => wanted.min(STEP),
            _ => STEP,
        };
        let mut ids = Vec::with_capacity(wanted.min(entries));
        let mut seen = 0;
        keys::walk(desk.db, *sorting, &from.clone(), entries, |entry| {
            if ids.len() == wanted {
                return ControlFlow::Break(());
            }
            seen += 1;
            if among.contains(entry.id()) {
                if *skip == 0 {
                    ids.push(entry.id());
                } else {
                    *skip -= 1;
                }
            }
            *from = entry;
            ControlFlow::Continue(())
        })?;
        let ended = seen < entries && ids.len() < wanted;
        for id in ids {
            into.extend(look_up(desk, &self.criteria, id)?);
        }
        Ok(ended)
    }
}

impl Scan {
    fn next_id(&mut self) -> Option<u32> {
        match self {
            Self::Listed(next) | Self::Best { next, .. } => next.next(),
            Self::Ranked { ranks, rank, from } => loop {
                if let Some(id) = ranks.get(*rank)?.first_from(*from) {
                    *from = id.saturating_add(1);
                    return Some(id);
                }
                (*rank, *from) = (*rank + 1, 0);
            },
            Self::Ids {
                ids,
                descending,
                next,
            } => {
                let id = if *descending {
                    ids.last_to((*next)?)
                } else {
                    ids.first_from((*next)?)
                }?;
                *next = if *descending {
                    id.checked_sub(1)
                } else {
                    id.checked_add(1)
                };
                Some(id)
            }
            Self::Keys { .. } => None,
        }
    }
}

/// SortField what a user is ordered, as bytes that sort as the list does.
pub(super) fn key(
    sorting: Option<OrderBy>,
    criteria: &Criteria,
    StoredUser { user, keys }: &StoredUser,
) -> Vec<u8> {
    match sorting.map(|sorting| sorting.field) {
        Some(SortField::Id) => Vec::new(),
        Some(SortField::Name) => keys.name.as_bytes().to_vec(),
        Some(SortField::Email) => keys.email.as_bytes().to_vec(),
        Some(SortField::UpdateTime) => keys.revision.to_be_bytes().to_vec(),
        None => {
            let typed = criteria.typed.as_ref();
            let rank = typed.and_then(|typed| typed.rank(user.id, keys));
            rank.into_iter().collect()
        }
    }
}

/// The user with this id, if they are on the list still.
pub(super) fn look_up(
    desk: &SearchContext<'_>,
    criteria: &Criteria,
    id: u32,
) -> rusqlite::Result<Option<StoredUser>> {
    let Some(id) = i32::try_from(id).ok().and_then(UserId::new) else {
        return Ok(None);
    };
    let found = StoredUser::read(desk.db, criteria.place(), id)?;
    let found = found.filter(|found| criteria.admit(found, desk.trash_retention));
    Ok(found.map(|found| as_told(found, criteria.place(), desk.trash_retention)))
}

fn as_told(found: StoredUser, place: Table, keep: Duration) -> StoredUser {
    match place {
        Table::Users => found,
        Table::Trash => StoredUser {
            user: in_trash(found.user, keep),
            ..found
        },
    }
}
