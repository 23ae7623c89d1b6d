//! How many entries of a sorted table lie before a key.

use std::sync::Arc;

/// A run of more entries than this wants to be split.
const WIDE: u32 = 2048;
/// How many entries a run has when an order is loaded.
const RUN: u32 = 1024;

/// The counts of a table that is sorted by a key and an id: which entry is the millionth is known
/// without going through a million.
///
/// The table itself is the caller's; of every thousandth entry or so the key is kept here, as a
/// separator. Keys are compared as bytes, and ids where keys are equal. For a descending list seek
/// from the other end. Cloning costs four bytes a separator.
#[derive(Clone, Debug)]
pub struct Order {
    /// Where each run begins, ascending. The first is the empty key and 0: nothing is before it.
    separators: Arc<Vec<(Box<[u8]>, u32)>>,
    /// How many entries each run has.
    counts: Vec<u32>,
    len: u64,
}

/// Where to begin to read. There need be no entry that has this key and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// Read from the first entry that is not before this key and id.
    pub key: &'a [u8],
    /// See `key`.
    pub id: u32,
    /// How many entries to pass over from there.
    pub rest: u32,
}

/// A run that has become too long to be read for one place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split<'a> {
    /// The run begins with the first entry that is not before this key and id.
    pub from: (&'a [u8], u32),
    /// It ends before the first entry that is not before this key and id, or with the last of all.
    pub to: Option<(&'a [u8], u32)>,
    /// How many entries it has.
    pub count: u32,
}

impl Default for Order {
    fn default() -> Self {
        Self::new()
    }
}

impl Order {
    /// Of a table without entries.
    #[must_use]
    pub fn new() -> Self {
        Self {
            separators: Arc::new(vec![(Box::default(), 0)]),
            counts: vec![0],
            len: 0,
        }
    }

    /// Of a table's entries, which have to be in order.
    pub fn load<K: AsRef<[u8]>>(entries: impl IntoIterator<Item = (K, u32)>) -> Self {
        let mut order = Self::new();
        for (key, id) in entries {
            order.append(key.as_ref(), id);
        }
        order
    }

    /// Counts in an entry that has to lie behind all others: what loading does for each, and the way
    /// to load from rows that can be borrowed one at a time only.
    pub fn append(&mut self, key: &[u8], id: u32) {
        let last = self.counts.len() - 1;
        let behind = before(&self.separators[last], key, id);
        if !behind || self.counts[last] < RUN {
            return self.added(key, id);
        }
        Arc::make_mut(&mut self.separators).push((key.into(), id));
        self.counts.push(1);
        self.len += 1;
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Counts in an entry that the table has got. See [`Order::wants_split`].
    pub fn added(&mut self, key: &[u8], id: u32) {
        let run = self.run(key, id);
        self.counts[run] += 1;
        self.len += 1;
    }

    /// Counts out an entry that the table has lost. One that was never counted in is taken for
    /// another one nearby, where there is one.
    pub fn removed(&mut self, key: &[u8], id: u32) {
        let run = self.run(key, id);
        let Some(rest) = self.counts[run].checked_sub(1) else {
            return;
        };
        self.counts[run] = rest;
        self.len -= 1;
        if rest == 0 && self.counts.len() > 1 {
            // The first run takes in the next one instead: its separator is before everything.
            Arc::make_mut(&mut self.separators).remove(run.max(1));
            self.counts.remove(run);
        }
    }

    /// Where the entry is that has `skip` others before it; `None` where there are no more than
    /// that. As long as no run wants to be split, `rest` is below 2,048.
    #[must_use]
    pub fn seek(&self, skip: u64) -> Option<Place<'_>> {
        let mut rest = skip;
        for ((key, id), &count) in self.separators.iter().zip(&self.counts) {
            match u32::try_from(rest) {
                Ok(rest) if rest < count => return Some(Place { key, id: *id, rest }),
                _ => rest -= u64::from(count),
            }
        }
        None
    }

    /// A run of more than 2,048 entries, where there is one. Its owner looks up the entry in the
    /// middle of it, says [`Order::split`], and asks again.
    #[must_use]
    pub fn wants_split(&self) -> Option<Split<'_>> {
        let run = self.counts.iter().position(|&count| count > WIDE)?;
        let separator = |run: usize| self.separators.get(run).map(|(key, id)| (&**key, *id));
        Some(Split {
            from: separator(run)?,
            to: separator(run + 1),
            count: self.counts[run],
        })
    }

    /// Lets a run begin at the entry with this key and id, which has `left` entries of its run
    /// before it.
    ///
    /// Does nothing, and says `false`, where that can't be: no entry before it or none from it on.
    /// Then the counts are not those of the table, and have to be loaded anew.
    #[must_use = "a run that can't be split wants it again"]
    pub fn split(&mut self, key: &[u8], id: u32, left: u32) -> bool {
        let run = self.run(key, id);
        let Some(right) = self.counts[run]
            .checked_sub(left)
            .filter(|&right| right > 0)
        else {
            return false;
        };
        if left == 0 || !before(&self.separators[run], key, id) {
            return false;
        }
        Arc::make_mut(&mut self.separators).insert(run + 1, (key.into(), id));
        self.counts[run] = left;
        self.counts.insert(run + 1, right);
        true
    }

    /// The run that an entry belongs to: the last that does not begin behind it.
    fn run(&self, key: &[u8], id: u32) -> usize {
        let behind = self.separators.partition_point(|separator| {
            before(separator, key, id) || (&*separator.0, separator.1) == (key, id)
        });
        // Nothing is before the first separator.
        behind.saturating_sub(1)
    }
}

