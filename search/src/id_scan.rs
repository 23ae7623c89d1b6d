//! The ids of a list, in its order.

use std::vec;

use frontdesk_directory::UserId;
use roaring::RoaringBitmap;

/// Yields the ids of a list in its order. Holds no snapshot: a slow reader costs only the memory of
/// the ids.
#[derive(Clone, Debug)]
pub enum IdScan {
    /// All ids are known.
    Listed(vec::IntoIter<u32>),
    /// The best matches are known. When they have been read, [`remaining_matches`] finds the others
    /// in a snapshot of that time.
    ///
    /// [`remaining_matches`]: crate::remaining_matches
    BestMatches {
        /// The matches that are still to be read.
        next: vec::IntoIter<u32>,
        /// All known matches, those that were skipped or read included.
        known: RoaringBitmap,
    },
    /// By match rank, then by id.
    Ranked {
        /// The ids of each rank, by [`MatchRank::index`](frontdesk_directory::MatchRank::index).
        ranks: Vec<RoaringBitmap>,
        /// The rank that is being read.
        rank: usize,
        /// The first id of this rank that has not been read.
        from: u32,
    },
    /// By id.
    ById {
        /// The ids.
        ids: RoaringBitmap,
        /// Whether the largest id comes first.
        descending: bool,
        /// Where to continue: at this id or the next one in that direction. `None` at the end.
        next: Option<u32>,
    },
}

impl IdScan {
    /// A list without users.
    #[must_use]
    pub fn empty() -> Self {
        Self::Listed(Vec::new().into_iter())
    }
}

impl Iterator for IdScan {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        match self {
            Self::Listed(next) | Self::BestMatches { next, .. } => next.next(),
            Self::Ranked { ranks, rank, from } => loop {
                if let Some(id) = ranks.get(*rank)?.range(*from..).next() {
                    *from = id.saturating_add(1);
                    return Some(id);
                }
                (*rank, *from) = (*rank + 1, 0);
            },
            Self::ById {
                ids,
                descending,
                next,
            } => {
                let from = (*next)?;
                let id = if *descending {
                    ids.range(..=from).next_back()
                } else {
                    ids.range(from..).next()
                };
                *next = match id? {
                    id if *descending => id.checked_sub(1),
                    id => id.checked_add(1),
                };
                id
            }
        }
    }
}

/// A user's id as the index stores it.
pub(crate) fn index_id(id: UserId) -> u32 {
    id.get().unsigned_abs()
}

/// The id of a set that has this number of smaller ids in it.
pub(crate) fn nth_id(ids: &RoaringBitmap, before: u64) -> Option<u32> {
    ids.select(u32::try_from(before).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_in_either_direction_from_anywhere() {
        let all = [3, 64, 1_023, 1_024, 5_000, 4_294_967_295];
        let scan = |descending, next| {
            let ids = all.into_iter().collect();
            IdScan::ById {
                ids,
                descending,
                next,
            }
        };
        assert!(scan(false, Some(0)).eq(all));
        assert!(scan(true, Some(u32::MAX)).eq(all.into_iter().rev()));
        assert!(scan(false, Some(1_024)).eq([1_024, 5_000, 4_294_967_295]));
        assert!(scan(true, Some(1_025)).eq([1_024, 1_023, 64, 3]));
        assert_eq!(scan(false, None).next(), None);
    }

    #[test]
    fn ranks_are_read_one_after_the_other() {
        let ranks = [&[7, 9][..], &[], &[1, 8]];
        let scan = IdScan::Ranked {
            ranks: ranks.iter().map(|ids| ids.iter().collect()).collect(),
            rank: 0,
            from: 8,
        };
        assert!(scan.eq([9, 1, 8]));
    }
}
