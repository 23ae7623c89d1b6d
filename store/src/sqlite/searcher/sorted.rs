//! Lists in the order of a key.

use std::ops::ControlFlow;

use frontdesk_search::IdSet;

use super::{
    super::{
        block_counts,
        keys::{self, Mark},
        search_index::number,
    },
    FIRST,
    begin::{Beginning, Way},
    id_filter::IdFilter,
    list_plan::{self, Scan, look_up},
};
use frontdesk_directory::{ListRange, OrderBy, SortField};

/// So many names are sorted in memory; more are come by along the index.
const NAMES: u64 = 65_536;
/// So few are looked up and sorted.
const FEW: u64 = 2_048;
/// So many are too, where the beginning of the index has not as many as are wanted: what is alike in
/// one thing often is in another, and they may all be at its end.
const SOME: u64 = 16_384;
/// How much of an index is its beginning.
const NEAR: usize = 16_384;

impl<G: Fn() -> bool> Beginning<'_, G> {
    /// In an order of theirs.
    pub(super) fn sorted(&self, sorting: OrderBy, among: IdFilter) -> rusqlite::Result<Way> {
        let total = among.count(self.known.total());
        match among {
            IdFilter::Only(ids) if sorting.field == SortField::Id => {
                Ok((total, self.by_id(sorting, ids)))
            }
            IdFilter::Only(ids) if sorting.field == SortField::Name && total <= NAMES => {
                let mut entries = Vec::new();
                let texts = &self.known.texts;
                texts.each(&ids, |id, name, _| entries.push((name.into(), id)));
                Ok(self.listed(entries))
            }
            IdFilter::Only(ids)
                if total <= FEW || (total <= SOME && !self.are_near(sorting, &ids)?) =>
            {
                self.looked_up(sorting, &ids)
            }
            among => Ok((total, self.along_keys(sorting, among, total)?)),
        }
    }

    fn looked_up(&self, sorting: OrderBy, ids: &IdSet) -> rusqlite::Result<Way> {
        // In one transaction: to begin one costs as much as to look somebody up.
        let reading = self.desk.db.unchecked_transaction()?;
        let mut entries = Vec::new();
        let mut from = Some(0);
        while let Some(id) = from.and_then(|from| ids.first_from(from)) {
            if let Some(found) = look_up(self.desk, self.criteria, id)? {
                entries.push((list_plan::key(Some(sorting), self.criteria, &found), id));
            }
            from = id.checked_add(1);
        }
        reading.commit()?;
        Ok(self.listed(entries))
    }

    /// Whether as many as are wanted first are soon come by along the index.
    fn are_near(&self, sorting: OrderBy, ids: &IdSet) -> rusqlite::Result<bool> {
        let (from, wanted) = match self.part {
            ListRange::All => (Mark::beginning(sorting), FIRST as u64),
            ListRange::Page(page) => {
                let until = page.offset() + u64::from(page.size());
                (Mark::beginning(sorting), until)
            }
            ListRange::After(position, size) => {
                (Mark::behind(sorting.field, position), (*size).into())
            }
        };
        let mut left = wanted;
        keys::walk(self.desk.db, sorting, &from, NEAR, |entry| {
            left -= u64::from(ids.contains(entry.id()));
            if left == 0 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })?;
        Ok(left == 0)
    }

    fn by_id(&self, sorting: OrderBy, ids: IdSet) -> Scan {
        let descending = sorting.descending;
        let next = match self.part {
            ListRange::All if descending => Some(u32::MAX),
            ListRange::All => Some(0),
            ListRange::Page(page) => {
                let skip = page.offset();
                let before = if descending {
                    ids.len().checked_sub(skip + 1)
                } else {
                    Some(skip)
                };
                before.and_then(|before| ids.nth(before))
            }
            ListRange::After(position, _) if descending => number(position.id).checked_sub(1),
            ListRange::After(position, _) => number(position.id).checked_add(1),
        };
        Scan::Ids {
            ids,
            descending,
            next,
        }
    }

    fn along_keys(&self, sorting: OrderBy, among: IdFilter, total: u64) -> rusqlite::Result<Scan> {
        let mut skip = 0;
        let from = match (self.part, &among) {
            (ListRange::All, _) => Some(Mark::beginning(sorting)),
            (ListRange::After(position, _), _) => Some(Mark::behind(sorting.field, position)),
            (ListRange::Page(page), IdFilter::All) => self.entry(sorting, page.offset(), total)?,
            (ListRange::Page(page), _) => {
                skip = page.offset();
                Some(Mark::beginning(sorting))
            }
        };
        Ok(match from {
            None => Scan::Listed(Vec::new().into_iter()),
            Some(from) => Scan::Keys {
                sorting,
                among,
                from,
                skip,
            },
        })
    }

    /// Before the entry of an order that has so many before it, of `total`; by the counts.
    fn entry(&self, sorting: OrderBy, skip: u64, total: u64) -> rusqlite::Result<Option<Mark>> {
        let Some(behind) = total.checked_sub(skip + 1) else {
            return Ok(None);
        };
        let (db, by) = (self.desk.db, sorting.field);
        let before = if sorting.descending { behind } else { skip };
        let near = match self.known.order(by) {
            Some(order) => order
                .seek(before)
                .map(|near| (Mark::before(by, (near.key, near.id)), near.rest)),
            None => {
                block_counts::seek(db, before)?.map(|(after, rest)| (Mark::behind_id(after), rest))
            }
        };
        let Some((near, rest)) = near else {
            return Ok(None);
        };
        let entry = keys::nth(db, by, &near, rest)?;
        Ok(entry.map(|entry| entry.including(sorting)))
    }

    /// A list whose keys and ids are known.
    pub(super) fn listed(&self, mut entries: Vec<(Vec<u8>, u32)>) -> Way {
        let descending = self.sorting.is_some_and(|sorting| sorting.descending);
        entries.sort_unstable();
        if descending {
            entries.reverse();
        }
        let skip = match self.part {
            ListRange::All => 0,
            ListRange::Page(page) => usize::try_from(page.offset()).unwrap_or(usize::MAX),
            ListRange::After(position, _) => {
                let last = (position.key.clone(), number(position.id));
                entries.partition_point(|entry| *entry == last || (*entry < last) != descending)
            }
        };
        let total = entries.len() as u64;
        let ids: Vec<_> = entries.into_iter().skip(skip).map(|(_, id)| id).collect();
        (total, Scan::Listed(ids.into_iter()))
    }
}
