//! Decides how a list is read.

use frontdesk_directory::{
    Cursor, ListRange, MatchRank, OrderBy, ParsedQuery, SortField, UserId, text::Rank,
};
use roaring::RoaringBitmap;

use crate::{
    id_filter::IdFilter,
    id_scan::{IdScan, index_id},
    index::Snapshot,
    sort::sort_entries,
};

/// The number of users that a list has to yield soon if all of it is read: its first batch.
pub const FIRST_BATCH: usize = 100;
/// Up to this number, the best matches are collected while the others are only counted. For more,
/// the ids of all matches are collected.
const MAX_BEST: usize = 1_001;
/// Up to this number, names are sorted in memory; beyond, the table of names is scanned.
const MAX_SORTED_NAMES: u64 = 65_536;
/// Up to this number, users are always looked up and sorted.
const MAX_SORTED_ROWS: u64 = 2_048;
/// Up to this number, users are looked up and sorted if a scan would find them too rarely: users
/// that match alike often sort alike, too, and can all be at the end of the table.
const MAX_SPARSE_ROWS: u64 = 16_384;
/// The number of entries of a table that are probed to find out.
const PROBED_ENTRIES: usize = 16_384;

/// What a list contains, as far as a plan depends on it.
#[derive(Clone, Debug)]
pub struct ListRequest<'a> {
    /// The search; `None` for all users.
    pub query: Option<&'a ParsedQuery>,
    /// The users that the query names exactly, by rank. Only the store knows them: email addresses
    /// are not part of the index.
    pub exact: &'a [ExactMatch],
    /// The order; `None` for the best matches first, or by id without a query.
    pub order_by: Option<OrderBy>,
    /// Which users pass.
    pub filter: IdFilter,
    /// The range that is read.
    pub range: &'a ListRange,
}

/// A user whose id or email address is the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExactMatch {
    /// The user.
    pub id: UserId,
    /// [`MatchRank::Id`] or [`MatchRank::Email`].
    pub rank: MatchRank,
    /// Whether the query's text occurs in the user's texts as well, see [`ParsedQuery::text_rank`].
    pub matches_text: bool,
}

/// How a list is read. Rows can change between a snapshot and the moment they are read: whoever
/// executes the plan checks each row again.
#[derive(Clone, Debug)]
pub enum Plan {
    /// Look up the users in this order.
    LookUp {
        /// The number of users on the whole list.
        total: u64,
        /// Their ids, from the start of the range.
        ids: IdScan,
    },
    /// Look up all these users, then sort them with [`sort_entries`].
    Sort(RoaringBitmap),
    /// Scan the table that has the list's order.
    Scan(TableScan),
    /// Scan the table if the first `wanted` users of the list are among the next `probed` entries
    /// from the start of the scan, skipped users included. Otherwise, sort as for [`Plan::Sort`].
    ScanOrSort {
        /// The scan.
        scan: TableScan,
        /// The users of the list.
        ids: RoaringBitmap,
        /// The number of users up to the end of the requested range, or of the first batch.
        wanted: u64,
        /// The number of entries to read before deciding.
        probed: usize,
    },
}

/// A scan of a sorted table. Only users that pass the filter are on the list.
#[derive(Clone, Debug)]
pub struct TableScan {
    /// The number of users on the whole list.
    pub total: u64,
    /// Which table, and in which direction.
    pub order_by: OrderBy,
    /// Which users pass.
    pub filter: IdFilter,
    /// Where to start.
    pub start: Start,
}

/// Where the scan of a table starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// At the first entry in the direction of the scan, skipping this number of users that pass.
    First {
        /// The number of users to skip.
        skip: u64,
    },
    /// After a position.
    After(Cursor),
    /// At the entry that follows `skip` others, in ascending order, from the first entry whose key
    /// and id are not less than these. The scan includes it, in either direction.
    Entry {
        /// The key, as in a [`Cursor`].
        key: Vec<u8>,
        /// The id.
        id: u32,
        /// The number of entries to skip.
        skip: u32,
    },
    /// At the user that has this number of users with smaller ids. The scan includes it, in either
    /// direction.
    NthId(u64),
}

