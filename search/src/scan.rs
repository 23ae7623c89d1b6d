//! Searches through all texts.

use std::ops::ControlFlow;

use memchr::memchr_iter;

use frontdesk_directory::text::{Rank, SearchTerm};

use crate::{id_set::IdSet, text_index::TextIndex};

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// How many rows of each rank match, by [`Rank::index`].
    pub counts: [u64; Rank::COUNT],
    /// The first ids of each rank, ascending, by [`Rank::index`].
    pub ids: [Vec<u32>; Rank::COUNT],
}

impl Found {
    /// How many rows match.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Puts what was found in the next part behind this; of the ids of each rank the first `keep` stay.
    pub fn append(&mut self, next: Self, keep: usize) {
        for (count, more) in self.counts.iter_mut().zip(next.counts) {
            *count += more;
        }
        for (ids, more) in self.ids.iter_mut().zip(next.ids) {
            ids.extend(more);
            ids.truncate(keep);
        }
    }
}

impl TextIndex {
    /// All that match: how many, and the first `keep` ids of each rank. One pass over all texts.
    #[must_use]
    pub fn find(&self, needle: &SearchTerm, keep: usize) -> Found {
        self.find_part(needle, keep, (0, 1))
    }

    /// What [`TextIndex::find`] finds in one part of the texts, the first being 0, of so many alike: for
    /// several who search at a time. Put together in their order ([`Found::append`]) they are the whole.
    #[must_use]
    pub fn find_part(&self, needle: &SearchTerm, keep: usize, (part, of): (usize, usize)) -> Found {
        let mut found = Found::default();
        for (first, text) in self.blocks_of(part, of) {
            let mut slots = Slots::new(first, text);
            _ = needle.scan(text, |place, rank| {
                found.counts[rank.index()] += 1;
                let ids = &mut found.ids[rank.index()];
                // Ids that nobody wants are not counted out.
                if ids.len() < keep {
                    ids.push(slots.id(place));
                }
                ControlFlow::Continue(())
            });
        }
        found
    }

    /// The next `most` ids of one rank, ascending, behind `after` or from the first one on. Fewer
    /// where there are no more.
    #[must_use]
    pub fn next(
        &self,
        needle: &SearchTerm,
        rank: Rank,
        after: Option<u32>,
        most: usize,
    ) -> Vec<u32> {
        let mut ids = Vec::new();
        let Some(from) = after.map_or(Some(0), |id| id.checked_add(1)) else {
            return ids;
        };
        for (first, text) in self.blocks_from(from) {
            if ids.len() >= most {
                break;
            }
            let mut slots = Slots::new(first, text);
            _ = needle.scan(text, |place, found| {
                if found == rank {
                    let id = slots.id(place);
                    if id >= from {
                        ids.push(id);
                    }
                }
                if ids.len() < most {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            });
        }
        ids
    }

    /// The ids of all that match, by [`Rank::index`]. One pass over all texts.
    #[must_use]
    pub fn ranked(&self, needle: &SearchTerm) -> [IdSet; Rank::COUNT] {
        let mut ranked: [IdSet; Rank::COUNT] = Default::default();
        for (first, text) in self.blocks() {
            let mut slots = Slots::new(first, text);
            _ = needle.scan(text, |place, rank| {
                ranked[rank.index()].push(slots.id(place));
                ControlFlow::Continue(())
            });
        }
        ranked
    }

    /// Hands the folded name and email of each of these ids that has a user to `take`, ascending.
    pub fn each(&self, ids: &IdSet, mut take: impl FnMut(u32, &str, &str)) {
        let mut wanted = ids.first_from(0);
        let mut blocks = self.blocks().peekable();
        while let (Some(next), Some((first, text))) = (wanted, blocks.next()) {
            // One that has none of them is passed over.
            if blocks.peek().is_some_and(|(behind, _)| *behind <= next) {
                continue;
            }
            for (id, line) in (first..).zip(text.split('\n').skip(1)) {
                // Of ids without a user there may be no line.
                if wanted.is_some_and(|wanted| wanted < id) {
                    wanted = ids.first_from(id);
                }
                if wanted != Some(id) {
                    continue;
                }
                wanted = id.checked_add(1).and_then(|from| ids.first_from(from));
                if let Some((name, email)) = line.split_once('\t') {
                    take(id, name, email);
                }
            }
        }
    }

    /// The ids of all that match.
    #[must_use]
    pub fn bits(&self, needle: &SearchTerm) -> IdSet {
        let mut bits = IdSet::default();
        for (first, text) in self.blocks() {
            let mut slots = Slots::new(first, text);
            _ = needle.scan(text, |place, _| {
                bits.push(slots.id(place));
                ControlFlow::Continue(())
            });
        }
        bits
    }
}

/// Below as many bytes a search costs more to begin than it saves.
const SHORT: usize = 96;

/// Counts line feeds as far as somebody asks for an id.
struct Slots<'a> {
    text: &'a [u8],
    counted: usize,
    /// One more than the slot of the line that `counted` lies in.
    lines: u32,
    first: u32,
}

impl<'a> Slots<'a> {
    fn new(first: u32, text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            counted: 0,
            lines: 0,
            first,
        }
    }

    /// The id of the line that has `place`, which is not before the one asked for last.
    fn id(&mut self, place: usize) -> u32 {
        let passed = &self.text[self.counted..place];
        self.lines += if passed.len() < SHORT {
            let feeds: u8 = passed.iter().map(|&byte| u8::from(byte == b'\n')).sum();
            u32::from(feeds)
        } else {
            // There are no more than ids.
            u32::try_from(memchr_iter(b'\n', passed).count()).unwrap_or(u32::MAX)
        };
        self.counted = place;
        self.first + self.lines.saturating_sub(1)
    }
}
