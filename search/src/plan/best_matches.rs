//! Plans for lists with the best matches first.

use frontdesk_directory::{ListRange, MatchRank, ParsedQuery, text::Rank};
use roaring::RoaringBitmap;

use super::{
    list_plan::{FIRST_BATCH, Plan},
    request::ExactMatch,
};
use crate::{
    id_filter::IdFilter,
    id_scan::{IdScan, index_id, nth_id},
    index::Snapshot,
};

/// Up to this number, the best matches are collected while the others are only counted. For more,
/// the ids of all matches are collected.
const MAX_BEST: usize = 1_001;

/// Plans a list with the best matches first.
pub(super) fn best_matches_first(
    query: &ParsedQuery,
    exact: &[ExactMatch],
    filter: &IdFilter,
    range: &ListRange,
    snapshot: &Snapshot,
) -> Plan {
    if let (IdFilter::All, Some(limit)) = (filter, needed_matches(range)) {
        return first_matches(query, exact, range, limit, snapshot);
    }
    let mut ranks = ids_by_rank(query, exact, snapshot);
    for ids in &mut ranks {
        filter.retain(ids);
    }
    ranked(ranks, range)
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
    for ids in &mut ranks {
        *ids -= known;
    }
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
            // One more, to detect whether there is a next page.
            let end = page.offset() + u64::from(page.size()) + 1;
            usize::try_from(end).ok().filter(|end| *end <= MAX_BEST)
        }
        ListRange::After(..) => None,
    }
}

fn first_matches(
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
            from = ranks
                .get(rank)
                .and_then(|ids| nth_id(ids, skip))
                .unwrap_or(0);
        }
        ListRange::After(cursor, _) => {
            rank = cursor.key.first().copied().unwrap_or(0).into();
            from = index_id(cursor.id) + 1;
        }
    }
    let ids = IdScan::Ranked { ranks, rank, from };
    Plan::LookUp { total, ids }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use frontdesk_directory::{Cursor, Page, Query, Revision, UserId};

    use super::*;
    use crate::IndexBuilder;

    fn snapshot() -> Snapshot {
        let mut builder = IndexBuilder::default();
        for id in 1..=3_000 {
            builder.set_texts(id, "ada", "a@x");
        }
        builder.build(Revision(1)).snapshot()
    }

    fn query() -> ParsedQuery {
        let query = Query::parse("ada").ok().flatten().expect("a query");
        ParsedQuery::new(&query)
    }

    fn ids_of(filter: &IdFilter, range: &ListRange) -> IdScan {
        match best_matches_first(&query(), &[], filter, range, &snapshot()) {
            Plan::LookUp { ids, .. } => ids,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn only_as_many_matches_as_needed_are_collected() {
        let page = |number| {
            let number = NonZeroU32::new(number).expect("a page number");
            ListRange::Page(Page::new(number, 100))
        };
        let IdScan::BestMatches { next, known } = ids_of(&IdFilter::All, &ListRange::All) else {
            panic!("all matches");
        };
        assert_eq!((next.len(), known.len()), (FIRST_BATCH, FIRST_BATCH as u64));
        let IdScan::BestMatches { next, known } = ids_of(&IdFilter::All, &page(10)) else {
            panic!("page 10");
        };
        assert_eq!((next.len(), known.len()), (101, 1_001));
        let cursor = Cursor {
            key: vec![2],
            id: UserId::new(5).expect("an id"),
        };
        let after = ListRange::After(cursor, 10);
        let except = IdFilter::Except([1].into_iter().collect());
        for (filter, range) in [
            (&IdFilter::All, &page(11)),
            (&IdFilter::All, &after),
            (&except, &ListRange::All),
        ] {
            assert!(matches!(ids_of(filter, range), IdScan::Ranked { .. }));
        }
    }
}
