//! How a list begins: how many are on it, and the way to them.

use frontdesk_index::{Bits, Rank};
use rusqlite::{Connection, params};

use super::{
    super::{
        error::internal,
        finding::{Known, number},
        keys::{self, Mark},
        row::{Found, columns},
        tally,
    },
    Batch, Begun, Desk, FIRST,
    among::Among,
    course::{self, Course, Step, Walk, look_up},
    typed::{Criteria, Typed},
};
use crate::directory::{By, Error, PageToken, Part, Revision, Selection, Sorting};

/// So few are looked up and sorted; more are come by along the index of their order.
const FEW: u64 = 2_048;
/// So many of the best matches are kept while the others are counted; for more, all are.
const SOON: usize = 1_001;
/// How many people in the bin are read in one transaction.
const BIN: u32 = 4_096;

/// Begins a list; a page is read whole. `gone` says whether nobody waits for it any more.
pub(super) fn begin(
    desk: &Desk<'_>,
    selection: Selection,
    gone: &impl Fn() -> bool,
) -> Result<Begun, Error> {
    // Before anything is read: what is changed from now on has a revision behind that of the list.
    let known = desk.live.finding.snapshot()?;
    let revision = Revision(known.texts.revision());
    let criteria = Criteria::new(&selection);
    // Matches have an order of their own.
    let plain = || criteria.typed.is_none().then_some(Sorting::PLAIN);
    let sorting = selection.sorting.or_else(plain);
    let beginning = Beginning {
        desk,
        known: &known,
        criteria: &criteria,
        sorting,
        part: &selection.part,
        gone,
    };
    let broken = |error: rusqlite::Error| internal(&error);
    let way = beginning.way().map_err(broken)?;
    let (total, walk) = way.ok_or(Error::ShuttingDown)?;
    drop(known);
    let mut course = Course {
        criteria,
        sorting,
        walk,
    };
    let (step, next) = match &selection.part {
        Part::Everybody => (course.step(desk, FIRST).map_err(broken)?, None),
        Part::Page(page) => page_of(desk, &mut course, page.size(), gone).map_err(broken)?,
        Part::After(_, size) => page_of(desk, &mut course, *size, gone).map_err(broken)?,
    };
    Ok(Begun {
        total,
        revision,
        next: next.map(|found| PageToken::new(&selection, &course.position(&found))),
        batch: Batch {
            rest: (!step.ended).then(|| Box::new(course)),
            users: step.users(),
        },
    })
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

struct Beginning<'a, G> {
    desk: &'a Desk<'a>,
    known: &'a Known,
    criteria: &'a Criteria,
    /// Nothing for the best matches first.
    sorting: Option<Sorting>,
    part: &'a Part,
    gone: &'a G,
}

