//! The texts of all users, and how they change.

use std::sync::Arc;

use crate::block::Block;

/// The folded name and email of each user, by id.
///
/// Cloning is shallow: a clone costs a count, and keeps what it saw. The first change of a block that
/// a clone still has copies that block (some 16 kB) and the list of blocks (16 bytes each); others
/// cost no copy.
#[derive(Clone, Debug, Default)]
pub struct TextIndex {
    /// Blocks that have a user, by the id of their first line. A list: it is walked at each search,
    /// and changes in its middle are rare.
    blocks: Arc<Vec<(u32, Arc<Block>)>>,
    revision: u64,
}

impl TextIndex {
    /// Nobody, at revision 0.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a user's [`fold()`](crate::fold())ed name and email in the place of what the id had. Fastest
    /// for ids that rise: nothing is moved then but the last block, as it grows.
    pub fn set(&mut self, id: u32, name: &str, email: &str) {
        let near = self.near(id);
        let blocks = Arc::make_mut(&mut self.blocks);
        let near = near.filter(|&index| {
            let (first, block) = &blocks[index];
            block.takes(id - first, name, email)
        });
        let index = near.unwrap_or_else(|| {
            let index = blocks.partition_point(|(first, _)| *first < id);
            if let Some((_, full)) = index.checked_sub(1).and_then(|last| blocks.get_mut(last))
                && full.has_room()
            {
                Arc::make_mut(full).shrink();
            }
            blocks.insert(index, (id, Arc::default()));
            index
        });
        let (first, block) = &mut blocks[index];
        let first = *first;
        let block = Arc::make_mut(block);
        block.set(id - first, name, email);
        if let Some((slot, half)) = block.split() {
            blocks.insert(index + 1, (first + slot, Arc::new(half)));
        }
    }

    /// Takes away what an id has.
    pub fn clear(&mut self, id: u32) {
        let Some(index) = self.near(id) else {
            return;
        };
        let blocks = Arc::make_mut(&mut self.blocks);
        let (first, block) = &mut blocks[index];
        let block = Arc::make_mut(block);
        block.clear(id - *first);
        if block.is_empty() {
            blocks.remove(index);
        }
    }

    /// The revision of the directory that these texts are those of.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Says which revision the texts are those of, after its changes were made.
    pub fn set_revision(&mut self, revision: u64) {
        self.revision = revision;
    }

    /// The texts as they are now, whatever changes later: what [`Clone`] does, by its name.
    #[must_use]
    pub fn snapshot(&self) -> Self {
        self.clone()
    }

    /// The blocks that have a user, ascending, with the id of the first line.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (u32, &str)> {
        self.blocks_from(0)
    }

    /// One part of [`TextIndex::blocks`], the first being 0, of so many alike.
    pub(crate) fn blocks_of(&self, part: usize, of: usize) -> impl Iterator<Item = (u32, &str)> {
        let all = self.blocks.len();
        let at = |part: usize| (all * part / of.max(1)).min(all);
        self.blocks[at(part)..at(part + 1)]
            .iter()
            .map(|(first, block)| (*first, block.text()))
    }

    /// [`TextIndex::blocks`] from the one on that has `id`, or what follows it.
    pub(crate) fn blocks_from(&self, id: u32) -> impl Iterator<Item = (u32, &str)> {
        self.blocks[self.near(id).unwrap_or(0)..]
            .iter()
            .map(|(first, block)| (*first, block.text()))
    }

    /// The last block that does not begin behind `id`: if it has a line, then there.
    fn near(&self, id: u32) -> Option<usize> {
        self.blocks
            .partition_point(|(first, _)| *first <= id)
            .checked_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(texts: &TextIndex) -> Vec<(u32, String)> {
        texts
            .blocks()
            .map(|(id, text)| (id, text.to_owned()))
            .collect()
    }

    #[test]
    fn a_snapshot_keeps_what_it_saw() {
        let mut texts = TextIndex::new();
        texts.set(1, "ada", "a@x");
        texts.set_revision(7);
        let before = texts.snapshot();
        texts.set(1, "bo", "b@x");
        texts.set(5000, "cy", "c@x");
        texts.set_revision(8);
        assert_eq!(rows(&before), [(1, "\nada\ta@x".to_owned())]);
        assert_eq!((before.revision(), texts.revision()), (7, 8));
        assert_eq!(rows(&texts).len(), 2);
    }

    #[test]
    fn ids_may_lie_far_apart_and_come_in_any_order() {
        let mut texts = TextIndex::new();
        for id in [2_147_483_647, 3, 1_000_000] {
            texts.set(id, "ada", "a@x");
        }
        let firsts: Vec<u32> = texts.blocks().map(|(first, _)| first).collect();
        assert_eq!(firsts, [3, 1_000_000, 2_147_483_647]);
        assert_eq!(texts.blocks_from(1_000_000).count(), 2);
    }

    #[test]
    fn a_block_goes_with_its_last_user() {
        let mut texts = TextIndex::new();
        texts.set(5000, "ada", "a@x");
        texts.clear(4999);
        texts.clear(9);
        texts.clear(5000);
        assert!(rows(&texts).is_empty());
    }
}
