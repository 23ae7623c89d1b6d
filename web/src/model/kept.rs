//! The last of many.

use std::{collections::VecDeque, ops::Range};

/// How many are kept.
pub const KEPT: usize = 500;

/// Things in order, of which the last [`KEPT`] are there. Each has an index that no other ever gets,
/// though all are taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept<T> {
    /// The index of the first since the last [`Kept::clear`].
    first: usize,
    /// How many went since, for want of room.
    gone: usize,
    there: VecDeque<T>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            first: 0,
            gone: 0,
            there: VecDeque::new(),
        }
    }
}

impl<T> Kept<T> {
    /// One more; the first goes where there is no room.
    pub fn push(&mut self, thing: T) {
        if self.there.len() == KEPT {
            self.there.pop_front();
            self.gone += 1;
        }
        self.there.push_back(thing);
    }

    /// Takes all away.
    pub fn clear(&mut self) {
        self.first = self.indices().end;
        self.gone = 0;
        self.there.clear();
    }

    /// The one at `index`, counted from the first that there ever was.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&T> {
        self.there.get(index.checked_sub(self.indices().start)?)
    }

    /// Those that are there.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.there.iter()
    }

    /// Where those lie that are there.
    #[must_use]
    pub fn indices(&self) -> Range<usize> {
        let start = self.first + self.gone;
        start..start + self.there.len()
    }

    /// That some are gone, in words; empty where none is.
    #[must_use]
    pub fn words(&self) -> String {
        if self.gone == 0 {
            return String::new();
        }
        let mut words = String::from("The last 500 are kept; gone before them: ");
        words.push_str(&super::number::grouped(self.gone as u64));
        words.push('.');
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_are_kept_under_their_indices() {
        let mut kept = Kept::default();
        assert_eq!(kept.indices(), 0..0);
        for number in 0..KEPT + 3 {
            assert_eq!(kept.words(), "");
            kept.push(number);
            if number >= KEPT {
                break;
            }
        }
        kept.push(KEPT + 1);
        assert_eq!(kept.indices(), 2..KEPT + 2);
        assert_eq!(kept.get(1), None);
        assert_eq!(kept.get(2), Some(&2));
        assert_eq!(kept.get(KEPT + 1), Some(&(KEPT + 1)));
        assert_eq!(kept.get(KEPT + 2), None);
        assert_eq!(kept.iter().count(), KEPT);
    }

    #[test]
    fn what_comes_after_all_were_taken_away_is_not_taken_for_them() {
        let mut kept = Kept::default();
        for number in 0..KEPT + 2 {
            kept.push(number);
        }
        kept.clear();
        assert_eq!(kept.indices(), KEPT + 2..KEPT + 2);
        assert_eq!(kept.words(), "");
        kept.push(7);
        assert_eq!(kept.indices(), KEPT + 2..KEPT + 3);
        assert_eq!(kept.get(KEPT + 2), Some(&7));
        assert_eq!(kept.get(KEPT + 1), None);
    }

    #[test]
    fn it_says_how_many_are_gone_and_how_many_are_kept() {
        let mut kept = Kept::default();
        for _ in 0..KEPT + 1_234 {
            kept.push(());
        }
        assert_eq!(
            kept.words(),
            "The last 500 are kept; gone before them: 1,234."
        );
        assert!(kept.words().contains(&KEPT.to_string()));
    }
}