/// Decides how a list of users outside of the trash is read.
#[must_use]
pub fn plan(request: ListRequest<'_>, snapshot: &Snapshot) -> Plan {
    let Some(query) = request.query else {
        let order_by = request.order_by.unwrap_or(OrderBy::ID);
        return sorted(order_by, request.filter, request.range, snapshot);
    };
    if let Some(order_by) = request.order_by {
        let mut ids = query.term().map_or_else(RoaringBitmap::new, |term| {
            snapshot.texts().matching_ids(term)
        });
        ids.extend(request.exact.iter().map(|exact| index_id(exact.id)));
        request.filter.retain(&mut ids);
        return sorted(order_by, IdFilter::Only(ids), request.range, snapshot);
    }
    match (request.filter, needed_matches(request.range)) {
        (IdFilter::All, Some(limit)) => {
            best_matches(query, request.exact, request.range, limit, snapshot)
        }
        (filter, _) => {
            let mut ranks = ids_by_rank(query, request.exact, snapshot);
            ranks.iter_mut().for_each(|ids| filter.retain(ids));
            ranked(ranks, request.range)
        }
    }
}

/// The matches of a list that began with [`IdScan::BestMatches`] and has yielded all `known` ones, in
/// a newer snapshot. Users that were yielded are not yielded again.
#[must_use]
pub fn remaining_matches(
    query: &ParsedQuery,
    exact: &[ExactMatch],
    known: &RoaringBitmap,
    snapshot: &Snapshot,
) -> IdScan {
    let mut ranks = ids_by_rank(query, exact, snapshot);
    ranks.iter_mut().for_each(|ids| *ids -= known);
    IdScan::Ranked {
        ranks,
        rank: 0,
        from: 0,
    }
}

/// The number of matches that are needed first; `None` if it is large or unknown.
fn needed_matches(range: &ListRange) -> Option<usize> {
    match range {
        ListRange::All => Some(FIRST_BATCH),
        ListRange::Page(page) => {
            // One more tells whether there is a next page.
            let end = page.offset() + u64::from(page.size()) + 1;
            usize::try_from(end).ok().filter(|end| *end <= MAX_BEST)
        }
        ListRange::After(..) => None,
    }
}

fn best_matches(
    query: &ParsedQuery,
    exact: &[ExactMatch],
    range: &ListRange,
    limit: usize,
    snapshot: &Snapshot,
) -> Plan {
    let matches = query.term().map(|term| snapshot.best_matches(term, limit));
    let matches = matches.unwrap_or_default();
    let only_exact = exact.iter().filter(|exact| !exact.matches_text).count();
    let total = matches.total() + only_exact as u64;
    let exact: Vec<u32> = exact.iter().map(|exact| index_id(exact.id)).collect();
    let mut known = exact.clone();
    for rank in Rank::ALL {
        let ids = &matches.ids[rank.index()];
        known.extend(ids.iter().filter(|id| !exact.contains(id)));
        // If some ids of a rank are unknown, those of the next rank are not next.
        if matches.counts[rank.index()] > ids.len() as u64 {
            break;
        }
    }
    let skip = match range {
        ListRange::Page(page) => usize::try_from(page.offset()).unwrap_or(usize::MAX),
        _ => 0,
    };
    let next: Vec<u32> = known.iter().copied().skip(skip).collect();
    let next = next.into_iter();
    let ids = if known.len() as u64 == total {
        IdScan::Listed(next)
    } else {
        let known = known.into_iter().collect();
        IdScan::BestMatches { next, known }
    };
    Plan::LookUp { total, ids }
}

/// The ids of all matches, by [`MatchRank::index`].
fn ids_by_rank(
    query: &ParsedQuery,
    exact: &[ExactMatch],
    snapshot: &Snapshot,
) -> Vec<RoaringBitmap> {
    let by_text = query
        .term()
        .map(|term| snapshot.texts().matching_ids_by_rank(term));
    let mut ranks: Vec<RoaringBitmap> = [MatchRank::Id, MatchRank::Email]
        .map(|rank| {
            let exact = exact.iter().filter(|exact| exact.rank == rank);
            exact.map(|exact| index_id(exact.id)).collect()
        })
        .into_iter()
        .chain(by_text.unwrap_or_default())
        .collect();
    for exact in exact {
        for ids in &mut ranks[exact.rank.index() + 1..] {
            ids.remove(index_id(exact.id));
        }
    }
    ranks
}

