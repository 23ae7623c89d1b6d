//! A set of ids.

/// How many consecutive ids share a block.
const BLOCK: u32 = 1024;
const WORDS: usize = BLOCK as usize / 64;

/// A set of ids: a bit for each of 1,024 where there is one of them, some 130 bytes a block.
#[derive(Clone, Debug, Default)]
pub struct Bits {
    /// By the number of the block, ascending.
    blocks: Vec<(u32, [u64; WORDS])>,
    len: u64,
}

impl Bits {
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
        let index = self
            .blocks
            .binary_search_by_key(&number, |&(number, _)| number);
        index.ok().map(|index| &self.blocks[index].1)
    }
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
        let mut bits = Bits::default();
        for id in ids {
            bits.push(id);
        }
        assert_eq!(bits.len(), 5);
        assert!(ids.iter().all(|&id| bits.contains(id)));
        for id in [0, 4, 6, 1025, 5000, 89_999, 90_001, u32::MAX] {
            assert!(!bits.contains(id), "{id}");
        }
        assert!(Bits::default().is_empty() && !Bits::default().contains(0));
    }
}
