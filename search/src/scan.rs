//! Searches: scans of all texts.

use std::ops::ControlFlow;

use frontdesk_directory::text::{Rank, SearchTerm};
use memchr::memchr_iter;
use roaring::RoaringBitmap;

use crate::{id_collector::IdCollector, matches::Matches, text_index::TextIndex};

impl TextIndex {
    /// The first `limit` matches of each rank, and the number of all matches.
    #[must_use]
    pub fn best_matches(&self, term: &SearchTerm, limit: usize) -> Matches {
        self.best_matches_of_part(term, limit, (0, 1))
    }

    /// What [`TextIndex::best_matches`] finds in one of `parts` parts of the texts, numbered from 0:
    /// for several threads. Combined in their order by [`Matches::append`], they are the whole.
    #[must_use]
    pub fn best_matches_of_part(
        &self,
        term: &SearchTerm,
        limit: usize,
        (part, parts): (usize, usize),
    ) -> Matches {
        let mut matches = Matches::default();
        for (first_id, text) in self.blocks_of_part(part, parts) {
            let mut lines = LineCounter::new(first_id, text);
            _ = term.scan(text, |position, rank| {
                matches.counts[rank.index()] += 1;
                let ids = &mut matches.ids[rank.index()];
                // Lines are only counted for ids that are needed.
                if ids.len() < limit {
                    ids.push(lines.id_at(position));
                }
                ControlFlow::Continue(())
            });
        }
        matches
    }

    /// The ids of all matches.
    #[must_use]
    pub fn matching_ids(&self, term: &SearchTerm) -> RoaringBitmap {
        let mut ids = IdCollector::default();
        self.for_each_match(term, |id, _| ids.push(id));
        ids.finish()
    }

    /// The ids of all matches of each rank, by [`Rank::index`].
    #[must_use]
    pub fn matching_ids_by_rank(&self, term: &SearchTerm) -> [RoaringBitmap; Rank::COUNT] {
        let mut ranks: [IdCollector; Rank::COUNT] = Default::default();
        self.for_each_match(term, |id, rank| ranks[rank.index()].push(id));
        ranks.map(IdCollector::finish)
    }

    /// Calls `read` with the id, the folded name and the folded email address of each of these users
    /// that exists, ascending by id.
    pub fn for_each(&self, ids: &RoaringBitmap, mut read: impl FnMut(u32, &str, &str)) {
        let mut ids = ids.iter().peekable();
        let mut blocks = self.blocks().peekable();
        while let (Some(&next), Some((first_id, text))) = (ids.peek(), blocks.next()) {
            if blocks
                .peek()
                .is_some_and(|(following, _)| *following <= next)
            {
                continue;
            }
            for (id, line) in (first_id..).zip(text.split('\n').skip(1)) {
                // Ids before this one have no line.
                while ids.next_if(|&next| next < id).is_some() {}
                if ids.next_if_eq(&id).is_some()
                    && let Some((name, email)) = line.split_once('\t')
                {
                    read(id, name, email);
                }
            }
        }
    }

    fn for_each_match(&self, term: &SearchTerm, mut on_match: impl FnMut(u32, Rank)) {
        for (first_id, text) in self.blocks() {
            let mut lines = LineCounter::new(first_id, text);
            _ = term.scan(text, |position, rank| {
                on_match(lines.id_at(position), rank);
                ControlFlow::Continue(())
            });
        }
    }
}

/// Below this distance in bytes, a plain loop counts faster than `memchr`.
const SHORT: usize = 96;

/// Counts line feeds, but only up to the positions whose ids are requested.
struct LineCounter<'a> {
    text: &'a [u8],
    /// The position up to which line feeds were counted.
    counted: usize,
    line_feeds: u32,
    first_id: u32,
}

impl<'a> LineCounter<'a> {
    fn new(first_id: u32, text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            counted: 0,
            line_feeds: 0,
            first_id,
        }
    }

    /// The id of the line around `position`. Positions have to be requested in ascending order.
    fn id_at(&mut self, position: usize) -> u32 {
        let passed = &self.text[self.counted..position];
        self.line_feeds += if passed.len() < SHORT {
            let count: u8 = passed.iter().map(|&byte| u8::from(byte == b'\n')).sum();
            u32::from(count)
        } else {
            // A block has fewer lines than there are ids.
            u32::try_from(memchr_iter(b'\n', passed).count()).unwrap_or(u32::MAX)
        };
        self.counted = position;
        self.first_id + self.line_feeds.saturating_sub(1)
    }
}