fn before(separator: &(Box<[u8]>, u32), key: &[u8], id: u32) -> bool {
    (&*separator.0, separator.1) < (key, id)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A million entries whose keys are their ids, as they are counted in one by one.
    fn rising(entries: u32) -> Order {
        Order::load((0..entries).map(|id| (id.to_be_bytes(), id)))
    }

    #[test]
    fn the_millionth_entry_is_near_to_its_separator() {
        let order = rising(1_000_000);
        let place = order.seek(999_999).expect("an entry");
        assert_eq!(place.id + place.rest, 999_999);
        assert!(place.rest < RUN);
        assert_eq!(order.seek(1_000_000), None);
        assert_eq!(order.counts.len(), 977);
    }

    #[test]
    fn nothing_is_before_the_first_separator() {
        let mut order = Order::new();
        assert_eq!(order.seek(0), None);
        order.added(b"", 0);
        order.added(b"zoe", 1);
        let place = order.seek(1).expect("an entry");
        assert_eq!(
            place,
            Place {
                key: b"",
                id: 0,
                rest: 1
            }
        );
    }

    #[test]
    fn a_wide_run_is_split_where_its_owner_says() {
        let mut order = Order::new();
        for id in 0..=WIDE {
            order.added(b"ada", id);
        }
        let wide = order.wants_split().expect("a wide run");
        assert_eq!(
            (wide.from, wide.to, wide.count),
            ((&b""[..], 0), None, WIDE + 1)
        );
        assert!(order.split(b"ada", 1000, 1000));
        assert_eq!(order.wants_split(), None);
        let place = order.seek(2000).expect("an entry");
        assert_eq!(
            place,
            Place {
                key: b"ada",
                id: 1000,
                rest: 1000
            }
        );
    }

    #[test]
    fn a_split_that_leaves_one_side_empty_is_refused() {
        let mut order = rising(10);
        assert!(!order.split(&5_u32.to_be_bytes(), 5, 0));
        assert!(!order.split(&5_u32.to_be_bytes(), 5, 10));
        assert!(
            !order.split(b"", 0, 5),
            "the first separator is there already"
        );
        assert_eq!(order.counts, [10]);
    }

    #[test]
    fn an_empty_run_goes_and_the_first_one_takes_in_the_next() {
        let mut order = rising(3 * RUN);
        for id in RUN..2 * RUN {
            order.removed(&id.to_be_bytes(), id);
        }
        assert_eq!(order.counts, [RUN, RUN]);
        for id in 0..RUN {
            order.removed(&id.to_be_bytes(), id);
        }
        assert_eq!(order.counts, [RUN]);
        let place = order.seek(7).expect("an entry");
        assert_eq!(
            place,
            Place {
                key: b"",
                id: 0,
                rest: 7
            }
        );
        order.removed(b"", 0);
        assert_eq!(order.len(), u64::from(RUN) - 1);
    }

    #[test]
    fn a_clone_keeps_what_it_saw() {
        let mut order = rising(2 * RUN);
        let before = order.clone();
        for id in 0..RUN {
            order.removed(&id.to_be_bytes(), id);
        }
        assert_eq!((before.len(), order.len()), (2048, 1024));
        assert_eq!(before.seek(1024).map(|place| place.rest), Some(0));
    }
}