fn ranked(ranks: Vec<RoaringBitmap>, range: &ListRange) -> Plan {
    let total = ranks.iter().map(RoaringBitmap::len).sum();
    let (mut rank, mut from) = (0, 0);
    match range {
        ListRange::All => {}
        ListRange::Page(page) => {
            let mut skip = page.offset();
            while let Some(ids) = ranks.get(rank)
                && ids.len() <= skip
            {
                skip -= ids.len();
                rank += 1;
            }
            from = ranks.get(rank).and_then(|ids| nth(ids, skip)).unwrap_or(0);
        }
        ListRange::After(cursor, _) => {
            rank = cursor.key.first().copied().unwrap_or(0).into();
            from = index_id(cursor.id) + 1;
        }
    }
    let ids = IdScan::Ranked { ranks, rank, from };
    Plan::LookUp { total, ids }
}

fn sorted(order_by: OrderBy, filter: IdFilter, range: &ListRange, snapshot: &Snapshot) -> Plan {
    let total = filter.count(snapshot.user_count());
    match filter {
        IdFilter::Only(ids) if order_by.field == SortField::Id => {
            let ids = by_id(ids, order_by.descending, range);
            Plan::LookUp { total, ids }
        }
        IdFilter::Only(ids) if order_by.field == SortField::Name && total <= MAX_SORTED_NAMES => {
            let mut entries = Vec::new();
            let texts = snapshot.texts();
            texts.for_each(&ids, |id, name, _| entries.push((name.into(), id)));
            let sorted = sort_entries(entries, order_by.descending, range);
            Plan::LookUp {
                total: sorted.total,
                ids: sorted.ids,
            }
        }
        IdFilter::Only(ids) if total <= MAX_SORTED_ROWS => Plan::Sort(ids),
        IdFilter::Only(ids) if total <= MAX_SPARSE_ROWS => Plan::ScanOrSort {
            scan: TableScan {
                total,
                order_by,
                start: filtered_start(range),
                filter: IdFilter::Only(ids.clone()),
            },
            ids,
            wanted: match range {
                ListRange::All => FIRST_BATCH as u64,
                ListRange::Page(page) => page.offset() + u64::from(page.size()),
                ListRange::After(_, size) => u64::from(*size),
            },
            probed: PROBED_ENTRIES,
        },
        filter => {
            let start = match (&filter, range) {
                (IdFilter::All, ListRange::Page(page)) => {
                    nth_start(order_by, page.offset(), total, snapshot)
                }
                _ => Some(filtered_start(range)),
            };
            start.map_or(
                Plan::LookUp {
                    total,
                    ids: IdScan::empty(),
                },
                |start| {
                    Plan::Scan(TableScan {
                        total,
                        order_by,
                        filter,
                        start,
                    })
                },
            )
        }
    }
}

fn by_id(ids: RoaringBitmap, descending: bool, range: &ListRange) -> IdScan {
    let next = match range {
        ListRange::All if descending => Some(u32::MAX),
        ListRange::All => Some(0),
        ListRange::Page(page) if descending => {
            let before = ids.len().checked_sub(page.offset() + 1);
            before.and_then(|before| nth(&ids, before))
        }
        ListRange::Page(page) => nth(&ids, page.offset()),
        ListRange::After(cursor, _) if descending => index_id(cursor.id).checked_sub(1),
        ListRange::After(cursor, _) => index_id(cursor.id).checked_add(1),
    };
    IdScan::ById {
        ids,
        descending,
        next,
    }
}

/// The start of a scan that does not know how many users pass before an entry.
fn filtered_start(range: &ListRange) -> Start {
    match range {
        ListRange::All => Start::First { skip: 0 },
        ListRange::Page(page) => Start::First {
            skip: page.offset(),
        },
        ListRange::After(cursor, _) => Start::After(cursor.clone()),
    }
}

/// The start of a scan that every user passes; `None` if there are no more than `offset` users.
fn nth_start(order_by: OrderBy, offset: u64, total: u64, snapshot: &Snapshot) -> Option<Start> {
    let after = total.checked_sub(offset + 1)?;
    let before = if order_by.descending { after } else { offset };
    if order_by.field == SortField::Id {
        return Some(Start::NthId(before));
    }
    let position = snapshot.seek(order_by.field, before)?;
    Some(Start::Entry {
        key: position.key.to_vec(),
        id: position.id,
        skip: position.skip,
    })
}

fn nth(ids: &RoaringBitmap, before: u64) -> Option<u32> {
    ids.select(u32::try_from(before).ok()?)
}
