//! How many entries of a sorted table come before a key.

use std::sync::Arc;

/// A run with more entries than this is oversized.
const MAX_RUN: u32 = 2048;
/// The number of entries in a run when a table is loaded.
const LOADED_RUN: u32 = 1024;

/// The order statistics of a table that is sorted by key and id: finds the nth entry without reading
/// the entries before it.
///
/// The table itself belongs to the caller. It is divided into runs of about a thousand entries; only
/// the first key and the length of each run are stored here. Keys are compared as bytes, entries with
/// equal keys by id. Cloning costs four bytes per run.
#[derive(Clone, Debug)]
pub struct OrderStatistics {
    /// The lower bound of each run, ascending. The first is the empty key with id 0.
    bounds: Arc<Vec<(Box<[u8]>, u32)>>,
    /// The number of entries in each run.
    counts: Vec<u32>,
    len: u64,
}

/// Where to start reading a table to reach an entry. The table need not have an entry with exactly
/// this key and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position<'a> {
    /// Start with the first entry whose key and id are not less than these.
    pub key: &'a [u8],
    /// See `key`.
    pub id: u32,
    /// The number of entries to skip from there.
    pub skip: u32,
}

/// A run of consecutive entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run<'a> {
    /// The run starts with the first entry whose key and id are not less than these.
    pub start: (&'a [u8], u32),
    /// It ends before the first entry whose key and id are not less than these; `None` for the end of
    /// the table.
    pub end: Option<(&'a [u8], u32)>,
    /// The number of entries.
    pub count: u32,
}

impl Default for OrderStatistics {
    fn default() -> Self {
        Self::new()
    }
}

impl OrderStatistics {
    /// The statistics of an empty table.
    #[must_use]
    pub fn new() -> Self {
        Self {
            bounds: Arc::new(vec![(Box::default(), 0)]),
            counts: vec![0],
            len: 0,
        }
    }

    /// The statistics of a table with these entries, which must be sorted.
    pub fn load<K: AsRef<[u8]>>(entries: impl IntoIterator<Item = (K, u32)>) -> Self {
        let mut order = Self::new();
        for (key, id) in entries {
            order.append(key.as_ref(), id);
        }
        order
    }

    /// Counts an entry that was added at the end of the table. Unlike [`OrderStatistics::insert`],
    /// this never produces an oversized run.
    pub fn append(&mut self, key: &[u8], id: u32) {
        let last = self.counts.len() - 1;
        let is_after = is_before(&self.bounds[last], key, id);
        if !is_after || self.counts[last] < LOADED_RUN {
            return self.insert(key, id);
        }
        Arc::make_mut(&mut self.bounds).push((key.into(), id));
        self.counts.push(1);
        self.len += 1;
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Counts an entry that was added to the table. Its run can become oversized, see
    /// [`OrderStatistics::oversized_run`].
    pub fn insert(&mut self, key: &[u8], id: u32) {
        let run = self.run(key, id);
        self.counts[run] += 1;
        self.len += 1;
    }

    /// Stops counting an entry that was removed from the table. It must have been counted: otherwise
    /// another entry of the same run is removed instead.
    pub fn remove(&mut self, key: &[u8], id: u32) {
        let run = self.run(key, id);
        let Some(count) = self.counts[run].checked_sub(1) else {
            return;
        };
        self.counts[run] = count;
        self.len -= 1;
        if count == 0 && self.counts.len() > 1 {
            // The first run is merged with the next one instead: its bound comes before every entry.
            Arc::make_mut(&mut self.bounds).remove(run.max(1));
            self.counts.remove(run);
        }
    }

    /// The position of the entry with `offset` entries before it; `None` if the table has no more
    /// than that. As long as no run is oversized, at most 2,047 entries have to be skipped.
    #[must_use]
    pub fn seek(&self, offset: u64) -> Option<Position<'_>> {
        let mut remaining = offset;
        for ((key, id), &count) in self.bounds.iter().zip(&self.counts) {
            match u32::try_from(remaining) {
                Ok(skip) if skip < count => return Some(Position { key, id: *id, skip }),
                _ => remaining -= u64::from(count),
            }
        }
        None
    }

    /// A run of more than 2,048 entries, if there is one. The caller reads the entry in its middle
    /// from the table, calls [`OrderStatistics::split`], and repeats.
    #[must_use]
    pub fn oversized_run(&self) -> Option<Run<'_>> {
        let run = self.counts.iter().position(|&count| count > MAX_RUN)?;
        let bound = |run: usize| self.bounds.get(run).map(|(key, id)| (&**key, *id));
        Some(Run {
            start: bound(run)?,
            end: bound(run + 1),
            count: self.counts[run],
        })
    }

    /// Starts a new run at an entry that has `left` entries of its current run before it.
    ///
    /// Returns `false` and does nothing if one of the runs would be empty. The statistics are then
    /// not those of the table, and have to be loaded again.
    #[must_use = "a run that cannot be split stays oversized"]
    pub fn split(&mut self, key: &[u8], id: u32, left: u32) -> bool {
        let run = self.run(key, id);
        let Some(right) = self.counts[run]
            .checked_sub(left)
            .filter(|&right| right > 0)
        else {
            return false;
        };
        if left == 0 || !is_before(&self.bounds[run], key, id) {
            return false;
        }
        Arc::make_mut(&mut self.bounds).insert(run + 1, (key.into(), id));
        self.counts[run] = left;
        self.counts.insert(run + 1, right);
        true
    }

    /// The run of an entry: the last one whose bound is not after it.
    fn run(&self, key: &[u8], id: u32) -> usize {
        let end = self
            .bounds
            .partition_point(|bound| (&*bound.0, bound.1) <= (key, id));
        // No entry is before the first bound.
        end.saturating_sub(1)
    }
}

