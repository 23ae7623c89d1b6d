//! How a list begins: how many are on it, and the way to them.

use frontdesk_search::IdSet;

use super::{
    super::{
        error::internal,
        list::{ListBatch, ListStart},
        row::StoredUser,
        search_index::{IndexSnapshot, number},
    },
    FIRST, Rest, SearchContext,
    criteria::Criteria,
    id_filter::IdFilter,
    list_plan::{self, ListPlan, Scan, Step},
};
use frontdesk_directory::{Cursor, Error, ListQuery, ListRange, OrderBy, Revision};

/// Begins a list; a page is read whole. `gone` says whether nobody waits for it any more.
pub(super) fn begin(
    desk: &SearchContext<'_>,
    selection: &ListQuery,
    gone: &impl Fn() -> bool,
) -> Result<ListStart<Rest>, Error> {
    // Before anything is read: what is changed from now on has a revision behind that of the list.
    let known = desk.index.snapshot()?;
    let revision = Revision(known.texts.revision());
    let criteria = Criteria::new(selection);
    // Matches have an order of their own.
    let plain = || criteria.typed.is_none().then_some(OrderBy::ID);
    let sorting = selection.order_by.or_else(plain);
    let broken = |error: rusqlite::Error| internal(&error);
    let part = whole(desk, &selection.range, sorting, &criteria).map_err(broken)?;
    let beginning = Beginning {
        desk,
        known: &known,
        criteria: &criteria,
        sorting,
        part: &part,
        gone,
    };
    let way = beginning.way().map_err(broken)?;
    let (total, walk) = way.ok_or(Error::ShuttingDown)?;
    drop(known);
    let mut course = ListPlan {
        criteria,
        sorting,
        walk,
    };
    let (step, next) = match &part {
        ListRange::All => (course.step(desk, FIRST).map_err(broken)?, None),
        ListRange::Page(page) => page_of(desk, &mut course, page.size(), gone).map_err(broken)?,
        ListRange::After(_, size) => page_of(desk, &mut course, *size, gone).map_err(broken)?,
    };
    Ok(ListStart {
        total,
        revision,
        next: next.map(|found| course.position(&found)),
        batch: ListBatch {
            rest: (!step.ended).then(|| Box::new(course)),
            users: step.users(),
        },
    })
}

/// The part of a list that is meant: where the key of its token was cut, with all of it. Of who is not
/// there any more, or has another key by now, it goes on behind what the token has.
fn whole(
    desk: &SearchContext<'_>,
    part: &ListRange,
    sorting: Option<OrderBy>,
    criteria: &Criteria,
) -> rusqlite::Result<ListRange> {
    const CUT: usize = Cursor::MAX_KEY_BYTES - 3;
    let mut part = part.clone();
    if let ListRange::After(position, _) = &mut part
        && position.key.len() >= CUT
        && let Some(found) = StoredUser::read(desk.db, criteria.place(), position.id)?
    {
        let key = list_plan::key(sorting, criteria, &found);
        if key.starts_with(&position.key) {
            position.key = key;
        }
    }
    Ok(part)
}

/// As many users as a page has, and the last of them where there is one more behind it.
fn page_of(
    desk: &SearchContext<'_>,
    course: &mut ListPlan,
    size: u32,
    gone: &impl Fn() -> bool,
) -> rusqlite::Result<(Step, Option<StoredUser>)> {
    let size = size as usize;
    let mut page = Step::default();
    while !page.ended && page.found.len() <= size && !gone() {
        let step = course.step(desk, size + 1 - page.found.len())?;
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

pub(super) struct Beginning<'a, G> {
    pub(super) desk: &'a SearchContext<'a>,
    pub(super) known: &'a IndexSnapshot,
    pub(super) criteria: &'a Criteria,
    /// Nothing for the best matches first.
    pub(super) sorting: Option<OrderBy>,
    pub(super) part: &'a ListRange,
    pub(super) gone: &'a G,
}

/// How many are on a list, and the way to them.
pub(super) type Way = (u64, Scan);

impl<G: Fn() -> bool> Beginning<'_, G> {
    /// Nothing where nobody waits for it any more.
    fn way(&self) -> rusqlite::Result<Option<Way>> {
        let filter = &self.criteria.filter;
        if filter.deleted {
            return self.in_bin();
        }
        let Some(among) = IdFilter::of(filter, self.known, self.desk.db, self.gone)? else {
            return Ok(None);
        };
        match (&self.criteria.typed, self.sorting) {
            (Some(typed), None) => self.best(typed, &among).map(Some),
            (Some(typed), Some(sorting)) => {
                let mut ids = typed
                    .needle()
                    .map_or_else(IdSet::default, |needle| self.known.texts.bits(needle));
                for exact in typed.exactly(self.desk.db)?.into_iter().flatten() {
                    ids.insert(number(exact.user.id));
                }
                among.narrow(&mut ids);
                self.sorted(sorting, IdFilter::Only(ids)).map(Some)
            }
            (None, sorting) => {
                let sorting = sorting.unwrap_or(OrderBy::ID);
                self.sorted(sorting, among).map(Some)
            }
        }
    }
}
