//! A set of ids.

/// How many consecutive ids share a block.
const BLOCK: u32 = 1024;
const WORDS: usize = BLOCK as usize / 64;

/// A set of ids: a bit for each of 1,024 where there is one of them, some 130 bytes a block.
#[derive(Clone, Debug, Default)]
pub struct IdSet {
    /// By the number of the block, ascending.
    blocks: Vec<(u32, [u64; WORDS])>,
    len: u64,
}

impl IdSet {
    /// How many ids are in the set.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether no id is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether an id is in the set.
    #[must_use]
    pub fn contains(&self, id: u32) -> bool {
        self.block(id / BLOCK).is_some_and(|words| {
            let (word, bit) = place(id);
            words[word] & bit != 0
        })
    }

    /// Takes in an id. Fastest for ids that rise.
    pub fn insert(&mut self, id: u32) {
        let number = id / BLOCK;
        let index = self.place(number).unwrap_or_else(|index| {
            self.blocks.insert(index, (number, [0; WORDS]));
            index
        });
        let (word, bit) = place(id);
        let word = &mut self.blocks[index].1[word];
        self.len += u64::from(*word & bit == 0);
        *word |= bit;
    }

    /// Takes out an id.
    pub fn remove(&mut self, id: u32) {
        let Ok(index) = self.place(id / BLOCK) else {
            return;
        };
        let (word, bit) = place(id);
        let words = &mut self.blocks[index].1;
        self.len -= u64::from(words[word] & bit != 0);
        words[word] &= !bit;
        if words.iter().all(|word| *word == 0) {
            self.blocks.remove(index);
        }
    }

    /// Leaves those that the other set has too.
    pub fn keep(&mut self, other: &Self) {
        self.combine(|number, words| match other.block(number) {
            Some(other) => words.iter_mut().zip(other).for_each(|(a, b)| *a &= b),
            None => *words = [0; WORDS],
        });
    }

    /// Leaves those that the other set has not.
    pub fn without(&mut self, other: &Self) {
        self.combine(|number, words| {
            if let Some(other) = other.block(number) {
                words.iter_mut().zip(other).for_each(|(a, b)| *a &= !b);
            }
        });
    }

    fn combine(&mut self, mut each: impl FnMut(u32, &mut [u64; WORDS])) {
        self.len = 0;
        self.blocks.retain_mut(|(number, words)| {
            each(*number, words);
            let left = ones(words);
            self.len += left;
            left > 0
        });
    }

    /// The first id that is not below this one.
    #[must_use]
    pub fn first_from(&self, id: u32) -> Option<u32> {
        let (from, number) = (id % BLOCK, id / BLOCK);
        let at = self.place(number).unwrap_or_else(|index| index);
        let mut blocks = self.blocks[at..].iter();
        let within = blocks.clone().next().filter(|(found, _)| *found == number);
        if let Some((_, words)) = within {
            if let Some(slot) = (from..BLOCK).find(|slot| has(words, *slot)) {
                return Some(number * BLOCK + slot);
            }
            blocks.next();
        }
        let (number, words) = blocks.next()?;
        let slot = (0..BLOCK).find(|slot| has(words, *slot))?;
        Some(number * BLOCK + slot)
    }

    /// The last id that is not above this one.
    #[must_use]
    pub fn last_to(&self, id: u32) -> Option<u32> {
        let (to, number) = (id % BLOCK, id / BLOCK);
        let at = self
            .place(number)
            .map_or_else(|index| index, |index| index + 1);
        let mut blocks = self.blocks[..at].iter().rev();
        let within = blocks.clone().next().filter(|(found, _)| *found == number);
        if let Some((_, words)) = within {
            if let Some(slot) = (0..=to).rev().find(|slot| has(words, *slot)) {
                return Some(number * BLOCK + slot);
            }
            blocks.next();
        }
        let (number, words) = blocks.next()?;
        let slot = (0..BLOCK).rev().find(|slot| has(words, *slot))?;
        Some(number * BLOCK + slot)
    }

    /// The id that has so many before it.
    #[must_use]
    pub fn nth(&self, before: u64) -> Option<u32> {
        let mut left = before;
        for (number, words) in &self.blocks {
            let here = ones(words);
            if left < here {
                let mut slots = (0..BLOCK).filter(|slot| has(words, *slot));
                let slot = slots.nth(usize::try_from(left).ok()?)?;
                return Some(number * BLOCK + slot);
            }
            left -= here;
        }
        None
    }

