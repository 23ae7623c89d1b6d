//! A list that only retains its newest items. Crates for ring buffers renumber the items when the
//! oldest is dropped.

use std::{collections::VecDeque, ops::Range};

use super::format::group_digits;

pub const CAPACITY: usize = 500;

/// Retains the last [`CAPACITY`] items. Each item has an index that is never reused, even after
/// [`RingBuffer::clear`], so that views can use it as a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RingBuffer<T> {
    /// The index of the first item pushed since the last [`RingBuffer::clear`].
    base: usize,
    /// The number of items dropped since then.
    dropped: usize,
    items: VecDeque<T>,
}

impl<T> Default for RingBuffer<T> {
    fn default() -> Self {
        Self {
            base: 0,
            dropped: 0,
            items: VecDeque::new(),
        }
    }
}

impl<T> RingBuffer<T> {
    /// Appends an item; drops the oldest one if the buffer is full.
    pub fn push(&mut self, item: T) {
        if self.items.len() == CAPACITY {
            self.items.pop_front();
            self.dropped += 1;
        }
        self.items.push_back(item);
    }

    pub fn clear(&mut self) {
        self.base = self.indices().end;
        self.dropped = 0;
        self.items.clear();
    }

    pub fn get(&self, index: usize) -> Option<&T> {
        self.items.get(index.checked_sub(self.indices().start)?)
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.items.iter()
    }

    /// The indices of the retained items.
    pub fn indices(&self) -> Range<usize> {
        let start = self.base + self.dropped;
        start..start + self.items.len()
    }

    /// A note on how many items were dropped; empty if none were.
    pub fn dropped_note(&self) -> String {
        if self.dropped == 0 {
            return String::new();
        }
        String::from("Showing the last 500. Earlier entries dropped: ")
            + &group_digits(self.dropped as u64)
            + "."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_items_keep_their_indices() {
        let mut buffer = RingBuffer::default();
        assert_eq!(buffer.indices(), 0..0);
        for number in 0..=CAPACITY {
            assert_eq!(buffer.dropped_note(), "");
            buffer.push(number);
        }
        buffer.push(CAPACITY + 1);
        assert_eq!(buffer.indices(), 2..CAPACITY + 2);
        assert_eq!(buffer.get(1), None);
        assert_eq!(buffer.get(2), Some(&2));
        assert_eq!(buffer.get(CAPACITY + 1), Some(&(CAPACITY + 1)));
        assert_eq!(buffer.get(CAPACITY + 2), None);
        assert_eq!(buffer.iter().count(), CAPACITY);
    }

    #[test]
    fn indices_are_not_reused_after_a_clear() {
        let mut buffer = RingBuffer::default();
        for number in 0..CAPACITY + 2 {
            buffer.push(number);
        }
        buffer.clear();
        assert_eq!(buffer.indices(), CAPACITY + 2..CAPACITY + 2);
        assert_eq!(buffer.dropped_note(), "");
        buffer.push(7);
        assert_eq!(buffer.indices(), CAPACITY + 2..CAPACITY + 3);
        assert_eq!(buffer.get(CAPACITY + 2), Some(&7));
        assert_eq!(buffer.get(CAPACITY + 1), None);
    }

    #[test]
    fn the_note_states_the_capacity_and_how_many_were_dropped() {
        let mut buffer = RingBuffer::default();
        for _ in 0..CAPACITY + 1_234 {
            buffer.push(());
        }
        assert_eq!(
            buffer.dropped_note(),
            "Showing the last 500. Earlier entries dropped: 1,234."
        );
        assert!(buffer.dropped_note().contains(&CAPACITY.to_string()));
    }
}
