//! The best matches first.

use std::thread;

use frontdesk_directory::text::{Rank, SearchTerm};
use frontdesk_search::{Found, IdSet};
use rusqlite::Connection;

use super::{
    super::search_index::{IndexSnapshot, number},
    FIRST,
    begin::{Beginning, Way},
    criteria::QueryMatcher,
    id_filter::IdFilter,
    list_plan::Scan,
};
use frontdesk_directory::ListRange;

/// So many of the best matches are kept while the others are counted; for more, all are.
const SOON: usize = 1_001;
/// From so many users on two threads search faster than one. Tests have fewer, and want both.
const MANY: u64 = if cfg!(test) { 1_000 } else { 50_000 };

impl<G: Fn() -> bool> Beginning<'_, G> {
    /// The best matches first.
    pub(super) fn best(&self, typed: &QueryMatcher, among: &IdFilter) -> rusqlite::Result<Way> {
        if let (IdFilter::All, Some(keep)) = (among, self.soon()) {
            return self.first(typed, keep);
        }
        let mut ranks = ranks(typed, self.known, self.desk.db)?;
        for ids in &mut ranks {
            among.narrow(ids);
        }
        let total = ranks.iter().map(IdSet::len).sum();
        let (mut rank, mut from) = (0, 0);
        match self.part {
            ListRange::All => {}
            ListRange::Page(page) => {
                let mut skip = page.offset();
                while let Some(ids) = ranks.get(rank)
                    && ids.len() <= skip
                {
                    skip -= ids.len();
                    rank += 1;
                }
                from = ranks.get(rank).and_then(|ids| ids.nth(skip)).unwrap_or(0);
            }
            ListRange::After(position, _) => {
                rank = position.key.first().copied().unwrap_or(0).into();
                from = number(position.id) + 1;
            }
        }
        Ok((total, Scan::Ranked { ranks, rank, from }))
    }

    /// How many of the best matches are enough, where that is few.
    fn soon(&self) -> Option<usize> {
        match self.part {
            ListRange::All => Some(FIRST),
            ListRange::Page(page) => {
                let until = page.offset() + u64::from(page.size()) + 1;
                usize::try_from(until).ok().filter(|until| *until <= SOON)
            }
            ListRange::After(..) => None,
        }
    }

    /// The best matches, as many as are soon wanted, and how many there are in all.
    fn first(&self, typed: &QueryMatcher, keep: usize) -> rusqlite::Result<Way> {
        let needle = typed.needle();
        let found = needle.map(|needle| find(self.known, needle, keep));
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
            ListRange::Page(page) => usize::try_from(page.offset()).unwrap_or(usize::MAX),
            _ => 0,
        };
        let next: Vec<_> = all.iter().copied().skip(skip).collect();
        let next = next.into_iter();
        let walk = if all.len() as u64 == total {
            Scan::Listed(next)
        } else {
            Scan::Best { next, all }
        };
        Ok((total, walk))
    }
}

/// The best matches among all texts. Where these are many, another thread goes through half of them:
/// who searches waits for nothing longer than for this.
fn find(known: &IndexSnapshot, needle: &SearchTerm, keep: usize) -> Found {
    let IndexSnapshot { texts, .. } = known;
    if known.total() < MANY {
        return texts.find(needle, keep);
    }
    thread::scope(|scope| {
        let half = thread::Builder::new().name("store-finder-half".to_owned());
        let second = half.spawn_scoped(scope, || texts.find_part(needle, keep, (1, 2)));
        let mut found = texts.find_part(needle, keep, (0, 2));
        // Without a second thread, or where it broke off, the first one does its half.
        let second = second.ok().and_then(|second| second.join().ok());
        let second = second.unwrap_or_else(|| texts.find_part(needle, keep, (1, 2)));
        found.append(second, keep);
        found
    })
}

/// Who matches, by how well they do.
pub(super) fn ranks(
    typed: &QueryMatcher,
    known: &IndexSnapshot,
    db: &Connection,
) -> rusqlite::Result<Vec<IdSet>> {
    let texts = typed.needle().map(|needle| known.texts.ranked(needle));
    let texts = texts.unwrap_or_default();
    let exact = typed.exactly(db)?;
    let exact = exact.map(|found| found.map(|found| number(found.user.id)));
    let exact = exact.map(|id| id.into_iter().collect::<IdSet>());
    let mut ranks: Vec<_> = exact.clone().into_iter().chain(texts).collect();
    for ids in &mut ranks[exact.len()..] {
        for exact in &exact {
            ids.without(exact);
        }
    }
    Ok(ranks)
}