    /// Takes in an id that is larger than all before.
    pub(crate) fn push(&mut self, id: u32) {
        let number = id / BLOCK;
        if self.blocks.last().is_none_or(|&(last, _)| last != number) {
            self.blocks.push((number, [0; WORDS]));
        }
        if let Some((_, words)) = self.blocks.last_mut() {
            let (word, bit) = place(id);
            words[word] |= bit;
            self.len += 1;
        }
    }

    fn block(&self, number: u32) -> Option<&[u64; WORDS]> {
        // Where no block is left out, each is at its place.
        let first = self.blocks.first()?.0;
        let direct = self.blocks.get(number.checked_sub(first)? as usize);
        if let Some((_, words)) = direct.filter(|(found, _)| *found == number) {
            return Some(words);
        }
        self.place(number).ok().map(|index| &self.blocks[index].1)
    }

    fn place(&self, number: u32) -> Result<usize, usize> {
        self.blocks
            .binary_search_by_key(&number, |&(number, _)| number)
    }
}

impl FromIterator<u32> for IdSet {
    /// In any order, each as often as may be.
    fn from_iter<I: IntoIterator<Item = u32>>(ids: I) -> Self {
        let mut ids: Vec<u32> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        let mut bits = Self::default();
        for id in ids {
            bits.push(id);
        }
        bits
    }
}

fn ones(words: &[u64; WORDS]) -> u64 {
    words.iter().map(|word| u64::from(word.count_ones())).sum()
}

fn has(words: &[u64; WORDS], slot: u32) -> bool {
    let (word, bit) = place(slot);
    words[word] & bit != 0
}

fn place(id: u32) -> (usize, u64) {
    let slot = id % BLOCK;
    (slot as usize / 64, 1 << (slot % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_went_in_and_nothing_else() {
        let ids = [5, 1023, 1024, 90_000, 2_147_483_647];
        let mut bits = IdSet::default();
        for id in ids {
            bits.push(id);
        }
        assert_eq!(bits.len(), 5);
        assert!(ids.iter().all(|&id| bits.contains(id)));
        for id in [0, 4, 6, 1025, 5000, 89_999, 90_001, u32::MAX] {
            assert!(!bits.contains(id), "{id}");
        }
        assert!(IdSet::default().is_empty() && !IdSet::default().contains(0));
    }

    #[test]
    fn sets_are_cut_with_each_other() {
        let some: IdSet = [1, 5, 2_000, 9_000].into_iter().collect();
        let others: IdSet = [9_000, 5, 5, 70_000].into_iter().collect();
        let mut both = some.clone();
        both.keep(&others);
        let mut only = some.clone();
        only.without(&others);
        assert_eq!((all(&both), all(&only)), (vec![5, 9_000], vec![1, 2_000]));
        assert_eq!((both.len(), only.len()), (2, 2));
    }

    #[test]
    fn a_set_is_walked_either_way_and_entered_anywhere() {
        let ids = [3, 64, 1_023, 1_024, 5_000, 4_294_967_295];
        let mut bits: IdSet = ids.into_iter().rev().collect();
        assert_eq!(all(&bits), ids);
        for (before, id) in (0..).zip(ids) {
            assert_eq!(bits.nth(before), Some(id));
            assert_eq!(bits.first_from(id), Some(id));
            assert_eq!(bits.last_to(id), Some(id));
        }
        assert_eq!(bits.nth(6), None);
        assert_eq!((bits.last_to(2), bits.last_to(4_000)), (None, Some(1_024)));
        assert_eq!(bits.first_from(1_025), Some(5_000));
        bits.remove(5_000);
        bits.remove(5_000);
        bits.insert(7);
        bits.insert(7);
        assert_eq!(all(&bits), [3, 7, 64, 1_023, 1_024, 4_294_967_295]);
        assert_eq!(bits.len(), 6);
    }

    fn all(bits: &IdSet) -> Vec<u32> {
        let mut ids = Vec::new();
        let mut from = Some(0);
        while let Some(id) = from.and_then(|from| bits.first_from(from)) {
            ids.push(id);
            from = id.checked_add(1);
        }
        ids
    }
}
