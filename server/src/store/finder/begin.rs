//! How a list begins: how many are on it, and the way to them.

use frontdesk_index::Bits;

use super::{
    super::{
        error::internal,
        finding::{Known, number},
        row::Found,
    },
    Batch, Begun, Desk, FIRST,
    among::Among,
    course::{self, Course, Step, Walk},
    typed::Criteria,
};
use crate::directory::{Error, PageToken, Part, Revision, Selection, Sorting};

/// Begins a list; a page is read whole. `gone` says whether nobody waits for it any more.
pub(super) fn begin(
    desk: &Desk<'_>,
    selection: &Selection,
    gone: &impl Fn() -> bool,
) -> Result<Begun, Error> {
    // Before anything is read: what is changed from now on has a revision behind that of the list.
    let known = desk.live.finding.snapshot()?;
    let revision = Revision(known.texts.revision());
    let criteria = Criteria::new(selection);
    // Matches have an order of their own.
    let plain = || criteria.typed.is_none().then_some(Sorting::PLAIN);
    let sorting = selection.sorting.or_else(plain);
    let broken = |error: rusqlite::Error| internal(&error);
    let part = whole(desk, &selection.part, sorting, &criteria).map_err(broken)?;
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
    let mut course = Course {
        criteria,
        sorting,
        walk,
    };
    let (step, next) = match &part {
        Part::Everybody => (course.step(desk, FIRST).map_err(broken)?, None),
        Part::Page(page) => page_of(desk, &mut course, page.size(), gone).map_err(broken)?,
        Part::After(_, size) => page_of(desk, &mut course, *size, gone).map_err(broken)?,
    };
    Ok(Begun {
        total,
        revision,
        next: next.map(|found| PageToken::new(selection, &course.position(&found))),
        batch: Batch {
            rest: (!step.ended).then(|| Box::new(course)),
            users: step.users(),
        },
    })
}

/// The part of a list that is meant: where the key of its token was cut, with all of it. Of who is not
/// there any more, or has another key by now, it goes on behind what the token has.
fn whole(
    desk: &Desk<'_>,
    part: &Part,
    sorting: Option<Sorting>,
    criteria: &Criteria,
) -> rusqlite::Result<Part> {
    const CUT: usize = PageToken::LONGEST_KEY - 3;
    let mut part = part.clone();
    if let Part::After(position, _) = &mut part
        && position.key.len() >= CUT
        && let Some(found) = Found::read(desk.db, criteria.place(), position.id)?
    {
        let key = course::key(sorting, criteria, &found);
        if key.starts_with(&position.key) {
            position.key = key;
        }
    }
    Ok(part)
}

/// As many users as a page has, and the last of them where there is one more behind it.
fn page_of(
    desk: &Desk<'_>,
    course: &mut Course,
    size: u32,
    gone: &impl Fn() -> bool,
) -> rusqlite::Result<(Step, Option<Found>)> {
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
    pub(super) desk: &'a Desk<'a>,
    pub(super) known: &'a Known,
    pub(super) criteria: &'a Criteria,
    /// Nothing for the best matches first.
    pub(super) sorting: Option<Sorting>,
    pub(super) part: &'a Part,
    pub(super) gone: &'a G,
}

/// How many are on a list, and the way to them.
pub(super) type Way = (u64, Walk);

impl<G: Fn() -> bool> Beginning<'_, G> {
    /// Nothing where nobody waits for it any more.
    fn way(&self) -> rusqlite::Result<Option<Way>> {
        let filter = &self.criteria.filter;
        if filter.in_bin {
            return self.in_bin();
        }
        let Some(among) = Among::of(filter, self.known, self.desk.db, self.gone)? else {
            return Ok(None);
        };
        match (&self.criteria.typed, self.sorting) {
            (Some(typed), None) => self.best(typed, &among).map(Some),
            (Some(typed), Some(sorting)) => {
                let mut ids = typed
                    .needle()
                    .map_or_else(Bits::default, |needle| self.known.texts.bits(needle));
                for exact in typed.exactly(self.desk.db)?.into_iter().flatten() {
                    ids.insert(number(exact.user.id));
                }
                among.narrow(&mut ids);
                self.sorted(sorting, Among::Only(ids)).map(Some)
            }
            (None, sorting) => {
                let sorting = sorting.unwrap_or(Sorting::PLAIN);
                self.sorted(sorting, among).map(Some)
            }
        }
    }
}