fn is_before(bound: &(Box<[u8]>, u32), key: &[u8], id: u32) -> bool {
    (&*bound.0, bound.1) < (key, id)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Statistics of entries whose keys are their ids.
    fn ascending(entries: u32) -> OrderStatistics {
        OrderStatistics::load((0..entries).map(|id| (id.to_be_bytes(), id)))
    }

    #[test]
    fn the_millionth_entry_is_close_to_the_start_of_its_run() {
        let order = ascending(1_000_000);
        let position = order.seek(999_999).expect("an entry");
        assert_eq!(position.id + position.skip, 999_999);
        assert!(position.skip < LOADED_RUN);
        assert_eq!(order.seek(1_000_000), None);
        assert_eq!(order.counts.len(), 977);
    }

    #[test]
    fn no_entry_is_before_the_first_bound() {
        let mut order = OrderStatistics::new();
        assert_eq!(order.seek(0), None);
        order.insert(b"", 0);
        order.insert(b"zoe", 1);
        let position = order.seek(1).expect("an entry");
        assert_eq!(
            position,
            Position {
                key: b"",
                id: 0,
                skip: 1
            }
        );
    }

    #[test]
    fn an_oversized_run_is_split_at_the_given_entry() {
        let mut order = OrderStatistics::new();
        for id in 0..=MAX_RUN {
            order.insert(b"ada", id);
        }
        let run = order.oversized_run().expect("an oversized run");
        assert_eq!(
            (run.start, run.end, run.count),
            ((&b""[..], 0), None, MAX_RUN + 1)
        );
        assert!(order.split(b"ada", 1000, 1000));
        assert_eq!(order.oversized_run(), None);
        let position = order.seek(2000).expect("an entry");
        assert_eq!(
            position,
            Position {
                key: b"ada",
                id: 1000,
                skip: 1000
            }
        );
    }

    #[test]
    fn a_split_with_an_empty_side_is_rejected() {
        let mut order = ascending(10);
        assert!(!order.split(&5_u32.to_be_bytes(), 5, 0));
        assert!(!order.split(&5_u32.to_be_bytes(), 5, 10));
        assert!(!order.split(b"", 0, 5), "the first bound exists already");
        assert_eq!(order.counts, [10]);
    }

    #[test]
    fn an_empty_run_is_removed_and_the_first_one_merged_with_the_next() {
        let mut order = ascending(3 * LOADED_RUN);
        for id in LOADED_RUN..2 * LOADED_RUN {
            order.remove(&id.to_be_bytes(), id);
        }
        assert_eq!(order.counts, [LOADED_RUN, LOADED_RUN]);
        for id in 0..LOADED_RUN {
            order.remove(&id.to_be_bytes(), id);
        }
        assert_eq!(order.counts, [LOADED_RUN]);
        let position = order.seek(7).expect("an entry");
        assert_eq!(
            position,
            Position {
                key: b"",
                id: 0,
                skip: 7
            }
        );
        order.remove(b"", 0);
        assert_eq!(order.len(), u64::from(LOADED_RUN) - 1);
    }

    #[test]
    fn a_clone_does_not_change() {
        let mut order = ascending(2 * LOADED_RUN);
        let before = order.clone();
        for id in 0..LOADED_RUN {
            order.remove(&id.to_be_bytes(), id);
        }
        assert_eq!((before.len(), order.len()), (2048, 1024));
        assert_eq!(before.seek(1024).map(|position| position.skip), Some(0));
    }
}
