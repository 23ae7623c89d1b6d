//! The best matches of a search, and the number of all matches.

use frontdesk_directory::text::Rank;

/// The best matches of a search, and the number of all matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    /// The number of matches of each rank, by [`Rank::index`].
    pub counts: [u64; Rank::COUNT],
    /// The first ids of each rank, ascending, by [`Rank::index`].
    pub ids: [Vec<u32>; Rank::COUNT],
}

impl Matches {
    /// The number of all matches.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Adds the matches in larger ids. Of each rank, the first `limit` ids remain.
    pub fn append(&mut self, next: Self, limit: usize) {
        for (count, more) in self.counts.iter_mut().zip(next.counts) {
            *count += more;
        }
        for (ids, more) in self.ids.iter_mut().zip(next.ids) {
            ids.extend(more);
            ids.truncate(limit);
        }
    }
}