/// How many are on a list, and the way to them.
type Way = (u64, Walk);

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
                    .needle
                    .as_ref()
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

    /// The best matches first.
    fn best(&self, typed: &Typed, among: &Among) -> rusqlite::Result<Way> {
        if let (Among::Everybody, Some(keep)) = (among, self.soon()) {
            return self.first(typed, keep);
        }
        let mut ranks = ranks(typed, self.known, self.desk.db)?;
        ranks.iter_mut().for_each(|ids| among.narrow(ids));
        let total = ranks.iter().map(Bits::len).sum();
        let (mut rank, mut from) = (0, 0);
        match self.part {
            Part::Everybody => {}
            Part::Page(page) => {
                let mut skip = page.skipped();
                while let Some(ids) = ranks.get(rank)
                    && ids.len() <= skip
                {
                    skip -= ids.len();
                    rank += 1;
                }
                from = ranks.get(rank).and_then(|ids| ids.nth(skip)).unwrap_or(0);
            }
            Part::After(position, _) => {
                rank = position.key.first().copied().unwrap_or(0).into();
                from = number(position.id) + 1;
            }
        }
        Ok((total, Walk::Ranked { ranks, rank, from }))
    }

    /// How many of the best matches are enough, where that is few.
    fn soon(&self) -> Option<usize> {
        match self.part {
            Part::Everybody => Some(FIRST),
            Part::Page(page) => {
                let until = page.skipped() + u64::from(page.size()) + 1;
                usize::try_from(until).ok().filter(|until| *until <= SOON)
            }
            Part::After(..) => None,
        }
    }

    /// The best matches, as many as are soon wanted, and how many there are in all.
    fn first(&self, typed: &Typed, keep: usize) -> rusqlite::Result<Way> {
        let found = typed
            .needle
            .as_ref()
            .map(|needle| self.known.texts.find(needle, keep));
        let found = found.unwrap_or_default();
        let mut total = found.total();
        let mut all = Vec::new();
        for exact in typed.exactly(self.desk.db)?.into_iter().flatten() {
            all.push(number(exact.user.id));
            // Whose id was typed need not have it in a text.
            total += u64::from(typed.rank_of_text(&exact.keys).is_none());
        }
        let exact = all.clone();
        for rank in Rank::ALL {
            let ids = &found.ids[rank.index()];
            all.extend(ids.iter().filter(|id| !exact.contains(id)));
            // Where not all of a rank were kept, those of the next come later.
            if found.counts[rank.index()] > ids.len() as u64 {
                break;
            }
        }
        let skip = match self.part {
            Part::Page(page) => usize::try_from(page.skipped()).unwrap_or(usize::MAX),
            _ => 0,
        };
        let next: Vec<_> = all.iter().copied().skip(skip).collect();
        let next = next.into_iter();
        let walk = if all.len() as u64 == total {
            Walk::Listed(next)
        } else {
            Walk::Best { next, all }
        };
        Ok((total, walk))
    }

    fn sorted(&self, sorting: Sorting, among: Among) -> rusqlite::Result<Way> {
        let total = among.count(self.known.total());
        match among {
            Among::Only(ids) if sorting.by == By::Id => Ok((total, self.by_id(sorting, ids))),
            Among::Only(ids) if total <= FEW => {
                // In one transaction: to begin one costs as much as to look somebody up.
                let reading = self.desk.db.unchecked_transaction()?;
                let mut entries = Vec::new();
                let mut from = Some(0);
                while let Some(id) = from.and_then(|from| ids.first_from(from)) {
                    if let Some(found) = look_up(self.desk, self.criteria, id)? {
                        entries.push((course::key(Some(sorting), self.criteria, &found), id));
                    }
                    from = id.checked_add(1);
                }
                reading.commit()?;
                Ok(self.listed(entries))
            }
            among => Ok((total, self.along_keys(sorting, among, total)?)),
        }
    }

    fn by_id(&self, sorting: Sorting, ids: Bits) -> Walk {
        let descending = sorting.descending;
        let next = match self.part {
            Part::Everybody if descending => Some(u32::MAX),
            Part::Everybody => Some(0),
            Part::Page(page) => {
                let skip = page.skipped();
                let before = if descending {
                    ids.len().checked_sub(skip + 1)
                } else {
                    Some(skip)
                };
                before.and_then(|before| ids.nth(before))
            }
            Part::After(position, _) if descending => number(position.id).checked_sub(1),
            Part::After(position, _) => number(position.id).checked_add(1),
        };
        Walk::Ids {
            ids,
            descending,
            next,
        }
    }

    fn along_keys(&self, sorting: Sorting, among: Among, total: u64) -> rusqlite::Result<Walk> {
        let mut skip = 0;
        let from = match (self.part, &among) {
            (Part::Everybody, _) => Some(Mark::beginning(sorting)),
            (Part::After(position, _), _) => Some(Mark::behind(sorting.by, position)),
            (Part::Page(page), Among::Everybody) => self.entry(sorting, page.skipped(), total)?,
            (Part::Page(page), _) => {
                skip = page.skipped();
                Some(Mark::beginning(sorting))
            }
        };
        Ok(match from {
            None => Walk::Listed(Vec::new().into_iter()),
            Some(from) => Walk::Keys {
                sorting,
                among,
                from,
                skip,
            },
        })
    }

    /// Before the entry of an order that has so many before it, of `total`; by the counts.
    fn entry(&self, sorting: Sorting, skip: u64, total: u64) -> rusqlite::Result<Option<Mark>> {
        let Some(behind) = total.checked_sub(skip + 1) else {
            return Ok(None);
        };
        let (db, by) = (self.desk.db, sorting.by);
        let before = if sorting.descending { behind } else { skip };
        let near = match self.known.order(by) {
            Some(order) => order
                .seek(before)
                .map(|near| (Mark::before(by, (near.key, near.id)), near.rest)),
            None => tally::seek(db, before)?.map(|(after, rest)| (Mark::behind_id(after), rest)),
        };
        let Some((near, rest)) = near else {
            return Ok(None);
        };
        let entry = keys::nth(db, by, &near, rest)?;
        Ok(entry.map(|entry| entry.including(sorting)))
    }

    /// The bin is small as a rule: all of it is read.
    fn in_bin(&self) -> rusqlite::Result<Option<Way>> {
        let mut entries = Vec::new();
        let mut after = 0;
        loop {
            let read = bin(self.desk.db, after)?;
            let more = read.len() == BIN as usize;
            after = read.last().map_or(after, |found| found.user.id.get());
            for found in read {
                if self.criteria.admit(&found, self.desk.keep) {
                    let key = course::key(self.sorting, self.criteria, &found);
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

    /// A list whose keys and ids are known.
    fn listed(&self, mut entries: Vec<(Vec<u8>, u32)>) -> Way {
        let descending = self.sorting.is_some_and(|sorting| sorting.descending);
        entries.sort_unstable();
        if descending {
            entries.reverse();
        }
        let skip = match self.part {
            Part::Everybody => 0,
            Part::Page(page) => usize::try_from(page.skipped()).unwrap_or(usize::MAX),
            Part::After(position, _) => {
                let last = (position.key.clone(), number(position.id));
                entries.partition_point(|entry| *entry == last || (*entry < last) != descending)
            }
        };
        let total = entries.len() as u64;
        let ids: Vec<_> = entries.into_iter().skip(skip).map(|(_, id)| id).collect();
        (total, Walk::Listed(ids.into_iter()))
    }
}

/// Who matches, by how well they do.
pub(super) fn ranks(typed: &Typed, known: &Known, db: &Connection) -> rusqlite::Result<Vec<Bits>> {
    let texts = typed
        .needle
        .as_ref()
        .map(|needle| known.texts.ranked(needle));
    let texts = texts.unwrap_or_default();
    let exact = typed.exactly(db)?;
    let exact = exact.map(|found| found.map(|found| number(found.user.id)));
    let exact = exact.map(|id| id.into_iter().collect::<Bits>());
    let mut ranks: Vec<_> = exact.clone().into_iter().chain(texts).collect();
    for ids in &mut ranks[exact.len()..] {
        exact.iter().for_each(|exact| ids.without(exact));
    }
    Ok(ranks)
}

/// The next who are in the bin, by id.
fn bin(db: &Connection, after: i32) -> rusqlite::Result<Vec<Found>> {
    let mut next = db.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        ", name_key, email_key FROM bin WHERE id > ?1 ORDER BY id LIMIT ?2"
    ))?;
    next.query_map(params![after, BIN], Found::from_row)?
        .collect()
}
